/** Markdown (mdast) as Telegram shows it: text with entities, which unlike its markup languages cannot be broken by content. */

import { drawTable } from "@switchboard/channel-kit/markdown";
import type { Blockquote, List, ListItem, PhrasingContent, Root, RootContent } from "mdast";
import { type RichText, RichTextWriter, type Style } from "./rich-text.ts";

const BULLETS = ["•", "◦", "▪"];
const RULE = "─".repeat(12);

/** Marks a quote that is always shown collapsed, such as the model's reasoning. */
interface QuoteData {
  readonly expandable?: boolean;
}

/** The whole document as one text. */
export function formatRoot(root: Root): RichText {
  const writer = new RichTextWriter();
  writeBlocks(writer, root.children, "\n\n", 0);
  return writer.finish();
}

/** Its length and entities, exact up to `limit` units; a longer document measures more than `limit`. */
export function measureRoot(root: Root, limit: number): { readonly length: number; readonly entities: number } {
  const writer = new RichTextWriter(limit);
  writeBlocks(writer, root.children, "\n\n", 0);
  return { length: writer.length, entities: writer.entityCount };
}

function writeBlocks(writer: RichTextWriter, blocks: readonly RootContent[], gap: string, depth: number): void {
  for (const block of blocks) {
    if (writer.full) return;
    writeBlock(writer, block, depth);
    writer.separate(gap);
  }
}

function writeBlock(writer: RichTextWriter, block: RootContent, depth: number): void {
  switch (block.type) {
    case "paragraph":
      writeInline(writer, block.children);
      break;
    case "heading":
      writer.styled({ type: "bold" }, () => writeInline(writer, block.children));
      break;
    case "code": {
      const language = block.lang ?? undefined;
      preformatted(writer, block.value, language);
      break;
    }
    case "table":
      preformatted(writer, drawTable(block), undefined);
      break;
    case "blockquote":
      writeQuote(writer, block, depth);
      break;
    case "list":
      writeList(writer, block, depth);
      break;
    case "thematicBreak":
      writer.text(RULE);
      break;
    case "html":
      writer.text(block.value);
      break;
    default:
      if ("children" in block) writeBlocks(writer, block.children as RootContent[], "\n", depth);
      else writeInline(writer, [block as PhrasingContent]);
  }
}

/** Indents and quote marks of the surroundings are left out: in code they would be read as code. */
function preformatted(writer: RichTextWriter, value: string, language: string | undefined): void {
  const { prefix } = writer;
  writer.prefix = "";
  writer.code({ type: "pre", ...(language && { language }) }, value);
  writer.prefix = prefix;
}

function writeQuote(writer: RichTextWriter, quote: Blockquote, depth: number): void {
  const expandable = (quote.data as QuoteData | undefined)?.expandable ?? false;
  if (!writer.quoting) {
    const style: Style = { type: "blockquote", expandable };
    writer.styled(style, () => writeBlocks(writer, quote.children, "\n\n", depth));
    return;
  }
  // Telegram nests no quotes: the inner one gets marks.
  writer.text("> ");
  indented(writer, "> ", () => writeBlocks(writer, quote.children, "\n", depth));
}

function writeList(writer: RichTextWriter, list: List, depth: number): void {
  list.children.forEach((item, index) => {
    if (writer.full) return;
    if (index > 0) writer.separate("\n");
    const marker = list.ordered ? `${(list.start ?? 1) + index}.` : bullet(item, depth);
    writer.text(`${marker} `);
    indented(writer, "  ", () => writeBlocks(writer, item.children, "\n", depth + 1));
  });
}

function bullet({ checked }: ListItem, depth: number): string {
  if (checked === true) return "☑";
  if (checked === false) return "☐";
  return BULLETS[Math.min(depth, BULLETS.length - 1)] ?? "•";
}

/** Deeper than this nothing is indented further: on a phone no room would be left. */
const DEEPEST_INDENT = 16;

function indented(writer: RichTextWriter, by: string, write: () => void): void {
  const { prefix } = writer;
  if (prefix.length < DEEPEST_INDENT) writer.prefix = prefix + by;
  write();
  writer.prefix = prefix;
}

function writeInline(writer: RichTextWriter, nodes: readonly PhrasingContent[]): void {
  for (const node of nodes) {
    if (writer.full) return;
    switch (node.type) {
      case "text":
        writer.text(node.value);
        break;
      case "strong":
        writer.styled({ type: "bold" }, () => writeInline(writer, node.children));
        break;
      case "emphasis":
        writer.styled({ type: "italic" }, () => writeInline(writer, node.children));
        break;
      case "delete":
        writer.styled({ type: "strikethrough" }, () => writeInline(writer, node.children));
        break;
      case "inlineCode":
        writer.code({ type: "code" }, node.value);
        break;
      case "break":
        writer.text("\n");
        break;
      case "html":
        writer.text(/^<br\s*\/?>$/i.test(node.value) ? "\n" : node.value);
        break;
      case "link":
        writeLink(writer, node.url, node.children);
        break;
      default:
        if ("children" in node) writeInline(writer, (node as { children: PhrasingContent[] }).children);
        else if ("value" in node) writer.text((node as { value: string }).value);
    }
  }
}

function writeLink(writer: RichTextWriter, url: string, children: readonly PhrasingContent[]): void {
  const [only] = children;
  const bare = children.length === 1 && only?.type === "text" ? only.value : undefined;
  if (bare !== undefined && (bare === url || url === `mailto:${bare}` || url === `http://${bare}`)) {
    // Telegram makes such a link by itself.
    writer.text(bare);
  } else if (/^(https?|tg|ton):\/\/\S+$/i.test(url)) {
    writer.styled({ type: "text_link", url }, () => writeInline(writer, children.length > 0 ? children : [text(url)]));
  } else {
    writeInline(writer, children);
    if (url !== "") writer.text(` (${url.replace(/^mailto:/, "")})`);
  }
}

function text(value: string): PhrasingContent {
  return { type: "text", value };
}
