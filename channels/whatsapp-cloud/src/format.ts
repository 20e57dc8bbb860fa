/**
 * Markdown (mdast) in WhatsApp's own markup: https://faq.whatsapp.com/539178204879377
 * `*bold*`, `_italic_`, `~strike~`, a backtick for code and three for blocks, `> ` quotes, `- ` and `1. ` lists. It has
 * no escapes: a mark that would be read as one gets an invisible space behind it.
 */

import { drawTable, simplify } from "@switchboard/channel-kit/markdown";
import { notTooDeep } from "@switchboard/channel-kit/parts";
import { SwitchboardError, splitRoot } from "@switchboard/domain";
import type { List, PhrasingContent, Root, RootContent } from "mdast";

/** Characters of a text: https://developers.facebook.com/docs/whatsapp/cloud-api/messages/text-messages */
export const MESSAGE_LENGTH = 4096;
/** Goes before a text that the reader may have seen already; every text leaves room for it. */
export const DUPLICATE_NOTE = "↻ Perhaps a repeat:\n";
/** What a split may be off by, because marks depend on their neighbours. */
const TOLERANCE = 32;
const ROOM = MESSAGE_LENGTH - DUPLICATE_NOTE.length - TOLERANCE;

const RULE = "─".repeat(12);
const BREAK = "\u200b";

/** Something one can see: not only white space and invisible characters. */
const visible = /[^\s\p{Default_Ignorable_Code_Point}]/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const word = /[\p{L}\p{N}]/u;

/** The document's texts in order, each within the limit; none when there is nothing to see. @throws MSG_003, MSG_008. */
export function splitFormatted(root: Root, room = ROOM): string[] {
  // The same blocks are measured again and again while a piece grows.
  const known = new WeakMap<RootContent, string>();
  const write = ({ children }: Root): string =>
    joined(
      children.map((block) => remembered(known, block)),
      "\n\n",
    );
  return notTooDeep(() =>
    splitRoot(simplify(root), { max: room, measure: (piece) => write(piece).length })
      .map(write)
      .filter((text) => visible.test(text))
      .map((text) => {
        if (text.length <= room + TOLERANCE) return text;
        throw new SwitchboardError("MSG_003", `A part of ${text.length} characters cannot be split for WhatsApp.`);
      }),
  );
}

function remembered(known: WeakMap<RootContent, string>, block: RootContent): string {
  const text = known.get(block) ?? formatBlock(block);
  known.set(block, text);
  return text;
}

/** The document as one text, if it fits into `room` characters. An empty one is an empty text. */
export function formatWithin(root: Root, room: number): string | undefined {
  const text = notTooDeep(() => formatBlocks(simplify(root).children, "\n\n"));
  if (text.length > room) return undefined;
  return visible.test(text) ? text : "";
}

function formatBlocks(blocks: readonly RootContent[], gap: string): string {
  return joined(blocks.map(formatBlock), gap);
}

function joined(texts: readonly string[], gap: string): string {
  return texts.filter((text) => text !== "").join(gap);
}

function formatBlock(block: RootContent): string {
  switch (block.type) {
    case "paragraph":
      return formatInline(block.children, "");
    case "heading":
      return marked("*", formatInline(block.children, "*"));
    case "code":
      return fenced(block.value);
    case "table":
      return fenced(drawTable(block));
    case "blockquote":
      return quoted(formatBlocks(block.children, "\n\n"));
    case "list":
      return formatList(block);
    case "thematicBreak":
      return RULE;
    case "html":
      return literal(block.value);
    default:
      return "children" in block
        ? formatBlocks(block.children as RootContent[], "\n")
        : formatInline([block as PhrasingContent], "");
  }
}

