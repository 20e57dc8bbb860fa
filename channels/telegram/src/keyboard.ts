/** Controls as an inline keyboard. Telegram has no selects: their options become buttons, one a row. */
import { type Control, SwitchboardError } from "@switchboard/domain";
import type { InlineKeyboardButton } from "grammy/types";
import type { Keyboard } from "./payload.ts";

/** Telegram's limits. */
export const BUTTONS = 100;
export const CALLBACK_BYTES = 64;
const BUTTONS_A_ROW = 8;

/** @throws MSG_008 for what Telegram would refuse. */
export function toKeyboard(rows: readonly (readonly Control[])[] | undefined): Keyboard | undefined {
  const keyboard = (rows ?? []).flatMap((row) => {
    const options = row.flatMap((control) => (control.kind === "select" ? control.options : []));
    const buttons = row.flatMap((control) => (control.kind === "select" ? [] : [toButton(control)]));
    return [...chunks(buttons, BUTTONS_A_ROW), ...options.map(({ label, value }) => [callback(label, value)])];
  });
  const count = keyboard.reduce((sum, row) => sum + row.length, 0);
  if (count > BUTTONS) {
    throw new SwitchboardError("MSG_008", `Telegram shows at most ${BUTTONS} buttons below a message, not ${count}.`);
  }
  return count === 0 ? undefined : keyboard;
}

/** The labels of selects, which their buttons do not show. */
export function selectLabels(rows: readonly (readonly Control[])[] | undefined): string[] {
  return (rows ?? []).flat().flatMap((control) => (control.kind === "select" && control.label ? [control.label] : []));
}

function toButton(control: Exclude<Control, { kind: "select" }>): InlineKeyboardButton {
  if (control.kind === "button") {
    return { ...callback(control.label, control.value), ...(control.style && { style: control.style }) };
  }
  if (!/^(https?|tg):\/\/\S+$/i.test(control.url)) {
    throw new SwitchboardError("MSG_008", `The button "${control.label}" has an address that Telegram refuses.`);
  }
  return { text: labelOf(control.label), url: control.url };
}

function callback(label: string, value: string) {
  const bytes = Buffer.byteLength(value);
  if (bytes === 0 || bytes > CALLBACK_BYTES) {
    throw new SwitchboardError(
      "MSG_008",
      `The button "${label}" has a value of ${bytes} bytes, not 1 to ${CALLBACK_BYTES}.`,
    );
  }
  return { text: labelOf(label), callback_data: value };
}

function labelOf(label: string): string {
  const clean = label.toWellFormed().trim();
  if (clean === "") throw new SwitchboardError("MSG_008", "A button needs a label.");
  return clean;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const all: T[][] = [];
  for (let at = 0; at < items.length; at += size) all.push(items.slice(at, at + size));
  return all;
}
