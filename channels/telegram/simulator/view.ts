/** Messages of the bot as tests and the bench look at them. What costs something is worked out when it is asked for. */
import type { Message } from "@grammyjs/types";
import type { AttachmentKind, ConversationId, MessageId, SimulatedMessage, ThreadId } from "@switchboard/domain";
import { toHtml } from "./text/to-html.ts";
import type { StoredMessage } from "./world/chats.ts";
import type { Files } from "./world/files.ts";
import { inlineRows, textOf } from "./world/message.ts";

type Attachment = SimulatedMessage["attachments"][number];

const views = new WeakMap<StoredMessage, MessageView>();

/** How a message looks now. As long as nothing about it changes this is always the same object. */
export function viewOf(message: StoredMessage, files: Files): SimulatedMessage {
  const known = views.get(message);
  if (known?.shows(message)) return known;
  const view = new MessageView(message, files);
  views.set(message, view);
  return view;
}

class MessageView implements SimulatedMessage {
  readonly #message: StoredMessage;
  readonly #wire: Message;
  readonly #files: Files;
  readonly id: MessageId;
  readonly conversation: ConversationId;
  readonly thread?: ThreadId;
  readonly text: string;
  readonly replyTo?: MessageId;
  readonly at: number;
  readonly edits: number;
  readonly deleted: boolean;

  constructor(message: StoredMessage, files: Files) {
    const { wire, replyTo } = message;
    this.#message = message;
    this.#wire = wire;
    this.#files = files;
    this.id = String(wire.message_id) as MessageId;
    this.conversation = String(wire.chat.id) as ConversationId;
    if (wire.is_topic_message) this.thread = String(wire.message_thread_id) as ThreadId;
    this.text = shownText(wire);
    if (replyTo !== undefined) this.replyTo = String(replyTo) as MessageId;
    this.at = wire.date * 1000;
    this.edits = message.edits;
    this.deleted = message.deleted;
  }

  /** Whether this is still what the message looks like. */
  shows({ wire, deleted }: StoredMessage): boolean {
    return this.#wire === wire && this.deleted === deleted;
  }

  get html(): string {
    const { text, entities } = textOf(this.#wire);
    return text === "" ? toHtml(this.text, []) : toHtml(text, entities);
  }

  get controls(): SimulatedMessage["controls"] {
    const inline = inlineRows(this.#wire).map((row) =>
      row.map((button) => ({ label: button.text, ...("url" in button && { url: button.url }) })),
    );
    const keyboard = (this.#message.keyboard ?? []).map((row) => row.map((label) => ({ label })));
    return [...inline, ...keyboard];
  }

  get attachments(): readonly Attachment[] {
    const found = fileOf(this.#wire);
    const file = found && this.#files.byId(found.id);
    if (!found || !file) return [];
    return [
      {
        kind: found.kind,
        ...(file.name !== undefined && { fileName: file.name }),
        ...(file.mimeType !== undefined && { mimeType: file.mimeType }),
        bytes: this.#files.bytes(file) ?? new Uint8Array(),
      },
    ];
  }
}

/** Whether the bot said it, rather than did it. */
export function isSent(message: StoredMessage): boolean {
  return message.fromBot && !message.service;
}

/** The file that a message shows, and what Switchboard calls its kind. */
export function fileOf(wire: Message): { readonly id: string; readonly kind: AttachmentKind } | undefined {
  const { photo, animation, video, video_note, audio, voice, sticker, document } = wire;
  const largest = photo?.at(-1);
  if (largest) return { id: largest.file_id, kind: "image" };
  const moving = animation ?? video ?? video_note;
  if (moving) return { id: moving.file_id, kind: "video" };
  if (audio) return { id: audio.file_id, kind: "audio" };
  if (voice) return { id: voice.file_id, kind: "voice" };
  if (sticker) return { id: sticker.file_id, kind: "sticker" };
  return document && { id: document.file_id, kind: "document" };
}

/** What a reader sees of a message that has no text of its own. */
export function shownText(wire: Message): string {
  const { text } = textOf(wire);
  if (text !== "") return text;
  if (wire.venue) return `${wire.venue.title}\n${wire.venue.address}`;
  if (wire.location) return `${wire.location.latitude}, ${wire.location.longitude}`;
  if (wire.contact) {
    const { first_name, last_name, phone_number } = wire.contact;
    return `${[first_name, last_name].filter(Boolean).join(" ")}\n${phone_number}`;
  }
  if (wire.poll) return [wire.poll.question, ...wire.poll.options.map((option) => `- ${option.text}`)].join("\n");
  return wire.dice ? `${wire.dice.emoji} ${wire.dice.value}` : "";
}
