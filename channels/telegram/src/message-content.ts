/** What a Telegram message says, whatever it is made of. */
import {
  type AttachmentKind,
  type InboundAttachment,
  type InboundContent,
  sanitiseName,
  sanitiseText,
} from "@switchboard/domain";
import type { Message, MessageEntity, PhotoSize, Poll } from "grammy/types";
import { toMarkdown } from "./entities.ts";
import { richMessageText } from "./rich-message.ts";

/** The content, or `undefined` for a message that says nothing a person wrote, e.g. a service message. */
export function contentOf(message: Message): InboundContent | undefined {
  if (message.text !== undefined) return { type: "text", ...textOf(message.text, message.entities) };
  const attachment = attachmentOf(message);
  if (attachment) {
    const caption = message.caption ?? message.sticker?.emoji;
    return {
      type: attachment.kind,
      ...(caption && textOf(caption, message.caption_entities)),
      attachments: [attachment],
    };
  }
  return placeOf(message) ?? writtenOut(message);
}

function textOf(text: string, entities: MessageEntity[] | undefined): Pick<InboundContent, "text" | "markdown"> {
  const markdown = toMarkdown(text, entities);
  return { text: sanitiseText(text), ...(markdown !== undefined && { markdown: sanitiseText(markdown) }) };
}

/** The fields that files have in common; which of them a kind really has differs. */
interface FileLike {
  readonly file_id: string;
  readonly file_unique_id?: string;
  readonly file_name?: string | undefined;
  readonly file_size?: number | undefined;
  readonly mime_type?: string | undefined;
  readonly duration?: number;
  readonly width?: number;
  readonly height?: number;
}

function attachmentOf(message: Message): InboundAttachment | undefined {
  const { photo, sticker, video_note, animation, video, audio, voice, document } = message;
  if (photo) {
    const largest = largestOf(photo);
    return largest && toAttachment("image", largest, "image/jpeg");
  }
  if (sticker) {
    const mimeType = sticker.is_animated ? "application/x-tgsticker" : sticker.is_video ? "video/webm" : "image/webp";
    return toAttachment("sticker", sticker, mimeType);
  }
  // An animation comes as a document too, for old clients.
  if (animation) return toAttachment("video", animation, "video/mp4");
  if (video) return toAttachment("video", video, "video/mp4");
  if (video_note) {
    const size = { width: video_note.length, height: video_note.length };
    return toAttachment("video", { ...video_note, ...size }, "video/mp4");
  }
  if (audio) return toAttachment("audio", audio, "audio/mpeg");
  if (voice) return toAttachment("voice", voice, "audio/ogg");
  return document && toAttachment("document", document, undefined);
}

function largestOf(sizes: readonly PhotoSize[]): PhotoSize | undefined {
  return sizes.reduce<PhotoSize | undefined>(
    (best, each) => (best && best.width * best.height >= each.width * each.height ? best : each),
    undefined,
  );
}

function toAttachment(kind: AttachmentKind, file: FileLike, usualType: string | undefined): InboundAttachment {
  const mimeType = file.mime_type ?? usualType;
  return {
    kind,
    ref: { fileId: String(file.file_id), ...(file.file_size !== undefined && { size: file.file_size }) },
    ...(mimeType !== undefined && { mimeType: sanitiseName(mimeType) }),
    ...(file.file_name && { fileName: sanitiseName(file.file_name) }),
    ...(file.file_size !== undefined && { size: file.file_size }),
    ...(file.duration !== undefined && { durationMs: file.duration * 1000 }),
    ...(file.width !== undefined && { width: file.width }),
    ...(file.height !== undefined && { height: file.height }),
  };
}

function placeOf({ venue, location, contact }: Message): InboundContent | undefined {
  if (venue) {
    const { latitude, longitude } = venue.location;
    const title = sanitiseName(venue.title);
    return { type: "location", location: { latitude, longitude, title, address: sanitiseName(venue.address) } };
  }
  if (location) {
    return { type: "location", location: { latitude: location.latitude, longitude: location.longitude } };
  }
  if (contact) {
    const name = sanitiseName([contact.first_name, contact.last_name].filter(Boolean).join(" "));
    return { type: "contact", contact: { name, phone: sanitiseName(contact.phone_number) } };
  }
  return undefined;
}

/** Things that are no text but can be read as one. */
function writtenOut({ poll, dice, checklist, game, story, rich_message }: Message): InboundContent | undefined {
  if (poll) return { type: "poll", text: sanitiseText(describePoll(poll)) };
  if (dice) return { type: "text", text: sanitiseText(`${dice.emoji} ${dice.value}`) };
  if (checklist) {
    const tasks = checklist.tasks.map((task) => `${task.completion_date ? "☑" : "☐"} ${task.text}`);
    return { type: "text", text: sanitiseText([checklist.title, ...tasks].join("\n")) };
  }
  if (game) return { type: "text", text: sanitiseText([game.title, game.description].join("\n")) };
  if (rich_message) {
    const text = sanitiseText(richMessageText(rich_message)).trim();
    return text === "" ? undefined : { type: "text", text };
  }
  return story && { type: "text", text: "[story]" };
}

function describePoll(poll: Poll): string {
  const votes = poll.total_voter_count > 0;
  const options = poll.options.map(({ text, voter_count }) => `- ${text}${votes ? ` (${voter_count})` : ""}`);
  const kind = `${poll.type === "quiz" ? "Quiz" : "Poll"}${poll.is_closed ? ", closed" : ""}`;
  return [`${kind}: ${poll.question}`, ...options].join("\n");
}
