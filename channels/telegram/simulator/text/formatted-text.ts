/** Text with entities, brought into the form in which Telegram keeps it. Offsets are UTF-16 code units. */
import type { MessageEntity } from "@grammyjs/types";
import { badRequest } from "../failure.ts";

export interface FormattedText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

/** Entities of these types may cross others; Telegram then cuts them into pieces. */
const splittable: ReadonlySet<string> = new Set(["bold", "italic", "underline", "strikethrough", "spoiler"]);
/** Nothing else may be inside these. */
const verbatim: ReadonlySet<string> = new Set(["code", "pre"]);
const quotes: ReadonlySet<string> = new Set(["blockquote", "expandable_blockquote"]);

/**
 * Removes control characters and outer white space, and mends entities that overlap.
 * Throws 400 for entities that lie outside the text or cut a character in two.
 */
export function normalise(text: string, entities: readonly MessageEntity[]): FormattedText {
  for (const entity of entities) checkBounds(text, entity);
  const fixed = mend(entities.filter(({ length }) => length > 0));
  const { text: cleaned, entities: moved } = clean(text, fixed);
  return { text: cleaned, entities: moved };
}

/** Sorted as Telegram sorts: by place, longer ones first. */
export function sorted(entities: readonly MessageEntity[]): MessageEntity[] {
  return [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
}

export const endOf = ({ offset, length }: MessageEntity): number => offset + length;

function checkBounds(text: string, entity: MessageEntity): void {
  const { offset, length } = entity;
  if (offset < 0 || offset > 1_000_000) throw badRequest(`receive an entity with incorrect offset ${offset}`);
  if (length < 0 || length > 1_000_000) throw badRequest(`receive an entity with incorrect length ${length}`);
  if (length === 0) return;
  if (offset >= text.length) throw badRequest(`entity begins after the end of the text at UTF-16 offset ${offset}`);
  const end = endOf(entity);
  if (end > text.length) {
    throw badRequest(
      `entity beginning at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${end}`,
    );
  }
  if (splitsPair(text, offset)) {
    throw badRequest(`entity begins in a middle of a UTF-16 symbol at byte offset ${byteOffset(text, offset + 1)}`);
  }
  if (splitsPair(text, end)) {
    throw badRequest(
      `entity beginning at UTF-16 offset ${offset} ends in a middle of a UTF-16 symbol at byte offset ${byteOffset(text, end + 1)}`,
    );
  }
}

function splitsPair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}

/** Where a UTF-16 offset is in the UTF-8 form, which Telegram's messages count in. */
export function byteOffset(text: string, at: number): number {
  return Buffer.byteLength(text.slice(0, at));
}

function mend(entities: readonly MessageEntity[]): MessageEntity[] {
  const ordered = sorted(entities);
  if (isNested(ordered)) return ordered;
  const solid = withoutOverlaps(ordered.filter(({ type }) => !splittable.has(type) && !quotes.has(type)));
  const quoted = withoutOverlaps(ordered.filter(({ type }) => quotes.has(type)));
  const kept = solid.filter((entity) => !quoted.some((quote) => crosses(quote, entity)));
  const cuts = [...kept, ...quoted].flatMap((entity) => [entity.offset, endOf(entity)]);
  const pieces = [...splittable].flatMap((type) =>
    cut(merged(ordered.filter((entity) => entity.type === type)), cuts).filter(
      (piece) => !kept.some((entity) => verbatim.has(entity.type) && contains(entity, piece)),
    ),
  );
  return sorted([...kept, ...quoted, ...pieces]);
}

/** Whether sorted entities lie beside or inside each other, with nothing inside verbatim ones and none inside its like. */
function isNested(entities: readonly MessageEntity[]): boolean {
  const open: MessageEntity[] = [];
  for (const entity of entities) {
    while (open.length > 0 && endOf(open[open.length - 1] ?? entity) <= entity.offset) open.pop();
    for (const outer of open) {
      if (endOf(entity) > endOf(outer) || outer.type === entity.type || verbatim.has(outer.type)) return false;
      if (!splittable.has(outer.type) && !quotes.has(outer.type) && !splittable.has(entity.type)) return false;
      if (quotes.has(outer.type) && quotes.has(entity.type)) return false;
    }
    open.push(entity);
  }
  return true;
}

function withoutOverlaps(entities: readonly MessageEntity[]): MessageEntity[] {
  let end = 0;
  return entities.filter((entity) => {
    if (entity.offset < end) return false;
    end = endOf(entity);
    return true;
  });
}

function merged(entities: readonly MessageEntity[]): MessageEntity[] {
  const result: MessageEntity[] = [];
  for (const entity of entities) {
    const last = result[result.length - 1];
    if (last && entity.offset <= endOf(last)) last.length = Math.max(endOf(last), endOf(entity)) - last.offset;
    else result.push({ ...entity });
  }
  return result;
}

function cut(entities: readonly MessageEntity[], at: readonly number[]): MessageEntity[] {
  return entities.flatMap((entity) => {
    const inner = at.filter((offset) => offset > entity.offset && offset < endOf(entity));
    const borders = [...new Set([entity.offset, ...inner, endOf(entity)])].sort((a, b) => a - b);
    return borders.slice(1).map((end, index) => {
      const offset = borders[index] ?? 0;
      return { ...entity, offset, length: end - offset };
    });
  });
}

function contains(outer: MessageEntity, inner: MessageEntity): boolean {
  return inner.offset >= outer.offset && endOf(inner) <= endOf(outer);
}

function crosses(a: MessageEntity, b: MessageEntity): boolean {
  return a.offset < endOf(b) && b.offset < endOf(a) && !contains(a, b);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const unclean = /[\0-\x09\x0b-\x1f\u2028-\u202e]/;

/** Control characters become spaces, carriage returns and direction marks go, white space around the text goes. */
function clean(text: string, entities: readonly MessageEntity[]): FormattedText {
  const mapped = unclean.test(text) ? withoutControls(text, entities) : { text, entities };
  const body = mapped.text.trimEnd();
  const start = body.length - body.trimStart().length;
  const trimmed = body.slice(start);
  if (mapped.entities.length === 0) return { text: trimmed, entities: [] };
  const moved: MessageEntity[] = [];
  for (const entity of mapped.entities) {
    let from = Math.max(entity.offset - start, 0);
    const to = Math.min(endOf(entity) - start, trimmed.length);
    while (from < to && /\s/.test(trimmed.charAt(from))) from += 1;
    if (from < to) moved.push({ ...entity, offset: from, length: to - from });
  }
  return { text: trimmed, entities: sorted(moved) };
}

function withoutControls(text: string, entities: readonly MessageEntity[]): FormattedText {
  const places: number[] = [];
  let result = "";
  for (let index = 0; index < text.length; index += 1) {
    places.push(result.length);
    const char = text.charAt(index);
    const code = text.charCodeAt(index);
    if (code === 13 || (code >= 0x2028 && code <= 0x202e)) continue;
    result += code < 32 && code !== 10 ? " " : char;
  }
  places.push(result.length);
  const moved = entities.map((entity) => {
    const offset = places[entity.offset] ?? 0;
    return { ...entity, offset, length: (places[endOf(entity)] ?? result.length) - offset };
  });
  return { text: result, entities: moved };
}
