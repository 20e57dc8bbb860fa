/** `parse_mode: MarkdownV2`, with Telegram's own complaints. */
import type { MessageEntity } from "@grammyjs/types";
import { badRequest } from "../failure.ts";
import { byteOffset, type FormattedText } from "./formatted-text.ts";

type Style = "bold" | "italic" | "underline" | "strikethrough" | "spoiler";

const marks: readonly (readonly [mark: string, style: Style, label: string])[] = [
  ["__", "underline", "Underline"],
  ["||", "spoiler", "Spoiler"],
  ["*", "bold", "Bold"],
  ["_", "italic", "Italic"],
  ["~", "strikethrough", "Strikethrough"],
];

const reserved = new Set("_*[]()~`>#+-=|{}.!");

interface Open {
  readonly mark: string;
  readonly label: string;
  readonly type: Style | "link";
  readonly offset: number;
  readonly at: number;
}

/** Throws 400 "can't parse entities: …". */
export function parseMarkdownV2(source: string): FormattedText {
  const entities: MessageEntity[] = [];
  const open: Open[] = [];
  let text = "";
  let at = 0;
  let quote: { offset: number; expandable: boolean } | undefined;

  const endQuote = (): void => {
    if (!quote) return;
    const { offset, expandable } = quote;
    const length = text.replace(/\n$/, "").length - offset;
    if (length > 0) entities.push({ type: expandable ? "expandable_blockquote" : "blockquote", offset, length });
    quote = undefined;
  };

  while (at < source.length) {
    const lineStart = at === 0 || source.charAt(at - 1) === "\n";
    const char = source.charAt(at);
    if (lineStart && open.length === 0) {
      if (char === ">") {
        quote ??= { offset: text.length, expandable: false };
        at += 1;
        continue;
      }
      if (source.startsWith("**>", at)) {
        endQuote();
        quote = { offset: text.length, expandable: false };
        at += 3;
        continue;
      }
      endQuote();
    }
    if (quote && source.startsWith("||", at) && (at + 2 === source.length || source.charAt(at + 2) === "\n")) {
      const spoiler = open.some(({ type }) => type === "spoiler");
      if (!spoiler) {
        quote.expandable = true;
        at += 2;
        continue;
      }
    }
    if (char === "\\" && isEscapable(source.charCodeAt(at + 1))) {
      text += source.charAt(at + 1);
      at += 2;
      continue;
    }
    if (char === "`") {
      at = readCode(source, at, (entity, inner) => {
        if (inner.length > 0) entities.push({ ...entity, offset: text.length, length: inner.length });
        text += inner;
      });
      continue;
    }
    const style = marks.find(([mark]) => source.startsWith(mark, at));
    if (style) {
      const [mark, type, label] = style;
      const last = open.at(-1);
      if (last?.mark === mark) {
        open.pop();
        push(entities, { type, offset: last.offset, length: text.length - last.offset });
      } else {
        open.push({ mark, label, type, offset: text.length, at });
      }
      at += mark.length;
      continue;
    }
    if (char === "[" || (char === "!" && source.charAt(at + 1) === "[")) {
      open.push({ mark: "]", label: "TextUrl", type: "link", offset: text.length, at });
      at += char === "!" ? 2 : 1;
      continue;
    }
    const last = open.at(-1);
    if (char === "]" && last?.type === "link") {
      open.pop();
      const [url, next] = readTarget(source, at + 1);
      const place = { offset: last.offset, length: text.length - last.offset };
      const user = /^tg:\/\/user\?id=(\d+)$/.exec(url)?.[1];
      if (user)
        push(entities, { type: "text_mention", ...place, user: { id: Number(user), is_bot: false, first_name: "" } });
      else if (url !== "") push(entities, { type: "text_link", ...place, url });
      at = next;
      continue;
    }
    if (reserved.has(char)) {
      throw badRequest(
        `can't parse entities: Character '${char}' is reserved and must be escaped with the preceding '\\'`,
      );
    }
    text += char;
    at += 1;
  }
  const left = open.at(-1);
  if (left) {
    throw badRequest(
      `can't parse entities: Can't find end of ${left.label} entity at byte offset ${byteOffset(source, left.at)}`,
    );
  }
  endQuote();
  return { text, entities };
}

function push(entities: MessageEntity[], entity: MessageEntity): void {
  if (entity.length > 0) entities.push(entity);
}

function isEscapable(code: number): boolean {
  return code >= 1 && code <= 126;
}

type CodeEntity = { type: "code" } | { type: "pre"; language?: string };

/** Reads inline code or a block that begins at `at`; returns where it ends. */
function readCode(source: string, at: number, found: (entity: CodeEntity, inner: string) => void): number {
  const fence = source.startsWith("```", at) ? "```" : "`";
  const language = fence === "```" ? (/^([^\s`]*)\n/.exec(source.slice(at + 3, at + 80))?.[1] ?? "") : "";
  let index = at + fence.length + language.length;
  if (fence === "```" && source.charAt(index) === "\n") index += 1;
  let inner = "";
  while (index < source.length && !source.startsWith(fence, index)) {
    if (source.charAt(index) === "\\" && isEscapable(source.charCodeAt(index + 1))) index += 1;
    inner += source.charAt(index);
    index += 1;
  }
  if (index >= source.length) {
    const label = fence === "`" ? "Code" : "Pre";
    throw badRequest(
      `can't parse entities: Can't find end of ${label} entity at byte offset ${byteOffset(source, at)}`,
    );
  }
  if (fence === "`") found({ type: "code" }, inner);
  else found({ type: "pre", ...(language && { language }) }, inner);
  return index + fence.length;
}

/** Reads `(target)` behind a link's text; without one there is no link. */
function readTarget(source: string, at: number): readonly [string, number] {
  if (source.charAt(at) !== "(") return ["", at];
  let url = "";
  let index = at + 1;
  while (index < source.length && source.charAt(index) !== ")") {
    if (source.charAt(index) === "\\" && isEscapable(source.charCodeAt(index + 1))) index += 1;
    url += source.charAt(index);
    index += 1;
  }
  if (index >= source.length) {
    throw badRequest(`can't parse entities: Can't find end of a URL at byte offset ${byteOffset(source, at)}`);
  }
  return [url, index + 1];
}
