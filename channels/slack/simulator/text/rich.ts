/** Messages as the pane shows them. */
import type { RichElement, RichNode } from "@switchboard/simulator-kit";
import { plainMrkdwn } from "../../src/mrkdwn.ts";
import type { Block, Message } from "../world/message.ts";
import { cellText, leafText, type Names, nodes, rows, textObject } from "./plain.ts";

type Node = Readonly<Record<string, unknown>>;

export function richMessage({ blocks, text }: Pick<Message, "blocks" | "text">, names: Names): RichNode[] {
  if (!blocks || blocks.length === 0) return mrkdwn(text, names);
  return blocks.flatMap((block) => richBlock(block, names));
}

function richBlock(block: Block, names: Names): RichNode[] {
  switch (block.type) {
    case "header":
      return [{ is: "heading", children: [textObject(block.text, names)] }];
    case "section":
      return [
        ...(block.text === undefined ? [] : [paragraph(textNodes(block.text, names))]),
        ...nodes(block.fields).map((field) => paragraph(textNodes(field, names))),
      ];
    case "context":
      return [{ is: "small", children: nodes(block.elements).flatMap((element) => textNodes(element, names)) }];
    case "rich_text":
      return lists(nodes(block.elements), names);
    case "table":
      return [
        {
          is: "table",
          children: rows(block).map((row) => ({
            is: "row",
            children: row.map((cell) => ({ is: "cell", children: cellNodes(cell, names) })),
          })),
        },
      ];
    case "divider":
      return [{ is: "rule" }];
    case "image":
      return [{ is: "link", url: String(block.image_url ?? ""), children: [String(block.alt_text ?? "picture")] }];
    default:
      return [];
  }
}

function cellNodes(cell: Node, names: Names): RichNode[] {
  if (cell.type === "raw_text") return [cellText(cell, names)];
  return nodes(cell.elements).flatMap((section) => inline(nodes(section.elements), names));
}

function textNodes(value: unknown, names: Names): RichNode[] {
  const { text, type } = (value ?? {}) as Node;
  if (typeof text !== "string") return [];
  return type === "mrkdwn" ? mrkdwn(text, names) : [text];
}

/** Slack's markup, as far as it goes on one line. */
export function mrkdwn(text: string, names: Names): RichNode[] {
  const pattern = /(```[\s\S]+?```|`[^`\n]+`|\*[^*\n]+\*|_[^_\n]+_|~[^~\n]+~|<https?:[^>\n]+>)/g;
  return text
    .split(pattern)
    .filter((piece) => piece !== "")
    .map((piece): RichNode => marked(piece, names));
}

function marked(piece: string, names: Names): RichNode {
  const inside = (marks: number) => [plainMrkdwn(piece.slice(marks, -marks), names)];
  if (/^```[\s\S]+```$/.test(piece)) return { is: "pre", children: inside(3) };
  if (/^`[^`]+`$/.test(piece)) return { is: "code", children: inside(1) };
  if (/^\*[^*]+\*$/.test(piece)) return { is: "bold", children: inside(1) };
  if (/^_[^_]+_$/.test(piece)) return { is: "italic", children: inside(1) };
  if (/^~[^~]+~$/.test(piece)) return { is: "strike", children: inside(1) };
  const [, url, label] = /^<(https?:[^|>]+)(?:\|([^>]*))?>$/.exec(piece) ?? [];
  if (url !== undefined)
    return { is: "link", url: plainMrkdwn(url, names), children: [plainMrkdwn(label ?? url, names)] };
  return plainMrkdwn(piece, names);
}

/** Slack writes nested lists one after another with an indent. */
function lists(elements: readonly Node[], names: Names): RichNode[] {
  const shown: RichElement[] = [];
  for (const element of elements) {
    const inner = nodes(element.elements);
    if (element.type !== "rich_text_list") {
      shown.push(richPart(element, inner, names));
      continue;
    }
    const items = inner.map((item): RichElement => ({ is: "item", children: inline(nodes(item.elements), names) }));
    const list: RichElement = { is: element.style === "ordered" ? "numbered" : "list", children: items };
    place(shown, list, Number(element.indent ?? 0));
  }
  return shown;
}

function place(shown: RichElement[], list: RichElement, indent: number): void {
  const last = shown.at(-1);
  const item = indent > 0 && (last?.is === "list" || last?.is === "numbered") ? last.children?.at(-1) : undefined;
  if (typeof item !== "object") {
    shown.push(list);
    return;
  }
  const children = [...(item.children ?? [])];
  const inner = children.filter((child): child is RichElement => typeof child === "object");
  const before = children.filter((child) => typeof child === "string");
  const others = inner.filter(({ is }) => is !== "list" && is !== "numbered");
  const nested = inner.filter(({ is }) => is === "list" || is === "numbered");
  place(nested, list, indent - 1);
  Object.assign(item, { children: [...before, ...others, ...nested] });
}

function richPart(element: Node, inner: readonly Node[], names: Names): RichElement {
  if (element.type === "rich_text_preformatted") {
    return { is: "pre", children: [inner.map((each) => leafText(each, names)).join("")] };
  }
  const children = inline(inner, names);
  return element.type === "rich_text_quote" ? { is: "quote", children } : { is: "paragraph", children };
}

function inline(elements: readonly Node[], names: Names): RichNode[] {
  return elements.map((element) => {
    const text = leafText(element, names);
    const style = (element.style ?? {}) as Node;
    let node: RichNode = text;
    if (element.type === "link") node = { is: "link", url: String(element.url), children: [text] };
    else if (element.type === "user" || element.type === "channel" || element.type === "broadcast") {
      node = { is: "mention", children: [text] };
    }
    if (style.code === true) node = { is: "code", children: [node] };
    if (style.strike === true) node = { is: "strike", children: [node] };
    if (style.italic === true) node = { is: "italic", children: [node] };
    if (style.bold === true) node = { is: "bold", children: [node] };
    return node;
  });
}

function paragraph(children: readonly RichNode[]): RichElement {
  return { is: "paragraph", children };
}
