/** Telegram's formatting made visible as HTML. Only called when somebody wants to see it. */
import { nest, type ShownEntity, type TextNode } from "./nest.ts";

const elements: Readonly<Record<string, string>> = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  blockquote: "blockquote",
  spoiler: "tg-spoiler",
};

export function toHtml(text: string, entities: readonly ShownEntity[]): string {
  return nest(text, entities).map(nodeHtml).join("");
}

function nodeHtml(node: TextNode): string {
  if (node.kind === "text") return escaped(node.text);
  const { entity, text } = node;
  const inner = node.children.map(nodeHtml).join("");
  const element = elements[entity.type];
  if (element) return `<${element}>${inner}</${element}>`;
  switch (entity.type) {
    case "pre": {
      if (entity.language === undefined) return `<pre>${inner}</pre>`;
      return `<pre><code class="language-${escaped(entity.language)}">${inner}</code></pre>`;
    }
    case "expandable_blockquote":
      return `<blockquote expandable>${inner}</blockquote>`;
    case "text_link":
      return `<a href="${escaped(entity.url ?? "")}">${inner}</a>`;
    case "url":
      return `<a href="${escaped(/^[a-z]+:/i.test(text) ? text : `http://${text}`)}">${inner}</a>`;
    case "email":
      return `<a href="mailto:${escaped(text)}">${inner}</a>`;
    default:
      return inner;
  }
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
