/** Content as WhatsApp messages, each within the platform's limits. Pure. */
import {
  type OutboundAttachment,
  type OutboundContent,
  type OutboundPart,
  parseMarkdown,
  SwitchboardError,
  textRoot,
} from "@switchboard/domain";
import type { BlockContent, Blockquote, Root } from "mdast";
import { ATTACHMENTS, takesCaption } from "./attachments.ts";
import { payloadIn } from "./code-blocks.ts";
import { toControls } from "./controls.ts";
import { DUPLICATE_NOTE, formatWithin, splitFormatted } from "./format.ts";
import { fromPart, type MediaPayload, type Payload, toPart } from "./payload.ts";

/** Characters of a caption and of the text above buttons. */
const SHORT = 1024;
const SHORT_ROOM = SHORT - DUPLICATE_NOTE.length;
/** Stands where WhatsApp demands a text and there is none. */
const ARROW = "⌄";

/**
 * Attachments first, then the text; a text short enough is the caption of the only attachment, or stands above the
 * buttons. @throws MSG_003 or MSG_008 when WhatsApp cannot show it.
 */
export function render(content: OutboundContent): OutboundPart[] {
  const asked = payloadIn(content);
  if (asked) return [toPart(asked)];
  const { interactives, lines } = toControls(content.controls);
  const body = bodyOf(content, lines);
  const attachments = content.attachments ?? [];
  const [first, ...others] = attachments;
  const caption =
    first && others.length === 0 && interactives.length === 0 && !first.caption?.trim() && takesCaption(first.kind)
      ? formatWithin(body, SHORT_ROOM)
      : undefined;
  const texts: string[] = [];
  const payloads: Payload[] = attachments.map((attachment) => mediaOf(attachment, caption, texts));
  if (caption === undefined) payloads.push(...textsOf(body, texts, interactives));
  if (payloads.length === 0) {
    throw new SwitchboardError(
      "MSG_008",
      "There is nothing to show: no text, no attachment. WhatsApp sends no empty message.",
    );
  }
  return payloads.map((payload, index) => toPart(index === 0 ? payload : { ...payload, follows: true }));
}

function textsOf(
  body: Root,
  homeless: readonly string[],
  [first, ...more]: ReturnType<typeof toControls>["interactives"],
): Payload[] {
  const plain = homeless.map((text): Payload => ({ type: "text", text }));
  if (!first) return [...plain, ...splitFormatted(body).map((text): Payload => ({ type: "text", text }))];
  const short = formatWithin(body, SHORT_ROOM);
  const before = short === undefined ? splitFormatted(body).map((text): Payload => ({ type: "text", text })) : [];
  return [
    ...plain,
    ...before,
    { type: "interactive", text: short || ARROW, interactive: first },
    ...more.map((interactive): Payload => ({ type: "interactive", text: ARROW, interactive })),
  ];
}

/** The text with the model's reasoning before it, quoted, and what the controls have to say behind it. */
function bodyOf({ body, thinking }: OutboundContent, lines: readonly string[]): Root {
  return {
    type: "root",
    children: [
      ...(thinking?.trim() ? [reasoning(thinking)] : []),
      ...body.children,
      ...lines.flatMap((line) => textRoot(line).children),
    ],
  };
}

function reasoning(thinking: string): Blockquote {
  const children = parseMarkdown(thinking).children as BlockContent[];
  const [first, ...others] = children;
  const mark = { type: "text", value: "💭 " } as const;
  return {
    type: "blockquote",
    children:
      first?.type === "paragraph"
        ? [{ ...first, children: [mark, ...first.children] }, ...others]
        : [{ type: "paragraph", children: [mark] }, ...children],
  };
}

/** A caption too long for its place, or of something that has none, goes to the texts that follow. */
function mediaOf(attachment: OutboundAttachment, shared: string | undefined, homeless: string[]): MediaPayload {
  const { fileName, kind, mimeType, size = 0, source } = attachment;
  const most = ATTACHMENTS.document?.maxBytes ?? 0;
  if (size > most) throw new SwitchboardError("MSG_003", `The file has ${size} bytes; WhatsApp takes ${most}.`);
  // What is too large in its own form goes as a plain file.
  const asDocument = size > (ATTACHMENTS[kind]?.maxBytes ?? 0);
  const own = attachment.caption?.trim() ? textRoot(attachment.caption.trim()) : undefined;
  const short = own && (asDocument || takesCaption(kind)) ? formatWithin(own, SHORT_ROOM) : undefined;
  if (own && short === undefined) homeless.push(...splitFormatted(own));
  const caption = short ?? shared;
  return {
    type: "media",
    kind: asDocument ? "document" : kind,
    source,
    ...(fileName !== undefined && { fileName }),
    ...(mimeType !== undefined && { mimeType }),
    ...(caption && { caption }),
  };
}

const NOTE = DUPLICATE_NOTE.trimEnd();

/** The part with a note that the reader may have seen it. Every text has room for one; there is never a second. */
export function markDuplicate(part: OutboundPart): OutboundPart {
  const payload = fromPart(part);
  switch (payload.type) {
    case "template":
    case "location":
    case "contacts":
      return payload.repeat ? part : toPart({ ...payload, repeat: true });
    case "media": {
      const { caption = "", kind } = payload;
      if (caption.startsWith(NOTE)) return part;
      // Sound and stickers have no caption: a repeat of them goes as a file.
      const form = takesCaption(kind) ? {} : { asDocument: true };
      return toPart({ ...payload, ...form, caption: caption === "" ? NOTE : DUPLICATE_NOTE + caption });
    }
    default:
      return payload.text.startsWith(NOTE) ? part : toPart({ ...payload, text: DUPLICATE_NOTE + payload.text });
  }
}
