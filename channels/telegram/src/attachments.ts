/** Outbound attachments as Telegram's media: which method takes a file, and what goes together as an album. */
import { type AttachmentKind, type OutboundAttachment, SwitchboardError } from "@switchboard/domain";
import type { MediaItem, MediaKind } from "./payload.ts";

const MB = 1024 * 1024;

/** Telegram's limits for uploads through the public Bot API. */
export const UPLOAD_BYTES: Readonly<Record<AttachmentKind, number>> = {
  image: 10 * MB,
  video: 50 * MB,
  audio: 50 * MB,
  voice: 50 * MB,
  document: 50 * MB,
  sticker: 512 * 1024,
};

/** What the Bot API takes for a photo. */
export const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp"];
/** Width and height together may be 10,000 pixels. */
export const PHOTO_SIDE = 5_000;

const ALBUM = 10;

/** The item without its caption. @throws MSG_003 when it is larger than Telegram takes in any form. */
export function toItem(attachment: OutboundAttachment): MediaItem {
  const { source, mimeType, fileName, size = 0 } = attachment;
  if (size > UPLOAD_BYTES.document) {
    throw new SwitchboardError("MSG_003", `The file has ${size} bytes; a bot may send ${UPLOAD_BYTES.document}.`);
  }
  return {
    kind: kindOf(attachment, size),
    source,
    ...(fileName !== undefined && { fileName }),
    ...(mimeType !== undefined && { mimeType }),
  };
}

/** What Telegram would refuse or alter in its own form goes as a plain file. */
function kindOf({ kind, mimeType }: OutboundAttachment, size: number): MediaKind {
  if (size > UPLOAD_BYTES[kind]) return "document";
  switch (kind) {
    case "image":
      if (mimeType === "image/gif") return "animation";
      return mimeType === "image/svg+xml" ? "document" : "photo";
    case "voice":
      return mimeType === undefined || /ogg|opus|mpeg|mp3|mp4|m4a|aac/.test(mimeType) ? "voice" : "audio";
    default:
      return kind;
  }
}

/** Neighbours that Telegram shows as one album, at most ten; everything else alone. */
export function toAlbums(items: readonly MediaItem[]): [MediaItem, ...MediaItem[]][] {
  const albums: [MediaItem, ...MediaItem[]][] = [];
  for (const item of items) {
    const last = albums.at(-1);
    const family = familyOf(item.kind);
    if (last && family && last.length < ALBUM && familyOf(last[0].kind) === family) last.push(item);
    else albums.push([item]);
  }
  return albums;
}

/** Photos and videos mix; files and music only with their like; the others stand alone. */
function familyOf(kind: MediaKind): "visual" | "document" | "audio" | undefined {
  switch (kind) {
    case "photo":
    case "video":
      return "visual";
    case "document":
    case "audio":
      return kind;
    default:
      return undefined;
  }
}
