/** Slack's rich text as Markdown: how a message was formatted by whoever wrote it. */
import { formatMarkdown } from "@switchboard/domain";
import type { BlockContent, List, ListItem, PhrasingContent, Root } from "mdast";
import { type Body, bodyOf, listOf, textOf, wordOf } from "./body.ts";
import { emojiFromCodes, emojiOf } from "./emoji.ts";

/** The rich text among a message's blocks as Markdown; `undefined` when nothing in it is formatted. */
export function richMarkdown(blocks: unknown, names: Readonly<Record<string, string>>): string | undefined {
  const elements = listOf(blocks)
    .filter(({ type }) => type === "rich_text")
    .flatMap((block) => listOf(block.elements));
  if (elements.length === 0 || !elements.some(isFormatted)) return undefined;
  const root: Root = { type: "root", children: readBlocks(elements, names) };
  const markdown = formatMarkdown(root);
  return markdown === "" ? undefined : markdown;
}

function isFormatted(element: Body): boolean {
  if (element.type !== "rich_text_section") return true;
  return listOf(element.elements).some(
    (each) =>
      (each.type === "link" && wordOf(each.text) !== undefined) || Object.values(bodyOf(each.style)).includes(true),
  );
}

function readBlocks(elements: readonly Body[], names: Readonly<Record<string, string>>): BlockContent[] {
  const blocks: BlockContent[] = [];
  for (const element of elements) {
    const inner = listOf(element.elements);
    switch (element.type) {
      case "rich_text_list":
        addList(blocks, element, names);
        break;
      case "rich_text_quote":
        blocks.push({ type: "blockquote", children: [{ type: "paragraph", children: inline(inner, names) }] });
        break;
      case "rich_text_preformatted":
        blocks.push({ type: "code", lang: wordOf(element.language) ?? null, value: inner.map(rawText).join("") });
        break;
      default: {
        const children = trimmed(inline(inner, names));
        if (children.length > 0) blocks.push({ type: "paragraph", children });
      }
    }
  }
  return blocks;
}

/** Slack writes a nested list as a list of its own with an indent; it belongs to the last item before it. */
function addList(blocks: BlockContent[], element: Body, names: Readonly<Record<string, string>>): void {
  const list: List = {
    type: "list",
    ordered: element.style === "ordered",
    spread: false,
    children: listOf(element.elements).map(
      (item): ListItem => ({
        type: "listItem",
        spread: false,
        children: [{ type: "paragraph", children: inline(listOf(item.elements), names) }],
      }),
    ),
  };
  let depth = typeof element.indent === "number" ? Math.min(element.indent, 8) : 0;
  let place: { children: BlockContent[] } = { children: blocks };
  while (depth > 0) {
    const before = place.children.at(-1);
    const item = before?.type === "list" ? before.children.at(-1) : undefined;
    if (!item) break;
    place = item as { children: BlockContent[] };
    depth -= 1;
  }
  place.children.push(list);
}

function inline(elements: readonly Body[], names: Readonly<Record<string, string>>): PhrasingContent[] {
  return elements.flatMap((element) => styled(element, leaf(element, names)));
}

function leaf(element: Body, names: Readonly<Record<string, string>>): PhrasingContent[] {
  switch (element.type) {
    case "text":
      return literal(textOf(element.text) ?? "");
    case "link": {
      const url = wordOf(element.url);
      const label = wordOf(element.text) ?? url ?? "";
      return url === undefined ? literal(label) : [{ type: "link", url, children: literal(label) }];
    }
    case "user":
      return literal(`@${names[String(element.user_id)] ?? String(element.user_id)}`);
    case "usergroup":
      return literal(`@${String(element.usergroup_id)}`);
    case "channel":
      return literal(`#${String(element.channel_id)}`);
    case "broadcast":
      return literal(`@${String(element.range)}`);
    case "emoji":
      return literal(emojiFromCodes(wordOf(element.unicode) ?? "") ?? emojiOf(String(element.name)));
    case "date":
      return literal(wordOf(element.fallback) ?? String(element.timestamp));
    default:
      return literal(wordOf(element.text) ?? wordOf(element.value) ?? "");
  }
}

function styled(element: Body, nodes: PhrasingContent[]): PhrasingContent[] {
  const { bold, code, italic, strike } = bodyOf(element.style);
  if (nodes.length === 0) return nodes;
  if (code === true && element.type === "text") return [{ type: "inlineCode", value: textOf(element.text) ?? "" }];
  const text = textOf(element.text) ?? "x";
  // Markdown wants its marks tight around words.
  if (text.trim() === "" || text.trim() !== text) return nodes;
  let styledNodes = nodes;
  if (strike === true) styledNodes = [{ type: "delete", children: styledNodes }];
  if (italic === true) styledNodes = [{ type: "emphasis", children: styledNodes }];
  if (bold === true) styledNodes = [{ type: "strong", children: styledNodes }];
  return styledNodes;
}

function rawText(element: Body): string {
  return textOf(element.text) ?? textOf(element.url) ?? "";
}

function literal(value: string): PhrasingContent[] {
  return value === "" ? [] : [{ type: "text", value }];
}

/** Sections end with a line break before a list or quote. */
function trimmed(nodes: PhrasingContent[]): PhrasingContent[] {
  const last = nodes.at(-1);
  if (last?.type !== "text") return nodes;
  let end = last.value.length;
  while (end > 0 && last.value[end - 1] === "\n") end -= 1;
  const value = last.value.slice(0, end);
  return value === "" ? trimmed(nodes.slice(0, -1)) : nodes.with(-1, { ...last, value });
}
