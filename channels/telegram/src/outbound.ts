/** Content as Telegram messages, each within the platform's limits. Pure. */
import {
  type OutboundContent,
  type OutboundPart,
  parseMarkdown,
  SwitchboardError,
  textRoot,
} from "@switchboard/domain";
import type { BlockContent, Blockquote, Root } from "mdast";
import { toAlbums, toItem } from "./attachments.ts";
import { selectLabels, toKeyboard } from "./keyboard.ts";
import { type Formatted, fromPart, type Keyboard, type MediaItem, type Payload, toPart } from "./payload.ts";
import type { RichText } from "./rich-text.ts";
import { CAPTION_ROOM, DUPLICATE_NOTE, formatWithin, splitFormatted } from "./split.ts";

/**
 * Attachments first, then the text; a text short enough is the caption of the one attachment or album. Controls are on
 * the last part. @throws MSG_003 or MSG_008 when Telegram cannot show it.
 */
export function render(content: OutboundContent): OutboundPart[] {
  const keyboard = toKeyboard(content.controls);
  const body = bodyOf(content);
  const albums = toAlbums((content.attachments ?? []).map(toItem));
  const captions = (content.attachments ?? []).map(({ caption }) => caption?.trim());
  const [onlyAlbum] = albums;
  const caption =
    onlyAlbum && albums.length === 1 && captions.every((each) => !each) && captionable(onlyAlbum, keyboard)
      ? captionOf(body)
      : undefined;
  const homeless: RichText[] = [];
  const payloads: Payload[] = [];
  let index = 0;
  for (const [first, ...others] of albums) {
    const [head, ...tail] = [first, ...others].map((item) => withCaption(item, captions[index++], homeless));
    if (head) payloads.push({ type: "media", items: [caption ? { ...head, caption } : head, ...tail] });
  }
  const texts = caption ? [] : [...homeless, ...splitFormatted(body)];
  payloads.push(...texts.map((rich): Payload => ({ type: "text", ...toFormatted(rich) })));
  return finish(payloads, keyboard).map(toPart);
}

/** The text with the model's reasoning before it, collapsed, and the names of selects behind it. */
function bodyOf({ body, thinking, controls }: OutboundContent): Root {
  const labels = selectLabels(controls);
  if (!thinking?.trim() && labels.length === 0) return body;
  return {
    type: "root",
    children: [
      ...(thinking?.trim() ? [reasoning(thinking)] : []),
      ...body.children,
      ...labels.flatMap((label) => textRoot(label).children),
    ],
  };
}

function reasoning(thinking: string): Blockquote {
  const children = parseMarkdown(thinking).children as BlockContent[];
  const mark = { type: "text", value: "💭 " } as const;
  const [first, ...others] = children;
  return {
    type: "blockquote",
    data: { expandable: true } as NonNullable<Blockquote["data"]>,
    children:
      first?.type === "paragraph"
        ? [{ ...first, children: [mark, ...first.children] }, ...others]
        : [{ type: "paragraph", children: [mark] }, ...children],
  };
}

/** Stickers have no caption; an album's caption would leave its keyboard without a place. */
function captionable(album: readonly MediaItem[], keyboard: Keyboard | undefined): boolean {
  return album.every(({ kind }) => kind !== "sticker") && (album.length === 1 || keyboard === undefined);
}

function captionOf(body: Root): Formatted | undefined {
  const rich = formatWithin(body, CAPTION_ROOM);
  return rich && rich.text !== "" ? toFormatted(rich) : undefined;
}

/** A caption too long for its place, or of a sticker, goes to the texts that follow. */
function withCaption(item: MediaItem, caption: string | undefined, homeless: RichText[]): MediaItem {
  if (!caption) return item;
  const root = textRoot(caption);
  const short = item.kind === "sticker" ? undefined : captionOf(root);
  if (short) return { ...item, caption: short };
  homeless.push(...splitFormatted(root));
  return item;
}

function finish(payloads: Payload[], keyboard: Keyboard | undefined): Payload[] {
  const last = payloads.at(-1);
  if (!last) {
    throw new SwitchboardError(
      "MSG_008",
      "There is nothing to show: no text, no attachment. Telegram sends no empty message.",
    );
  }
  const place = keyboard && last.type === "media" && last.items.length > 1 ? undefined : last;
  const complete: Payload[] = keyboard
    ? place
      ? [...payloads.slice(0, -1), { ...place, keyboard }]
      : [...payloads, { type: "text", text: "⌄", keyboard }]
    : payloads;
  return complete.map((payload, index) => (index === 0 ? payload : { ...payload, follows: true }));
}

function toFormatted({ text, entities }: RichText): Formatted {
  return { text, ...(entities.length > 0 && { entities }) };
}

/** The part with a note that the reader may have seen it. Every text has room for one; there is never a second. */
export function markDuplicate(part: OutboundPart): OutboundPart {
  const payload = fromPart(part);
  if (isNoted(payload)) return part;
  if (payload.type === "text") return toPart({ ...payload, ...noted(payload) });
  const [first, ...others] = payload.items;
  if (first.kind !== "sticker") {
    return toPart({ ...payload, items: [{ ...first, caption: noted(first.caption) }, ...others] });
  }
  // A sticker has no text: the note is a button that only copies itself.
  const note = DUPLICATE_NOTE.trim();
  return toPart({ ...payload, keyboard: [...(payload.keyboard ?? []), [{ text: note, copy_text: { text: note } }]] });
}

function isNoted(payload: Payload): boolean {
  const note = DUPLICATE_NOTE.trim();
  if (payload.type === "text") return payload.text.startsWith(note);
  const button = payload.keyboard?.at(-1)?.[0];
  return payload.items[0].caption?.text.startsWith(note) === true || button?.text === note;
}

function noted({ text, entities = [] }: Formatted = { text: "" }): Formatted {
  const moved = entities.map((entity) => ({ ...entity, offset: entity.offset + DUPLICATE_NOTE.length }));
  const note = { type: "italic", offset: 0, length: DUPLICATE_NOTE.trimEnd().length } as const;
  return { text: text === "" ? DUPLICATE_NOTE.trimEnd() : DUPLICATE_NOTE + text, entities: [note, ...moved] };
}