/** Without line breaks at its ends: WhatsApp would show them. */
function fenced(value: string): string {
  const lines = clean(value).split("\n");
  const first = lines.findIndex((line) => line !== "");
  const text = lines.slice(first, lines.findLastIndex((line) => line !== "") + 1).join("\n");
  const inner = text.replace(/`{3,}/g, (backticks) => [...backticks].join(BREAK));
  const [before, after] = [inner.startsWith("`") ? BREAK : "", inner.endsWith("`") ? BREAK : ""];
  return inner === "" ? "" : `\`\`\`${before}${inner}${after}\`\`\``;
}

/** Quotes do not nest: inner ones are part of the outer. */
function quoted(text: string): string {
  if (text === "") return "";
  return text
    .split("\n")
    .map((line) => (line.startsWith("> ") ? line : `> ${line}`))
    .join("\n");
}

function formatList(list: List): string {
  return list.children
    .map((item, index) => {
      const marker = list.ordered ? `${(list.start ?? 1) + index}.` : "-";
      const box = item.checked === true ? "☑ " : item.checked === false ? "☐ " : "";
      const [first = "", ...others] = formatBlocks(item.children, "\n").split("\n");
      return [`${marker} ${box}${first}`, ...others.map((line) => (line === "" ? "" : `  ${line}`))].join("\n");
    })
    .join("\n");
}

interface Piece {
  readonly text: string;
  /** The mark around it, if there is one. */
  readonly mark?: string;
}

/** `open` holds the marks that are around it already: none is written twice. */
function formatInline(nodes: readonly PhrasingContent[], open: string): string {
  const pieces = nodes.flatMap((node) => inlinePieces(node, open));
  let text = "";
  pieces.forEach((piece, index) => {
    const { mark } = piece;
    // Inside a word a mark is shown, not read.
    const inWord = word.test(text.at(-1) ?? "") || word.test(pieces[index + 1]?.text[0] ?? "");
    text += mark === undefined || inWord ? piece.text : marked(mark, piece.text);
  });
  return text;
}

function inlinePieces(node: PhrasingContent, open: string): Piece[] {
  switch (node.type) {
    case "text":
      return [{ text: literal(node.value) }];
    case "strong":
      return styled("*", node.children, open);
    case "emphasis":
      return styled("_", node.children, open);
    case "delete":
      return styled("~", node.children, open);
    case "inlineCode": {
      const value = clean(node.value);
      return [value.includes("`") ? { text: literal(value) } : { text: value, mark: "`" }];
    }
    case "break":
      return [{ text: "\n" }];
    case "html":
      return [{ text: /^<br\s*\/?>$/i.test(node.value) ? "\n" : literal(node.value) }];
    case "link":
      return [{ text: formatLink(node.url, node.children, open) }];
    default:
      if ("children" in node) return [{ text: formatInline((node as { children: PhrasingContent[] }).children, open) }];
      return "value" in node ? [{ text: literal((node as { value: string }).value) }] : [];
  }
}

function styled(mark: string, children: readonly PhrasingContent[], open: string): Piece[] {
  const text = formatInline(children, open + mark);
  return [open.includes(mark) ? { text } : { text, mark }];
}

function formatLink(url: string, children: readonly PhrasingContent[], open: string): string {
  const text = formatInline(children, open);
  const address = clean(url).replace(/^mailto:/, "");
  const [only] = children;
  const bare = children.length === 1 && only?.type === "text" ? only.value : undefined;
  if (address === "" || bare === url || bare === address || url === `http://${bare}`) return text;
  return text === "" ? address : `${text} (${address})`;
}

/** Marks reach no further than a line, and stand directly at what they mark. */
function marked(mark: string, text: string): string {
  return text
    .split("\n")
    .map((line) => {
      const inner = line.trim();
      if (inner === "") return line;
      const start = line.length - line.trimStart().length;
      return `${line.slice(0, start)}${mark}${inner}${mark}${line.slice(start + inner.length)}`;
    })
    .join("\n");
}

function literal(value: string): string {
  return clean(value).replace(/(?<![\p{L}\p{N}])([*_~`]+)(?=\S)/gu, (marks) => [...marks].join(BREAK) + BREAK);
}

function clean(value: string): string {
  return value.replaceAll("\r\n", "\n").replace(controls, "").toWellFormed();
}
