/** Telegram's entities as Markdown: the way back of `format.ts`. */
import { formatMarkdown } from "@switchboard/domain";
import type { MessageEntity } from "grammy/types";
import type { BlockContent, Code, PhrasingContent, Root } from "mdast";

/** Entities that Markdown can say; the rest (mentions, hashtags, bare links, …) is in the text already. */
const formats: ReadonlySet<MessageEntity["type"]> = new Set([
  "bold",
  "italic",
  "underline",
  "strikethrough",
  "spoiler",
  "code",
  "pre",
  "text_link",
  "text_mention",
  "blockquote",
  "expandable_blockquote",
]);

/** The text as Markdown, or `undefined` when nothing in it is formatted. */
export function toMarkdown(text: string, entities: readonly MessageEntity[] | undefined): string | undefined {
  const known = entities?.filter(({ type }) => formats.has(type)).flatMap((entity) => within(text, entity));
  if (!known?.length) return undefined;
  const root: Root = { type: "root", children: blocks(text, 0, text.length, joined(known)) };
  return formatMarkdown(root);
}

/** The entity as far as it covers text, and never half a character. None when it covers nothing. */
function within(text: string, entity: MessageEntity): MessageEntity[] {
  const start = Math.max(0, entity.offset);
  const end = Math.min(text.length, entity.offset + entity.length);
  if (!(start < end)) return [];
  const offset = isInsidePair(text, start) ? start - 1 : start;
  return [{ ...entity, offset, length: (isInsidePair(text, end) ? end + 1 : end) - offset }];
}

function isInsidePair(text: string, index: number): boolean {
  return index > 0 && (text.codePointAt(index - 1) ?? 0) > 0xffff;
}

/** Styles of one kind that touch become one: `~~a~~~~b~~` would be read as something else. */
function joined(entities: readonly MessageEntity[]): MessageEntity[] {
  const found: MessageEntity[] = [];
  for (const entity of [...entities].sort((a, b) => a.offset - b.offset)) {
    const index = found.findIndex(
      ({ type, offset, length }) =>
        type === entity.type && !isBlock(type) && roleOf(entity) !== "text_link" && entity.offset <= offset + length,
    );
    const before = found[index];
    if (!before) found.push(entity);
    else {
      const end = Math.max(before.offset + before.length, entity.offset + entity.length);
      found[index] = { ...before, length: end - before.offset };
    }
  }
  return found;
}

/** Quotes and code blocks cut the text into blocks; what is between them is paragraphs. */
function blocks(text: string, from: number, to: number, entities: readonly MessageEntity[]): BlockContent[] {
  const found: BlockContent[] = [];
  const walls = entities
    .filter(({ type, offset }) => isBlock(type) && offset >= from && offset < to)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  let at = from;
  for (const wall of walls) {
    const end = Math.min(to, wall.offset + wall.length);
    if (wall.offset < at) continue;
    found.push(...paragraphs(text, at, wall.offset, entities));
    if (wall.type === "pre") {
      const code: Code = { type: "code", lang: wall.language ?? null, value: text.slice(wall.offset, end) };
      found.push(code);
    } else {
      const inner = entities.filter((each) => each !== wall && !isQuote(each.type));
      found.push({ type: "blockquote", children: blocks(text, wall.offset, end, inner) });
    }
    at = end;
  }
  found.push(...paragraphs(text, at, to, entities));
  return found;
}

function isQuote(type: MessageEntity["type"]): boolean {
  return type === "blockquote" || type === "expandable_blockquote";
}

function isBlock(type: MessageEntity["type"]): boolean {
  return type === "pre" || isQuote(type);
}

/** Empty lines part paragraphs. */
function paragraphs(text: string, from: number, to: number, entities: readonly MessageEntity[]): BlockContent[] {
  const found: BlockContent[] = [];
  let at = from;
  for (const piece of text.slice(from, to).split(/(\n\s*\n)/)) {
    const inside = piece.length - piece.trimStart().length;
    const start = at + inside;
    const end = at + piece.trimEnd().length;
    if (end > start) found.push({ type: "paragraph", children: inline(text, start, end, entities.filter(isInline)) });
    at += piece.length;
  }
  return found;
}

function isInline({ type }: MessageEntity): boolean {
  return !isBlock(type);
}

/** The widest entity at each place becomes a node around what is inside it. */
function inline(text: string, from: number, to: number, entities: readonly MessageEntity[]): PhrasingContent[] {
  const nodes: PhrasingContent[] = [];
  let at = from;
  while (at < to) {
    const next = widestFrom(at, to, entities);
    const start = next ? Math.max(at, next.offset) : to;
    if (start > at) nodes.push({ type: "text", value: text.slice(at, start) });
    if (!next) break;
    const end = Math.min(to, next.offset + next.length);
    const inner = entities.filter((each) => roleOf(each) !== roleOf(next));
    nodes.push(...wrap(next, text, start, end, inner));
    at = end;
  }
  return nodes;
}

/** Markdown has no bold in bold and no link in a link. */
function roleOf({ type }: MessageEntity): string {
  return type === "text_mention" ? "text_link" : type;
}

function widestFrom(at: number, to: number, entities: readonly MessageEntity[]): MessageEntity | undefined {
  let best: MessageEntity | undefined;
  for (const each of entities) {
    if (each.offset >= to || each.offset + each.length <= at) continue;
    if (!best) {
      best = each;
      continue;
    }
    const start = Math.max(at, each.offset);
    const bestStart = Math.max(at, best.offset);
    if (start < bestStart || (start === bestStart && each.offset + each.length > best.offset + best.length))
      best = each;
  }
  return best;
}

/** Markdown wants its marks tight around words, so white space at the edges goes outside. */
function wrap(
  entity: MessageEntity,
  text: string,
  start: number,
  end: number,
  others: readonly MessageEntity[],
): PhrasingContent[] {
  const whole = text.slice(start, end);
  const from = start + (whole.length - whole.trimStart().length);
  const to = start + whole.trimEnd().length;
  if (from >= to) return [{ type: "text", value: whole }];
  const inner = () => inline(text, from, to, others);
  return [
    ...plain(text.slice(start, from)),
    ...styled(entity, text.slice(from, to), inner),
    ...plain(text.slice(to, end)),
  ];
}

function styled(entity: MessageEntity, value: string, inner: () => PhrasingContent[]): PhrasingContent[] {
  switch (entity.type) {
    case "bold":
      return [{ type: "strong", children: inner() }];
    case "italic":
      return [{ type: "emphasis", children: inner() }];
    case "strikethrough":
      return [{ type: "delete", children: inner() }];
    case "underline":
      return [{ type: "html", value: "<u>" }, ...inner(), { type: "html", value: "</u>" }];
    case "spoiler":
      return [{ type: "html", value: "||" }, ...inner(), { type: "html", value: "||" }];
    case "code":
      return [{ type: "inlineCode", value }];
    case "text_link":
      return [{ type: "link", url: entity.url, children: inner() }];
    case "text_mention":
      return [{ type: "link", url: `tg://user?id=${entity.user.id}`, children: inner() }];
    default:
      return inner();
  }
}

function plain(value: string): PhrasingContent[] {
  return value === "" ? [] : [{ type: "text", value }];
}
