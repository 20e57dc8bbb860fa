/** Buttons and selects as blocks of actions. */
import type { ActionsBlock, Button as SlackButton, StaticSelect } from "@slack/types";
import { type Button, type Control, type LinkButton, type Select, SwitchboardError } from "@switchboard/domain";
import { clean } from "./inline.ts";
import { LINK_ACTION } from "./interaction.ts";
import {
  ACTIONS,
  BUTTON_LABEL,
  BUTTON_VALUE,
  BUTTONS,
  OPTION_LABEL,
  OPTION_VALUE,
  OPTIONS,
  URL_LENGTH,
} from "./limits.ts";

type Element = SlackButton | StaticSelect;

/** Most rows that are shown as rows; more are run together. */
const ROWS = 20;

/** One block a row. @throws MSG_008 for what Slack has no way to show. */
export function actionBlocks(rows: readonly (readonly Control[])[] = []): ActionsBlock[] {
  let next = 0;
  const elements = rows.map((row) => row.map((control) => toElement(control, next++))).filter((row) => row.length > 0);
  if (next > BUTTONS) {
    throw new SwitchboardError("MSG_008", `The message has ${next} controls; ${BUTTONS} are shown below one message.`);
  }
  const shown = elements.length > ROWS ? [elements.flat()] : elements;
  return shown.flatMap((row) => chunks(row)).map((row): ActionsBlock => ({ type: "actions", elements: row }));
}

function chunks(row: readonly Element[]): Element[][] {
  const all: Element[][] = [];
  for (let at = 0; at < row.length; at += ACTIONS) all.push(row.slice(at, at + ACTIONS));
  return all;
}

function toElement(control: Control, index: number): Element {
  switch (control.kind) {
    case "button":
      return button(control, index);
    case "link":
      return linkButton(control, index);
    case "select":
      return select(control, index);
  }
}

function button({ label, style, value }: Button, index: number): SlackButton {
  if (value.length > BUTTON_VALUE) throw tooLong(value.length, BUTTON_VALUE);
  return {
    type: "button",
    action_id: `button:${index}`,
    text: plainText(label, BUTTON_LABEL),
    value,
    ...(style && { style }),
  };
}

function linkButton({ label, url }: LinkButton, index: number): SlackButton {
  if (!/^https?:\/\/\S+$/i.test(url) || url.length > URL_LENGTH) {
    throw new SwitchboardError("MSG_008", "A link button needs a web address of at most 3,000 characters.");
  }
  return { type: "button", action_id: `${LINK_ACTION}:${index}`, text: plainText(label, BUTTON_LABEL), url };
}

function select({ label, options }: Select, index: number): StaticSelect {
  if (options.length === 0 || options.length > OPTIONS) {
    throw new SwitchboardError("MSG_008", `A select has ${options.length} options; Slack shows 1 to ${OPTIONS}.`);
  }
  return {
    type: "static_select",
    action_id: `select:${index}`,
    placeholder: plainText(label, 150),
    options: options.map((option) => {
      if (option.value.length > OPTION_VALUE) throw tooLong(option.value.length, OPTION_VALUE);
      return { text: plainText(option.label, OPTION_LABEL), value: option.value };
    }),
  };
}

function plainText(label: string, most: number) {
  const text = clean(label).trim();
  if (text === "") throw new SwitchboardError("MSG_008", "A button needs a label.");
  return { type: "plain_text" as const, text: shortened(text, most), emoji: true };
}

/** Cut at a whole character, with a mark that there is more. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

function tooLong(length: number, most: number): SwitchboardError {
  return new SwitchboardError("MSG_008", `The value of a control has ${length} characters; Slack takes ${most}.`);
}
