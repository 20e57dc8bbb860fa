/** What people do: write, send files, react, press buttons. Doing anything reads what the account wrote before. */
import { hash, randomInt } from "node:crypto";
import { type AttachmentKind, SwitchboardError } from "@switchboard/domain";
import { choicesOf, type InteractiveContent } from "./api/checks.ts";
import { tell, tellMessage, tellStatus } from "./events.ts";
import { templateButtons } from "./templates.ts";
import { keepMedia, type Media, type Message, type Person, post, type World } from "./world.ts";

export interface Say {
  readonly from: Person;
  readonly phone: string;
  readonly text?: string;
  readonly replyTo?: string;
  readonly attach?: {
    readonly kind: AttachmentKind;
    readonly bytes: Uint8Array;
    readonly fileName?: string;
    readonly mimeType?: string;
  };
  /** Anything else that WhatsApp can send, by its type and content. */
  readonly other?: { readonly type: string; readonly content: Readonly<Record<string, unknown>> };
}

export function say(world: World, { attach, from, other, phone, replyTo, text = "" }: Say): Message {
  wrote(world, from, phone);
  const content = other ?? (attach ? fileContent(world, attach, text) : { type: "text", content: { body: text } });
  const message = post(world, {
    chat: from.id,
    phone,
    fromAccount: false,
    ...content,
    ...(replyTo !== undefined && { replyTo }),
  });
  tellMessage(world, message);
  return message;
}

function fileContent(world: World, attach: NonNullable<Say["attach"]>, caption: string) {
  const { bytes, fileName, kind, mimeType = "application/octet-stream" } = attach;
  const media = newMedia(world, bytes, mimeType, fileName);
  const type = kind === "voice" ? "audio" : kind;
  return {
    type,
    content: {
      mime_type: mimeType,
      sha256: media.sha256,
      id: media.id,
      ...(caption !== "" && { caption }),
      ...(type === "audio" && { voice: kind === "voice" }),
      ...(type === "sticker" && { animated: false }),
      ...(type === "document" && { filename: fileName ?? "file" }),
    },
  };
}

export function newMedia(world: World, bytes: Uint8Array, mimeType: string, fileName: string | undefined): Media {
  const media: Media = {
    id: String(randomInt(10 ** 12, 10 ** 13)) + String(world.numbers.next()),
    mimeType,
    sha256: hash("sha256", bytes, "base64"),
    size: bytes.byteLength,
    ...(fileName !== undefined && { fileName }),
  };
  keepMedia(world, media, bytes);
  return media;
}

/** The same emoji again takes it back. */
export function react(world: World, person: Person, message: Message, emoji: string): void {
  wrote(world, person, message.phone);
  const { [person.id]: present, ...others } = message.reactions;
  const removed = present === emoji;
  message.reactions = removed ? others : { ...others, [person.id]: emoji };
  world.history.keep(message);
  world.changes.tell({ kind: "message", message });
  const number = world.numbers.next();
  const content = { message_id: message.id, emoji: removed ? "" : emoji };
  const id = `wamid.${Buffer.from(`${world.account.phones[0]}:${number}`).toString("base64")}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  tell(world, message.phone, person.id, {
    contacts: [{ profile: { name: person.name }, wa_id: person.id }],
    messages: [{ from: person.id, id, timestamp, type: "reaction", reaction: content }],
  });
}

/** Resolves with the message that says so, or with the address that a link button opens. */
export function press(
  world: World,
  person: Person,
  message: Message,
  label: string,
): Message | { readonly url: string } {
  const own = templateButtons(world, message).find((button) => button.label === label);
  if (own?.url !== undefined) return { url: own.url };
  if (own) {
    wrote(world, person, message.phone);
    const content = { payload: own.payload, text: own.label };
    const said = { chat: person.id, phone: message.phone, fromAccount: false, type: "button", content };
    const pressed = post(world, { ...said, replyTo: message.id });
    tellMessage(world, pressed);
    return pressed;
  }
  if (message.type !== "interactive") throw new SwitchboardError("REQ_002", "That message has no buttons");
  const content = message.content as unknown as InteractiveContent;
  const { parameters } = content.action;
  if (parameters?.display_text === label) return { url: parameters.url };
  const chosen = choicesOf(content).find(({ title }) => title === label);
  if (!chosen) throw new SwitchboardError("REQ_002", `There is no button "${label}"`);
  const reply = content.type === "list" ? "list_reply" : "button_reply";
  const { id, title, description } = chosen;
  wrote(world, person, message.phone);
  const said = post(world, {
    chat: person.id,
    phone: message.phone,
    fromAccount: false,
    type: "interactive",
    content: {
      type: reply,
      [reply]: { id, title, ...(reply === "list_reply" && { description: description ?? "" }) },
    },
    replyTo: message.id,
  });
  tellMessage(world, said);
  return said;
}

/** Opens the window, and whatever was there has been read. */
function wrote(world: World, person: Person, phone: string): void {
  person.wroteAt = Date.now();
  world.people.keep(person);
  const read = [...world.unread].filter((message) => message.chat === person.id && message.phone === phone);
  for (const message of read) tellStatus(world, message, "read");
}

/** A day passes without a word of them. */
export function lapse(world: World, person: Person): void {
  person.wroteAt = 0;
  world.people.keep(person);
  world.changes.tell({ kind: "chat", person });
}
