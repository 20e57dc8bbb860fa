/**
 * What WhatsApp takes as files:
 * https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types
 */
import type { AttachmentKind, Capabilities } from "@switchboard/domain";

const MB = 1024 * 1024;
const AUDIO = ["audio/mpeg", "audio/mp4", "audio/aac", "audio/amr", "audio/ogg"];

export const ATTACHMENTS: Capabilities["attachments"] = {
  image: { maxBytes: 5 * MB, types: ["image/jpeg", "image/png"] },
  video: { maxBytes: 16 * MB, types: ["video/mp4", "video/3gpp"] },
  audio: { maxBytes: 16 * MB, types: AUDIO },
  voice: { maxBytes: 16 * MB, types: AUDIO },
  document: { maxBytes: 100 * MB },
  sticker: { maxBytes: 500 * 1024, types: ["image/webp"] },
};

/** How WhatsApp calls a file; voice messages are sound for it. */
export type MediaKind = "image" | "video" | "audio" | "document" | "sticker";

export function mediaKind(kind: AttachmentKind): MediaKind {
  return kind === "voice" ? "audio" : kind;
}

/** Sound and stickers have no caption. */
export function takesCaption(kind: AttachmentKind): boolean {
  return kind === "image" || kind === "video" || kind === "document";
}
