/** Markdown (mdast) as blocks. */
import type { KnownBlock, RichTextBlock, RichTextElement } from "@slack/types";
import { drawTable } from "@switchboard/channel-kit/markdown";
import type { Blockquote, Code, List, ListItem, PhrasingContent, Root, RootContent } from "mdast";
import { clean, inlineElements, plain, textElements } from "./inline.ts";
import { HEADER, LIST_INDENT } from "./limits.ts";
import { fitsTable, tableBlock } from "./native-table.ts";

type RichPart = RichTextBlock["elements"][number];

/** The document as blocks. Its first table that fits is Slack's own; more than one Slack refuses. */
export function toBlocks(root: Root): KnownBlock[] {
  const blocks: KnownBlock[] = [];
  let rich: RichPart[] = [];
  let hasTable = false;
  const flush = () => {
    if (rich.length > 0) blocks.push({ type: "rich_text", elements: rich });
    rich = [];
  };
  for (const node of root.children) {
    const header = headerText(node);
    if (header !== undefined) {
      flush();
      blocks.push({ type: "header", text: { type: "plain_text", text: header, emoji: false } });
    } else if (node.type === "thematicBreak") {
      flush();
      blocks.push({ type: "divider" });
    } else if (node.type === "table" && !hasTable && fitsTable(node)) {
      flush();
      blocks.push(tableBlock(node));
      hasTable = true;
    } else {
      writeBlock(rich, node, 0);
    }
  }
  flush();
  return blocks;
}

/** A heading that Slack's header takes: short, on one line, of plain words. */
function headerText(node: RootContent): string | undefined {
  if (node.type !== "heading" || node.depth > 2) return undefined;
  const text = clean(plain(node.children)).trim();
  const isPlain = node.children.every(({ type }) => type === "text");
  return isPlain && text !== "" && text.length <= HEADER && !text.includes("\n") ? text : undefined;
}

function writeBlock(rich: RichPart[], node: RootContent, indent: number): void {
  switch (node.type) {
    case "paragraph":
      section(rich, inlineElements(node.children));
      break;
    case "heading":
      section(rich, inlineElements(node.children, { bold: true }));
      break;
    case "code":
      preformatted(rich, node);
      break;
    case "table":
      preformatted(rich, { type: "code", value: drawTable(node) });
      break;
    case "blockquote":
      quote(rich, node);
      break;
    case "list":
      list(rich, node, indent);
      break;
    case "thematicBreak":
      section(rich, textElements("─".repeat(12), {}));
      break;
    case "html":
      section(rich, textElements(node.value, {}));
      break;
    default:
      if ("children" in node) for (const child of node.children) writeBlock(rich, child as RootContent, indent);
      else section(rich, inlineElements([node as PhrasingContent]));
  }
}

/** Paragraphs stand apart by an empty line, which Slack only makes of line breaks. */
function section(rich: RichPart[], elements: RichTextElement[]): void {
  if (elements.length === 0) return;
  const last = rich.at(-1);
  if (last?.type === "rich_text_section") last.elements.push({ type: "text", text: "\n\n" }, ...elements);
  else rich.push({ type: "rich_text_section", elements });
}

function preformatted(rich: RichPart[], { value }: Pick<Code, "type" | "value">): void {
  const elements = textElements(value === "" ? " " : value, {}) as { type: "text"; text: string }[];
  rich.push({ type: "rich_text_preformatted", elements });
}

/** A quote holds lines only: what is inside is written out. */
function quote(rich: RichPart[], node: Blockquote): void {
  const elements = lines(node.children, "");
  if (elements.length > 0) rich.push({ type: "rich_text_quote", elements });
}

function lines(nodes: readonly RootContent[], prefix: string): RichTextElement[] {
  return nodes.flatMap((node, index) => [
    ...(index > 0 ? textElements(`\n${prefix}`, {}) : []),
    ...line(node, prefix.length < 32 ? prefix : prefix.slice(0, 32)),
  ]);
}

function line(node: RootContent, prefix: string): RichTextElement[] {
  switch (node.type) {
    case "paragraph":
      return inlineElements(node.children);
    case "heading":
      return inlineElements(node.children, { bold: true });
    case "code":
      return textElements(node.value, { code: true });
    case "table":
      return textElements(drawTable(node), { code: true });
    case "blockquote":
      return [...textElements("> ", {}), ...lines(node.children, `${prefix}> `)];
    case "list":
      return node.children.flatMap((item, index) => [
        ...(index > 0 ? textElements(`\n${prefix}`, {}) : []),
        ...textElements(`${marker(node, item, index)} `, {}),
        ...lines(item.children, `${prefix}  `),
      ]);
    case "thematicBreak":
      return textElements("─".repeat(12), {});
    case "html":
      return textElements(node.value, {});
    default:
      return "children" in node
        ? lines(node.children as RootContent[], prefix)
        : inlineElements([node as PhrasingContent]);
  }
}

function marker({ ordered, start }: List, { checked }: ListItem, index: number): string {
  if (typeof checked === "boolean") return checked ? "☑" : "☐";
  return ordered ? `${(start ?? 1) + index}.` : "•";
}

/** An item is one line; what else it holds stands below it, and the list goes on with the next number. */
function list(rich: RichPart[], node: List, indent: number): void {
  const style = node.ordered ? "ordered" : "bullet";
  node.children.forEach((item, index) => {
    const [first, ...others] = item.children;
    const hasLine = first?.type === "paragraph" || first?.type === "heading";
    const elements = [
      ...(typeof item.checked === "boolean" ? textElements(item.checked ? "☑ " : "☐ ", {}) : []),
      ...(hasLine ? line(first, "") : []),
    ];
    const entry = {
      type: "rich_text_section" as const,
      elements: elements.length > 0 ? elements : textElements("\u200b", {}),
    };
    const last = rich.at(-1);
    const number = (node.start ?? 1) + index;
    if (index > 0 && last?.type === "rich_text_list" && last.style === style && (last.indent ?? 0) === indent) {
      last.elements.push(entry);
    } else {
      rich.push({
        type: "rich_text_list",
        style,
        elements: [entry],
        ...(indent > 0 && { indent }),
        ...(node.ordered && number > 1 && { offset: number - 1 }),
      });
    }
    for (const inner of hasLine ? others : item.children) {
      if (inner.type === "list") list(rich, inner, Math.min(indent + 1, LIST_INDENT));
      else writeBlock(rich, inner, indent + 1);
    }
  });
}
