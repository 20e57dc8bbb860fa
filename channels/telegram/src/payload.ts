/** What a rendered part holds: stored as JSON between rendering and sending, so its shape is kept readable for older ones. */
import { cutPreview, storedPayload } from "@switchboard/channel-kit/parts";
import type { AttachmentKind, Json, OutboundAttachment, OutboundPart } from "@switchboard/domain";
import type { InlineKeyboardButton, MessageEntity } from "grammy/types";

export interface Formatted {
  readonly text: string;
  readonly entities?: readonly MessageEntity[];
}

export type Keyboard = readonly (readonly InlineKeyboardButton[])[];

interface Common {
  readonly keyboard?: Keyboard;
  /** Not the first part of its content: does not repeat the reply. */
  readonly follows?: boolean;
}

interface TextPayload extends Common, Formatted {
  readonly type: "text";
}

/** How Telegram takes a file; each has its own method. */
export type MediaKind = "photo" | "video" | "animation" | "audio" | "voice" | "document" | "sticker";

export interface MediaItem {
  readonly kind: MediaKind;
  readonly source: OutboundAttachment["source"];
  readonly fileName?: string;
  readonly mimeType?: string;
  readonly caption?: Formatted;
}

/** Several items are one album; they have no keyboard. */
export interface MediaPayload extends Common {
  readonly type: "media";
  readonly items: readonly [MediaItem, ...MediaItem[]];
}

export type Payload = TextPayload | MediaPayload;

export function toPart(payload: Payload): OutboundPart {
  const preview = payload.type === "text" ? payload.text : payload.items.map(describe).join("\n");
  return {
    payload: payload as unknown as Json,
    preview: cutPreview(preview),
    editable: payload.type === "text",
  };
}

/** @throws MSG_001 for something that `toPart` did not make. */
export function fromPart(part: OutboundPart): Payload {
  return storedPayload<Payload>(part, ({ type }) => type === "text" || type === "media");
}

/** Telegram's kinds in the words of attachments. */
export const labels: Readonly<Record<MediaKind, AttachmentKind>> = {
  photo: "image",
  video: "video",
  animation: "video",
  audio: "audio",
  voice: "voice",
  document: "document",
  sticker: "sticker",
};

function describe({ kind, fileName, caption }: MediaItem): string {
  return `[${labels[kind]}${fileName ? `: ${fileName}` : ""}]${caption ? ` ${caption.text}` : ""}`;
}
