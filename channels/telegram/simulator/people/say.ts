/** Somebody writes. */
import type { MessageEntity } from "@grammyjs/types";
import { SwitchboardError } from "@switchboard/domain";
import { withDetected } from "../text/detect.ts";
import { normalise } from "../text/formatted-text.ts";
import { parseTyped } from "../text/typed.ts";
import { announceMessage } from "../updates/announce.ts";
import type { Chat, StoredMessage } from "../world/chats.ts";
import type { NewFile } from "../world/files.ts";
import { mediaContent, storeFile } from "../world/media.ts";
import { isIn, statusOf } from "../world/members.ts";
import type { Person } from "../world/people.ts";
import { type Content, post } from "../world/post.ts";
import type { World } from "../world/world.ts";
import { join, unblock } from "./membership.ts";

/** Longest text and caption of one message, in UTF-16 code units. */
export const TEXT_LIMIT = 4096;
export const CAPTION_LIMIT = 1024;

export interface Say {
  readonly from: Person;
  readonly chat: Chat;
  readonly text?: string;
  /** Read `**bold**` and the like, as a client does while one types. */
  readonly markdown?: boolean;
  readonly files?: readonly NewFile[];
  /** Anything else a message can be: a location, a contact, a poll. */
  readonly content?: Content;
  readonly thread?: number;
  readonly replyTo?: StoredMessage;
}

/** Returns what was said: more than one message when the text is too long for one, or the files make an album. */
export function say(world: World, input: Say): readonly [StoredMessage, ...StoredMessage[]] {
  const { from, chat } = input;
  admit(world, from, chat);
  const [first, ...rest] = contents(world, input);
  if (!first) throw new SwitchboardError("REQ_001", "Nothing to say: give a text, a file or another content");
  return [put(world, input, first), ...rest.map((content) => put(world, input, content))];
}

function put(world: World, { from, chat, thread, replyTo }: Say, content: Content): StoredMessage {
  const message = post(world, {
    chat,
    author: from.user,
    content,
    ...(thread !== undefined && { thread }),
    ...(replyTo && { replyTo }),
  });
  announceMessage(world, message);
  return message;
}

/** Who writes is in the chat afterwards, and no longer blocks the bot: clients see to both. */
function admit(world: World, person: Person, chat: Chat): void {
  if (chat.wire.type !== "private") {
    if (!isIn(statusOf(chat, person.user.id))) join(world, chat, person);
    return;
  }
  if (chat.id !== person.user.id) throw new SwitchboardError("REQ_001", `${person.name} is not in this private chat`);
  if (person.blocked) unblock(world, person);
  if (person.started) return;
  person.started = true;
  world.people.keep(person);
}

function contents(world: World, { text, markdown = false, files = [], content }: Say): Content[] {
  const formatted = written(text ?? "", markdown);
  const caption = captionContent(formatted.text, formatted.entities);
  if (content) return [{ ...content, ...(formatted.text !== "" && caption) }];
  if (files.length > 0) {
    const album = files.length > 1 ? { media_group_id: String(1e13 + Math.floor(Math.random() * 1e12)) } : {};
    return files.map((file, index) => ({
      ...mediaContent(world.files, storeFile(world.files, file)),
      ...album,
      ...(index === 0 && formatted.text !== "" && caption),
    }));
  }
  if (formatted.text.length <= TEXT_LIMIT) {
    return formatted.text === "" ? [] : [textContent(formatted.text, formatted.entities)];
  }
  return pieces(formatted.text).map((piece) => textContent(piece, withDetected(piece, [])));
}

/** Text as the platform stores it when a person wrote it. */
export function written(text: string, markdown: boolean): { text: string; entities: readonly MessageEntity[] } {
  const typed = markdown ? parseTyped(text) : { text, entities: [] };
  const { text: cleaned, entities } = normalise(typed.text, typed.entities);
  return { text: cleaned, entities: withDetected(cleaned, entities) };
}

/** As clients do: as many messages as it takes, no character cut in two. */
function pieces(text: string): string[] {
  const result: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + TEXT_LIMIT, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
    result.push(text.slice(at, end));
    at = end;
  }
  return result;
}

export function textContent(text: string, entities: readonly MessageEntity[]): Content {
  return { text, ...(entities.length > 0 && { entities: [...entities] }) };
}

export function captionContent(caption: string, entities: readonly MessageEntity[]): Content {
  return { caption, ...(entities.length > 0 && { caption_entities: [...entities] }) };
}
