/** Outbound attachments as the files of an MMS. */
import {
  type AttachmentKind,
  type AttachmentRules,
  type OutboundAttachment,
  SwitchboardError,
} from "@switchboard/domain";
import type { MediaItem } from "./payload.ts";

/**
 * `media_url` of Twilio's message resource: 5 MB for JPEG, PNG and GIF, which Twilio fits to the carrier; 500 KB for
 * everything else. Ten files a message, 5 MB together.
 */
const IMAGE_BYTES = 5 * 1024 * 1024;
const OTHER_BYTES = 500 * 1024;
const MOST_FILES = 10;
const MESSAGE_BYTES = 5 * 1024 * 1024;

/** The types are Twilio's list: https://www.twilio.com/docs/messaging/guides/accepted-mime-types */
const AUDIO: AttachmentRules = {
  maxBytes: OTHER_BYTES,
  types: [
    "audio/mpeg",
    "audio/mp4",
    "audio/ogg",
    "audio/aac",
    "audio/basic",
    "audio/L24",
    "audio/vnd.rn-realaudio",
    "audio/vnd.wave",
    "audio/3gpp",
    "audio/3gpp2",
    "audio/ac3",
    "audio/webm",
    "audio/amr-nb",
    "audio/amr",
  ],
};

/** What an MMS takes of each kind; there are no stickers. */
export const MEDIA_RULES = {
  image: { maxBytes: IMAGE_BYTES, types: ["image/jpeg", "image/png", "image/gif"] },
  video: {
    maxBytes: OTHER_BYTES,
    types: ["video/mp4", "video/mpeg", "video/quicktime", "video/webm", "video/3gpp", "video/3gpp2"],
  },
  audio: AUDIO,
  voice: AUDIO,
  document: {
    maxBytes: OTHER_BYTES,
    types: [
      "application/pdf",
      "application/msword",
      "application/vcard",
      "application/vnd.apple.pkpass",
      "application/vnd.ms-excel",
      "application/vnd.ms-powerpoint",
      "application/vnd.openxmlformats-officedocument.presentationml.presentation",
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      "text/calendar",
      "text/csv",
      "text/rtf",
      "text/vcard",
      "text/x-vcard",
    ],
  },
} satisfies Partial<Record<AttachmentKind, AttachmentRules>>;

function mostBytes(kind: AttachmentKind): number | undefined {
  return kind === "sticker" ? undefined : MEDIA_RULES[kind].maxBytes;
}

/** The files in as many messages as they need. @throws MSG_003 for one that is too large, MSG_008 for a sticker. */
export function toMessages(attachments: readonly OutboundAttachment[]): MediaItem[][] {
  const messages: MediaItem[][] = [];
  let room = 0;
  for (const attachment of attachments) {
    const item = toItem(attachment);
    const most = mostBytes(attachment.kind) ?? 0;
    const size = Math.min(attachment.size ?? most, most);
    const last = messages.at(-1);
    if (last && last.length < MOST_FILES && size <= room) last.push(item);
    else {
      messages.push([item]);
      room = MESSAGE_BYTES;
    }
    room -= size;
  }
  return messages;
}

function toItem({ kind, source, mimeType, fileName, size = 0 }: OutboundAttachment): MediaItem {
  const most = mostBytes(kind);
  if (most === undefined) throw new SwitchboardError("MSG_008", `An MMS carries no ${kind}.`);
  // Pictures are scaled until they fit.
  if (kind !== "image" && size > most) {
    throw new SwitchboardError("MSG_003", `The file has ${size} bytes; an MMS takes ${most} of this kind.`);
  }
  return {
    kind,
    source,
    ...(mimeType !== undefined && { mimeType }),
    ...(fileName !== undefined && { fileName }),
  };
}
