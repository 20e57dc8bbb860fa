/**
 * Controls as WhatsApp has them: up to three reply buttons, else a list of up to ten rows, else several lists; or one
 * link button. Links beside buttons stand in the text.
 * https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-messages#interactive-messages
 */
import { type Control, graphemes, SwitchboardError } from "@switchboard/domain";

export const ROWS = 10;
/** Bytes of a row's id; a button's may have 256. */
export const VALUE_BYTES = 200;
const BUTTONS = 3;
const BUTTON_TITLE = 20;
const ROW_TITLE = 24;
const ROW_DESCRIPTION = 72;
const LIST_BUTTON = 20;

export interface Choice {
  readonly id: string;
  readonly title: string;
  /** The whole label, when it is longer than a title. */
  readonly description?: string;
}

export type Interactive =
  | { readonly kind: "buttons"; readonly buttons: readonly Choice[] }
  | { readonly kind: "list"; readonly button: string; readonly rows: readonly Choice[] }
  | { readonly kind: "link"; readonly label: string; readonly url: string };

export interface Controls {
  /** Each goes with a text of its own; none when there is nothing to choose. */
  readonly interactives: readonly Interactive[];
  /** Lines for the text: links that have no button, names of selects. */
  readonly lines: readonly string[];
}

/** @throws MSG_008 for what WhatsApp would refuse. */
export function toControls(rows: readonly (readonly Control[])[] | undefined): Controls {
  const controls = (rows ?? []).flat();
  const links = controls.filter((control) => control.kind === "link");
  const selects = controls.filter((control) => control.kind === "select");
  const options = controls.flatMap((control) =>
    control.kind === "button" ? [control] : control.kind === "select" ? control.options : [],
  );
  const [link] = links;
  if (options.length === 0 && link && links.length === 1 && cut(link.label, BUTTON_TITLE) === link.label.trim()) {
    return { interactives: [{ kind: "link", label: labelOf(link.label), url: addressOf(link) }], lines: [] };
  }
  const interactives = choose(options, selects[0]?.label);
  // The name of the only select stands on the list's button.
  const shown = selects.length === 1 && interactives[0]?.kind === "list" ? interactives[0].button : "";
  return {
    interactives,
    lines: [
      ...links.map((each) => `${labelOf(each.label)}: ${addressOf(each)}`),
      ...selects.map(({ label }) => label.trim()).filter((label) => label !== "" && label !== shown),
    ],
  };
}

function choose(options: readonly { readonly label: string; readonly value: string }[], name = ""): Interactive[] {
  if (options.length === 0) return [];
  const labels = options.map(({ label }) => labelOf(label));
  const asButtons = unique(labels, BUTTON_TITLE);
  if (options.length <= BUTTONS && labels.every((label) => label.length <= BUTTON_TITLE)) {
    return [
      { kind: "buttons", buttons: options.map(({ value }, at) => ({ id: idOf(value), title: asButtons[at] ?? "" })) },
    ];
  }
  const titles = unique(labels, ROW_TITLE);
  const choices = options.map(({ value }, at): Choice => {
    const label = labels[at] ?? "";
    const title = titles[at] ?? "";
    return { id: idOf(value), title, ...(label.length > ROW_TITLE && { description: cut(label, ROW_DESCRIPTION) }) };
  });
  const button = cut(name.trim(), LIST_BUTTON) || "Choose";
  const lists: Interactive[] = [];
  for (let at = 0; at < choices.length; at += ROWS) {
    lists.push({ kind: "list", button, rows: choices.slice(at, at + ROWS) });
  }
  return lists;
}

/** WhatsApp refuses two with one title. */
function unique(labels: readonly string[], most: number): string[] {
  const seen = new Set<string>();
  return labels.map((label) => {
    let title = cut(label, most);
    for (let number = 2; seen.has(title); number++) title = `${cut(label, most - 4)} ${number}`;
    seen.add(title);
    return title;
  });
}

function idOf(value: string): string {
  const bytes = Buffer.byteLength(value);
  if (bytes > 0 && bytes <= VALUE_BYTES) return value;
  throw new SwitchboardError("MSG_008", `A choice has a value of ${bytes} bytes, not 1 to ${VALUE_BYTES}.`);
}

function labelOf(label: string): string {
  const clean = label.toWellFormed().trim();
  if (clean === "") throw new SwitchboardError("MSG_008", "A button needs a label.");
  return clean;
}

function addressOf({ label, url }: { readonly label: string; readonly url: string }): string {
  if (/^https?:\/\/\S+$/i.test(url)) return url;
  throw new SwitchboardError("MSG_008", `The button "${label}" has an address that WhatsApp refuses.`);
}

/** At most `most` UTF-16 units, cut between whole characters, with an ellipsis when something is missing. */
function cut(label: string, most: number): string {
  const clean = label.toWellFormed().trim();
  if (clean.length <= most) return clean;
  let kept = "";
  for (const { segment } of graphemes(clean)) {
    if (kept.length + segment.length > most - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}
