/**
 * Buttons in words, for platforms that have none (`controls.buttons: 0`): people answer with a number. Channels render
 * what `spellOut` writes; core knows by `choicesOf` what a number stands for.
 */
import type { List, Paragraph, PhrasingContent } from "mdast";
import type { Control, OutboundContent } from "./content.ts";

/** Something that can be chosen; its number is its place in the list, from 1. */
export interface Choice {
  readonly label: string;
  /** What comes back. */
  readonly value: string;
}

/** So many short choices are told in one sentence. */
const IN_A_SENTENCE = 3;
const SENTENCE_LABEL = 24;

/** Every button and every option, in reading order. */
export function choicesOf(content: OutboundContent): Choice[] {
  return (content.controls ?? []).flat().flatMap((control) => choicesIn(control));
}

/** The same content with its controls as text below the body, and none left. */
export function spellOut(content: OutboundContent): OutboundContent {
  const { controls, ...rest } = content;
  if (!controls?.length) return content;
  const blocks = [...choiceBlocks(controls.flat()), ...controls.flat().flatMap(linkBlock)];
  return { ...rest, body: { type: "root", children: [...content.body.children, ...blocks] } };
}

function choicesIn(control: Control): Choice[] {
  if (control.kind === "link") return [];
  if (control.kind === "button") return [{ label: control.label, value: control.value }];
  return control.options.map(({ label, value }) => ({ label, value }));
}

function choiceBlocks(controls: readonly Control[]): (Paragraph | List)[] {
  const buttons = controls.filter((control) => control.kind !== "link");
  const choices = buttons.flatMap(choicesIn);
  if (choices.length === 0) return [];
  const isShort = choices.length <= IN_A_SENTENCE && choices.every(({ label }) => label.length <= SENTENCE_LABEL);
  if (isShort && buttons.every(({ kind }) => kind === "button")) {
    return [paragraph(`Reply ${choices.map(({ label }, index) => `${index + 1} for ${label}`).join(", ")}.`)];
  }
  return [paragraph("Reply with a number:"), ...lists(buttons)];
}

/** One list, with the name of a select before its options. */
function lists(controls: readonly Control[]): (Paragraph | List)[] {
  const blocks: (Paragraph | List)[] = [];
  let start = 1;
  for (const control of controls) {
    const labels = choicesIn(control).map(({ label }) => label);
    const last = blocks.at(-1);
    if (control.kind === "select") blocks.push(paragraph(`${control.label}:`), list(start, labels));
    else if (last?.type === "list") last.children.push(...list(start, labels).children);
    else blocks.push(list(start, labels));
    start += labels.length;
  }
  return blocks;
}

function linkBlock(control: Control): Paragraph[] {
  if (control.kind !== "link") return [];
  const { label, url } = control;
  return [{ type: "paragraph", children: [{ type: "link", url, children: [text(label)] }] }];
}

function list(start: number, labels: readonly string[]): List {
  return {
    type: "list",
    ordered: true,
    start,
    spread: false,
    children: labels.map((label) => ({ type: "listItem", spread: false, children: [paragraph(label)] })),
  };
}

function paragraph(value: string): Paragraph {
  return { type: "paragraph", children: [text(value)] };
}

function text(value: string): PhrasingContent {
  return { type: "text", value };
}
