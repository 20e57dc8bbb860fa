/** What a reader sees of a message, formatting removed. */
import { plainMrkdwn } from "../../src/mrkdwn.ts";
import type { Block, Message } from "../world/message.ts";

type Node = Readonly<Record<string, unknown>>;

/** The blocks where there are any, else the text. */
export function shownText({ blocks, text }: Pick<Message, "blocks" | "text">, names: Names): string {
  if (!blocks || blocks.length === 0) return plainMrkdwn(text, names);
  return blocks
    .map((block) => blockText(block, names))
    .filter((line) => line !== "")
    .join("\n");
}

/** Of people, by id. */
export type Names = Readonly<Record<string, string>>;

export function nodes(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter((each): each is Node => typeof each === "object" && each !== null) : [];
}

function blockText(block: Block, names: Names): string {
  switch (block.type) {
    case "header":
    case "section":
      return [textObject(block.text, names), ...nodes(block.fields).map((field) => textObject(field, names))]
        .filter((line) => line !== "")
        .join("\n");
    case "context":
      return nodes(block.elements)
        .map((element) => textObject(element, names))
        .join(" ");
    case "rich_text":
      return nodes(block.elements)
        .map((element) => richText(element, names))
        .join("\n");
    case "table":
      return rows(block)
        .map((row) => row.map((cell) => cellText(cell, names)).join(" | "))
        .join("\n");
    case "divider":
      return "———";
    case "image":
      return String(block.alt_text ?? "");
    default:
      return "";
  }
}

export function rows(block: Node): Node[][] {
  return Array.isArray(block.rows) ? block.rows.map(nodes) : [];
}

export function cellText(cell: Node, names: Names): string {
  if (cell.type === "raw_text") return String(cell.text);
  return nodes(cell.elements)
    .map((element) => richText(element, names))
    .join("\n");
}

export function textObject(value: unknown, names: Names): string {
  const { text, type } = (value ?? {}) as Node;
  if (typeof text !== "string") return "";
  return type === "mrkdwn" ? plainMrkdwn(text, names) : text;
}

function richText(element: Node, names: Names): string {
  const inner = nodes(element.elements);
  switch (element.type) {
    case "rich_text_list": {
      const indent = "  ".repeat(Number(element.indent ?? 0));
      const offset = Number(element.offset ?? 0);
      return inner
        .map((item, index) => {
          const mark = element.style === "ordered" ? `${offset + index + 1}.` : "•";
          return `${indent}${mark} ${inlineText(nodes(item.elements), names)}`;
        })
        .join("\n");
    }
    default:
      return inlineText(inner, names);
  }
}

export function inlineText(elements: readonly Node[], names: Names): string {
  return elements.map((element) => leafText(element, names)).join("");
}

export function leafText(element: Node, names: Names): string {
  switch (element.type) {
    case "user":
      return `@${names[String(element.user_id)] ?? String(element.user_id)}`;
    case "channel":
      return `#${String(element.channel_id)}`;
    case "broadcast":
      return `@${String(element.range)}`;
    case "emoji":
      return `:${String(element.name)}:`;
    case "link":
      return String(element.text ?? element.url);
    default:
      return String(element.text ?? "");
  }
}
