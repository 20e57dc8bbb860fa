/** `parse_mode: HTML`: the tags that Telegram knows, with its own complaints. */
import type { MessageEntity } from "@grammyjs/types";
import { badRequest } from "../failure.ts";
import { byteOffset, type FormattedText } from "./formatted-text.ts";

const simple: Readonly<Record<string, "bold" | "italic" | "underline" | "strikethrough" | "spoiler">> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  u: "underline",
  ins: "underline",
  s: "strikethrough",
  strike: "strikethrough",
  del: "strikethrough",
  "tg-spoiler": "spoiler",
};

const known = new Set([...Object.keys(simple), "a", "code", "pre", "blockquote", "span", "tg-emoji"]);

const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

const reference = /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));?/giy;
const startTag = /<([^\s>/]+)((?:\s+[\w-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[\w.-]+))?)*)\s*>/gy;
const endTag = /<\/([^\s>]*)\s*>/gy;
const attribute = /([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+)))?/g;

interface OpenTag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly offset: number;
}

/** Throws 400 "can't parse entities: …". */
export function parseHtml(source: string): FormattedText {
  const entities: MessageEntity[] = [];
  const open: OpenTag[] = [];
  let text = "";
  let at = 0;
  const fail = (what: string, place: number) =>
    badRequest(`can't parse entities: ${what} at byte offset ${byteOffset(source, place)}`);

  while (at < source.length) {
    const char = source.charAt(at);
    if (char === "&") {
      const [decoded, next] = decodeReference(source, at);
      text += decoded;
      at = next;
    } else if (char !== "<") {
      const next = nextSpecial(source, at);
      text += source.slice(at, next);
      at = next;
    } else if (source.charAt(at + 1) === "/") {
      const last = open.pop();
      if (!last) throw fail("Unexpected end tag", at);
      endTag.lastIndex = at;
      const found = endTag.exec(source);
      if (!found) throw fail("Unclosed end tag", at);
      const name = (found[1] ?? "").toLowerCase();
      if (name !== "" && name !== last.name) {
        throw badRequest(
          `can't parse entities: Unmatched end tag at byte offset ${byteOffset(source, at)}, expected "</${last.name}>", found "</${name}>"`,
        );
      }
      const entity = entityOf(last, text);
      if (entity) entities.push(entity);
      at = endTag.lastIndex;
    } else {
      const name = /^<([^\s>]*)/.exec(source.slice(at, at + 64))?.[1]?.toLowerCase() ?? "";
      if (!source.includes(">", at)) throw fail("Unclosed start tag", at);
      if (!known.has(name)) throw fail(`Unsupported start tag "${name}"`, at);
      startTag.lastIndex = at;
      const found = startTag.exec(source);
      if (!found) throw fail(`Unclosed start tag "${name}"`, at);
      const attributes = readAttributes(found[2] ?? "");
      if (name === "span" && attributes.get("class") !== "tg-spoiler") {
        throw fail('Tag "span" must have class "tg-spoiler"', at);
      }
      open.push({ name, attributes, offset: text.length });
      at = startTag.lastIndex;
    }
  }
  const left = open.pop();
  if (left) throw badRequest(`can't parse entities: Can't find end tag corresponding to start tag "${left.name}"`);
  return { text, entities: joinCodeLanguages(entities) };
}

function nextSpecial(source: string, from: number): number {
  for (let index = from + 1; index < source.length; index += 1) {
    const char = source.charAt(index);
    if (char === "&" || char === "<") return index;
  }
  return source.length;
}

function decodeReference(source: string, at: number): readonly [string, number] {
  reference.lastIndex = at;
  const found = reference.exec(source);
  if (!found) return ["&", at + 1];
  const [, hex, decimal, name] = found;
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const decoded = name === undefined ? codePoint(code) : named[name];
  return decoded === undefined ? ["&", at + 1] : [decoded, reference.lastIndex];
}

function codePoint(code: number): string | undefined {
  return code > 0 && code < 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function readAttributes(source: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = "", double, single, bare] of source.matchAll(attribute)) {
    const value = double ?? single ?? bare ?? "";
    const decoded = value.replace(/&[^;\s]+;/g, (match) => decodeReference(match, 0)[0]);
    attributes.set(name.toLowerCase(), decoded);
  }
  return attributes;
}

function entityOf(tag: OpenTag, text: string): MessageEntity | undefined {
  const { name, attributes, offset } = tag;
  const length = text.length - offset;
  if (length === 0) return undefined;
  const place = { offset, length };
  const plain = simple[name];
  if (plain) return { type: plain, ...place };
  switch (name) {
    case "span":
      return { type: "spoiler", ...place };
    case "a": {
      const url = attributes.get("href") ?? text.slice(offset);
      const user = /^tg:\/\/user\?id=(\d+)$/.exec(url)?.[1];
      if (user) return { type: "text_mention", ...place, user: { id: Number(user), is_bot: false, first_name: "" } };
      return /^(https?:\/\/|tg:\/\/|mailto:|tel:)?[^\s/]+\.?[^\s]*$/i.test(url)
        ? { type: "text_link", ...place, url: withScheme(url) }
        : undefined;
    }
    case "code": {
      const language = /^language-(.+)$/.exec(attributes.get("class") ?? "")?.[1];
      // A class makes sense only inside <pre>; the two are joined when everything is read.
      return language ? { type: "pre", ...place, language } : { type: "code", ...place };
    }
    case "pre":
      return { type: "pre", ...place };
    case "blockquote":
      return { type: attributes.has("expandable") ? "expandable_blockquote" : "blockquote", ...place };
    default:
      return { type: "custom_emoji", ...place, custom_emoji_id: attributes.get("emoji-id") ?? "" };
  }
}

function withScheme(url: string): string {
  const full = /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `http://${url}`;
  return URL.canParse(full) ? new URL(full).href : full;
}

/** `<pre><code class="language-x">` is one entity; a language without `<pre>` is plain code. */
function joinCodeLanguages(entities: readonly MessageEntity[]): MessageEntity[] {
  const sameSpan = (a: MessageEntity, b: MessageEntity) => a !== b && a.offset === b.offset && a.length === b.length;
  const blocks = entities.filter((entity) => entity.type === "pre");
  return entities.flatMap((entity): MessageEntity[] => {
    const twin = blocks.find((block) => sameSpan(block, entity));
    if (entity.type === "code") return twin ? [] : [entity];
    if (entity.type !== "pre") return [entity];
    if (entity.language !== undefined) {
      return twin ? [entity] : [{ type: "code", offset: entity.offset, length: entity.length }];
    }
    return twin?.type === "pre" && twin.language !== undefined ? [] : [entity];
  });
}
