/**
 * Markdown (mdast) as Discord's Markdown. What the text holds of marks is escaped, so that nothing is shown as what it is
 * not: https://support.discord.com/hc/en-us/articles/210298617
 */

import { drawTable } from "@switchboard/channel-kit/markdown";
import type { List, ListItem, PhrasingContent, Root, RootContent } from "mdast";

const RULE = "─".repeat(12);

export function formatRoot(root: Root): string {
  return blocks(root.children, "\n\n");
}

/** Joins what is not empty. Discord shows no gap where a heading or a list follows, so one line end is enough there. */
function blocks(nodes: readonly RootContent[], gap: string): string {
  return nodes
    .map(block)
    .filter((text) => text !== "")
    .join(gap);
}

function block(node: RootContent): string {
  switch (node.type) {
    case "paragraph":
      return lines(inline(node.children));
    case "heading": {
      const text = inline(node.children)
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "")
        .join(" ");
      if (text === "") return "";
      return node.depth <= 3 ? `${"#".repeat(node.depth)} ${text}` : wrapped("**", text);
    }
    case "code":
      return fenced(node.value, node.lang ?? "");
    case "table":
      return fenced(drawTable(node), "");
    case "blockquote":
      return quoted(blocks(node.children, "\n\n"));
    case "list":
      return list(node);
    case "thematicBreak":
      return RULE;
    case "html":
      return lines(escaped(node.value));
    default:
      return "children" in node ? blocks(node.children as RootContent[], "\n") : "";
  }
}

function fenced(value: string, language: string): string {
  // Three backticks would end the block; a character that takes no room keeps them apart.
  const text = clean(value).replace(/`{3,}/g, apart);
  return `\`\`\`${/^[\w+#-]{1,20}$/.test(language) ? language : ""}\n${text}\n\`\`\``;
}

function quoted(text: string): string {
  return text
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
}

function list(node: List): string {
  const first = node.start ?? 1;
  return node.children.map((each, index) => item(each, node.ordered ? `${first + index}.` : "-")).join("\n");
}

function item({ checked, children }: ListItem, mark: string): string {
  const box = checked == null ? "" : checked ? "☑ " : "☐ ";
  const [head = "", ...others] = (box + blocks(children, "\n")).split("\n");
  // Under the words, not under the number: what is indented less is no list within the item everywhere.
  const indent = " ".repeat(mark.length + 1);
  return [`${mark} ${head}`, ...others.map((line) => `${indent}${line}`)].join("\n");
}

type Mark = "**" | "*" | "~~";

/** `within`: the marks that are open already; a mark inside itself would end it, and `~~~~` begins a block of code. */
function inline(nodes: readonly PhrasingContent[], within: readonly Mark[] = []): string {
  return nodes.map((node) => phrase(node, within)).join("");
}

function marked(mark: Mark, nodes: readonly PhrasingContent[], within: readonly Mark[]): string {
  return within.includes(mark) ? inline(nodes, within) : wrapped(mark, inline(nodes, [...within, mark]));
}

function phrase(node: PhrasingContent, within: readonly Mark[]): string {
  switch (node.type) {
    case "text":
    case "html":
      return escaped(node.value);
    case "strong":
      return marked("**", node.children, within);
    case "emphasis":
      return marked("*", node.children, within);
    case "delete":
      return marked("~~", node.children, within);
    case "inlineCode":
      return code(node.value);
    case "break":
      return "\n";
    case "link":
      return link(node.url, inline(node.children, within), node.children);
    default:
      return "children" in node ? inline(node.children as PhrasingContent[], within) : "";
  }
}

/** Marks stand at the text, never at white space. */
function wrapped(mark: string, text: string): string {
  const inner = text.trim();
  if (inner === "") return text;
  const start = text.length - text.trimStart().length;
  return `${text.slice(0, start)}${mark}${inner}${mark}${text.slice(start + inner.length)}`;
}

function apart(backticks: string): string {
  return [...backticks].join("\u200b");
}

function code(value: string): string {
  const text = clean(value).replaceAll("\n", " ");
  if (text.trim() === "") return text;
  return text.includes("`") ? `\`\` ${text.replace(/`{2,}/g, apart)} \`\`` : `\`${text}\``;
}

function link(url: string, text: string, children: readonly PhrasingContent[]): string {
  const [only] = children;
  const bare = children.length === 1 && only?.type === "text" ? only.value : undefined;
  const address = url.replace(/[\s<>]/g, encodeURIComponent);
  if (!/^https?:\/\//i.test(url)) {
    return bare === url || url === `mailto:${bare}` || url === ""
      ? text
      : `${text} (${escaped(url.replace(/^mailto:/, ""))})`;
  }
  if (bare === url || text.trim() === "") return address;
  return `[${text}](<${address}>)`;
}

/** What Discord would refuse or hide. */
function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "").toWellFormed();
}

/** Marks, and the openings of mentions, emoji, times and links. */
function escaped(text: string): string {
  return clean(text)
    .replace(/[\\*_~`|[\]]/g, "\\$&")
    .replace(/<(?=[@#:/a-z])/gi, "\\<");
}

/** At the start of a line more is special: quotes, headings, lists, small print. */
function lines(text: string): string {
  return text
    .replace(/^([ \t]*)(>{1,3}(?= )|#{1,3}(?= )|-#?(?= )|\+(?= ))/gm, "$1\\$2")
    .replace(/^([ \t]*\d+)(?=\. )/gm, "$1\\");
}
