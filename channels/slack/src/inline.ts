/** Phrasing content as the elements of rich text, which unlike Slack's markup cannot be broken by content. */
import type { RichTextElement } from "@slack/types";
import type { PhrasingContent } from "mdast";
import { misleads } from "./labels.ts";
import { TEXT, URL_LENGTH } from "./limits.ts";

export interface Style {
  readonly bold?: true;
  readonly italic?: true;
  readonly strike?: true;
  readonly code?: true;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text as Slack takes it: no control characters, no half ones. */
export function clean(text: string): string {
  return text.replace(controls, "").toWellFormed();
}

export function inlineElements(nodes: readonly PhrasingContent[], style: Style = {}): RichTextElement[] {
  return nodes.flatMap((node) => element(node, style));
}

function element(node: PhrasingContent, style: Style): RichTextElement[] {
  switch (node.type) {
    case "text":
      return withMentions(node.value, style);
    case "strong":
      return inlineElements(node.children, { ...style, bold: true });
    case "emphasis":
      return inlineElements(node.children, { ...style, italic: true });
    case "delete":
      return inlineElements(node.children, { ...style, strike: true });
    case "inlineCode":
      return textElements(node.value, { ...style, code: true });
    case "break":
      return textElements("\n", {});
    case "html":
      return textElements(/^<br\s*\/?>$/i.test(node.value) ? "\n" : node.value, style);
    case "link":
      return link(node.url, node.children, style);
    default:
      if ("children" in node) return inlineElements((node as { children: PhrasingContent[] }).children, style);
      return "value" in node ? textElements((node as { value: string }).value, style) : [];
  }
}

/** `<@U…>` and `<#C…>` are people and channels; nobody can call everybody by writing so. */
function withMentions(text: string, style: Style): RichTextElement[] {
  return text.split(/(<[@#][A-Z0-9]{6,30}>)/).flatMap((piece): RichTextElement[] => {
    const [, mark, id] = /^<([@#])([A-Z0-9]{6,30})>$/.exec(piece) ?? [];
    if (id === undefined) return textElements(piece, style);
    if (mark === "@" && /^[UW]/.test(id)) return [{ type: "user", user_id: id }];
    if (mark === "#" && /^[CG]/.test(id)) return [{ type: "channel", channel_id: id }];
    return textElements(piece, style);
  });
}

export function textElements(value: string, style: Style): RichTextElement[] {
  const text = clean(value);
  const elements: RichTextElement[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(text.length, at + TEXT);
    if (end < text.length && /[\udc00-\udfff]/.test(text[end] ?? "")) end -= 1;
    elements.push({ type: "text", text: text.slice(at, end), ...styled(style) });
    at = end;
  }
  return elements;
}

function styled(style: Style): { readonly style?: Style } {
  return Object.keys(style).length > 0 ? { style } : {};
}

function link(url: string, children: readonly PhrasingContent[], style: Style): RichTextElement[] {
  const label = clean(plain(children));
  if (/^(https?:\/\/|mailto:)\S+$/i.test(url) && url.length <= URL_LENGTH && label.length <= TEXT) {
    const bare = label === "" || label === url;
    // Slack shows the label alone: who reads another address there must see where the link goes.
    if (!bare && misleads(label, url)) {
      return [
        ...textElements(`${label} (`, style),
        { type: "link", url, ...styled(style) },
        ...textElements(")", style),
      ];
    }
    return [{ type: "link", url, ...(!bare && { text: label }), ...styled(styleOf(children, style)) }];
  }
  return [...inlineElements(children, style), ...(url === "" ? [] : textElements(` (${url})`, style))];
}

/** A link has one style: that of all its text, where that is one. */
function styleOf(children: readonly PhrasingContent[], style: Style): Style {
  const [only] = children;
  if (children.length !== 1 || !only) return style;
  if (only.type === "strong") return styleOf(only.children, { ...style, bold: true });
  if (only.type === "emphasis") return styleOf(only.children, { ...style, italic: true });
  if (only.type === "delete") return styleOf(only.children, { ...style, strike: true });
  return only.type === "inlineCode" ? { ...style, code: true } : style;
}

/** The words alone. */
export function plain(nodes: readonly PhrasingContent[]): string {
  return nodes
    .map((node): string => {
      if (node.type === "break") return "\n";
      if ("value" in node) return node.value;
      if ("children" in node) return plain(node.children);
      return "alt" in node ? (node.alt ?? "") : "";
    })
    .join("");
}
