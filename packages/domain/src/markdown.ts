/** Markdown to mdast and back. GitHub-flavoured: tables, strike-through, task lists, bare links. */
import type { Paragraph, Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown, gfmToMarkdown } from "mdast-util-gfm";
import { toMarkdown } from "mdast-util-to-markdown";
import { toString as nodeToString } from "mdast-util-to-string";
import { gfm } from "micromark-extension-gfm";
import type { OutboundContent } from "./content.ts";
import { isKnotted, sections } from "./sections.ts";

/** Up to this many UTF-16 units a text is read as a whole. */
const WHOLE = 8_192;

const syntax = gfm();
const fromGfm = gfmFromMarkdown();
const toGfm = gfmToMarkdown();

/** One line of letters, digits and harmless punctuation parses to itself; most chat answers are that. */
const plainLine = /^[\p{L}\p{N}][\p{L}\p{N} ,.?!;'"()%$€/-]*$/u;
const looksLikeSyntax = /^\d+[.)]|www\.| {2}/i;

/**
 * Parses Markdown. Never throws: any text is valid Markdown. A long text is read section by section. What is nested
 * dozens of levels deep on one line, and a paragraph of monstrous length or with hundreds of marks, are taken literally,
 * because the time to read them grows with their square.
 */
export function parseMarkdown(text: string): Root {
  if (plainLine.test(text) && !looksLikeSyntax.test(text)) return textRoot(text.trimEnd());
  if (text.length <= WHOLE && !isKnotted(text)) return parse(text);
  return {
    type: "root",
    children: sections(text).flatMap(
      ({ source, literal }) => (literal ? textRoot(source.trim()) : parse(source)).children,
    ),
  };
}

function parse(text: string): Root {
  return fromMarkdown(text, { extensions: [syntax], mdastExtensions: [fromGfm] });
}

/** A document of one paragraph with exactly this text, nothing interpreted. */
export function textRoot(text: string): Root {
  const paragraph: Paragraph = { type: "paragraph", children: [{ type: "text", value: text }] };
  return { type: "root", children: [paragraph] };
}

/** Writes mdast as Markdown, without a trailing newline. */
export function formatMarkdown(root: Root): string {
  return toMarkdown(root, { extensions: [toGfm], bullet: "-", rule: "-", emphasis: "_" }).trimEnd();
}

/** The bare words of a document, blocks separated by a newline. */
export function plainText(root: Root): string {
  return root.children
    .map((block) => nodeToString(block))
    .filter((text) => text !== "")
    .join("\n");
}

/** Content with nothing but Markdown text. */
export function markdownContent(markdown: string, extra: Omit<OutboundContent, "body"> = {}): OutboundContent {
  return { body: parseMarkdown(markdown), ...extra };
}

/** Content with nothing but literal text. */
export function textContent(text: string, extra: Omit<OutboundContent, "body"> = {}): OutboundContent {
  return { body: textRoot(text), ...extra };
}
