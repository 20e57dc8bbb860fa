/** Telegram's entities as the pane shows them. */
import type { RichKind, RichNode } from "@switchboard/simulator-kit";
import { nest, type ShownEntity, type TextNode } from "../text/nest.ts";

const kinds: Readonly<Record<string, RichKind>> = {
  bold: "bold",
  italic: "italic",
  underline: "underline",
  strikethrough: "strike",
  code: "code",
  blockquote: "quote",
  expandable_blockquote: "folded",
  spoiler: "spoiler",
  mention: "mention",
  text_mention: "mention",
  hashtag: "mention",
  cashtag: "mention",
};

export function richText(text: string, entities: readonly ShownEntity[]): RichNode[] {
  return nest(text, entities).flatMap(richNode);
}

function richNode(node: TextNode): readonly RichNode[] {
  if (node.kind === "text") return [node.text];
  const { entity, text } = node;
  const children = node.children.flatMap(richNode);
  const is = kinds[entity.type];
  if (is) return [{ is, children }];
  switch (entity.type) {
    case "pre":
      return [{ is: "pre", children, ...(entity.language !== undefined && { language: entity.language }) }];
    case "text_link":
      return [{ is: "link", children, url: entity.url ?? "" }];
    case "url":
      return [{ is: "link", children, url: /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `http://${text}` }];
    case "email":
      return [{ is: "link", children, url: `mailto:${text}` }];
    case "bot_command":
      return [{ is: "command", children, says: text }];
    default:
      return children;
  }
}
