/** The pane's formatting as HTML, for tests that look at it. */
import type { RichKind, RichNode } from "@switchboard/simulator-kit";

const tags: Readonly<Record<RichKind, string>> = {
  bold: "b",
  italic: "i",
  underline: "u",
  strike: "s",
  code: "code",
  pre: "pre",
  quote: "blockquote",
  folded: "blockquote",
  spoiler: "span",
  link: "a",
  command: "span",
  mention: "span",
  heading: "h3",
  list: "ul",
  numbered: "ol",
  item: "li",
  table: "table",
  row: "tr",
  cell: "td",
  small: "small",
  paragraph: "p",
  rule: "hr",
};

export function toHtml(nodes: readonly RichNode[]): string {
  return nodes
    .map((node): string => {
      if (typeof node === "string") return quoted(node);
      const tag = tags[node.is];
      if (tag === "hr") return "<hr>";
      const address = node.url === undefined ? "" : ` href="${quoted(node.url)}"`;
      return `<${tag}${address}>${toHtml(node.children ?? [])}</${tag}>`;
    })
    .join("");
}

function quoted(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
