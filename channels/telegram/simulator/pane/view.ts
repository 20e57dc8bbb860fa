/** What the pane shows, taken from the world. Only worked out while a pane is open. */
import type { InlineKeyboardButton, Message } from "@grammyjs/types";
import { fileOf } from "../view.ts";
import type { Change } from "../world/changes.ts";
import { type Chat, chatTitle } from "../world/chats.ts";
import { botHears, usersIn } from "../world/members.ts";
import { inlineRows, isService, type StoredMessage, textOf } from "../world/message.ts";
import { REACTIONS } from "../world/reactions.ts";
import type { World } from "../world/world.ts";
import type {
  PaneButton,
  PaneChat,
  PaneEvent,
  PaneMedia,
  PaneMessage,
  PanePerson,
  PaneState,
} from "./shared/protocol.ts";

export function paneState(world: World): PaneState {
  const { self } = world;
  return {
    bot: { id: self.id, name: world.bot.texts.name || self.first_name, username: self.username ?? "" },
    people: panePeople(world),
    chats: [...world.chats.all()].map((chat) => paneChat(world, chat)),
    commands: world.bot.commands["default///"] ?? [],
    reactions: REACTIONS,
  };
}

export function panePeople(world: World): PanePerson[] {
  return world.people.all().map(({ name, user, blocked }) => ({
    id: user.id,
    name,
    ...(user.username !== undefined && { username: user.username }),
    blocked,
  }));
}

export function paneChat(world: World, chat: Chat): PaneChat {
  const { wire } = chat;
  const last = newest(chat);
  const people = usersIn(world, chat).filter(({ user }) => user.id !== world.self.id);
  return {
    id: String(chat.id),
    kind: wire.type,
    title: chatTitle(chat),
    forum: wire.is_forum === true,
    topics: [...chat.topics.values()].map(({ id, name, color, closed }) => ({ id, name, color, closed })),
    members: wire.type === "private" ? [chat.id] : people.map(({ user }) => user.id),
    botIn: botHears(world, chat),
    ...(chat.migratedTo !== undefined && { successor: String(chat.migratedTo) }),
    ...(last && { last: paneMessage(world, last) }),
  };
}

/** The newest `count` messages before a given one, oldest first. */
export function paneMessages(world: World, chat: Chat, before = Number.POSITIVE_INFINITY, count = 60): PaneMessage[] {
  const shown = [...chat.messages.values()].filter(({ wire, deleted }) => !deleted && wire.message_id < before);
  return shown.slice(-count).map((message) => paneMessage(world, message));
}

export function paneEvent(world: World, change: Change): PaneEvent {
  switch (change.kind) {
    case "message":
      return { kind: "message", message: paneMessage(world, change.message) };
    case "chat":
      return { kind: "chat", chat: paneChat(world, change.chat), people: panePeople(world) };
    case "callback":
      return { kind: "answer", query: change.query, ...change.answer };
    default: {
      const { chat, ...rest } = change;
      return withoutUndefined({ ...rest, chat: String(chat.id) });
    }
  }
}

function withoutUndefined(event: Record<string, unknown>): PaneEvent {
  return JSON.parse(JSON.stringify(event)) as PaneEvent;
}

export function paneMessage(world: World, message: StoredMessage): PaneMessage {
  const { wire, replyTo, keyboard } = message;
  const { text, entities } = textOf(wire);
  const { venue, location, contact, poll } = wire;
  const media = paneMedia(world, wire);
  const quoted = replyTo === undefined ? undefined : wire.reply_to_message;
  const forwarded = forwardedFrom(wire);
  return {
    id: wire.message_id,
    chat: String(wire.chat.id),
    ...(wire.is_topic_message && wire.message_thread_id !== undefined && { thread: wire.message_thread_id }),
    from: { id: wire.from?.id ?? wire.chat.id, name: author(world, wire) },
    fromBot: message.fromBot,
    at: wire.date * 1000,
    text: wire.dice ? `${wire.dice.emoji} ${wire.dice.value}` : text,
    entities,
    ...(message.service && { service: serviceText(world, wire) }),
    ...(media && { media }),
    ...(wire.media_group_id !== undefined && { album: wire.media_group_id }),
    ...(location && {
      place: {
        latitude: location.latitude,
        longitude: location.longitude,
        ...(venue && { title: `${venue.title}, ${venue.address}` }),
      },
    }),
    ...(contact && {
      contact: { name: [contact.first_name, contact.last_name].filter(Boolean).join(" "), phone: contact.phone_number },
    }),
    ...(poll && {
      poll: { question: poll.question, options: poll.options.map((option) => option.text), closed: poll.is_closed },
    }),
    ...(forwarded !== undefined && { forwardedFrom: forwarded }),
    ...(quoted && {
      reply: { id: quoted.message_id, name: author(world, quoted), text: wire.quote?.text ?? gist(world, quoted) },
    }),
    buttons: inlineRows(wire).map((row) => row.map(paneButton)),
    ...(keyboard && { keyboard }),
    reactions: paneReactions(message),
    edited: wire.edit_date !== undefined && !message.service,
    deleted: message.deleted,
  };
}

function newest(chat: Chat): StoredMessage | undefined {
  let last: StoredMessage | undefined;
  for (const message of chat.messages.values()) if (!message.deleted) last = message;
  return last;
}

function author(world: World, wire: Message): string {
  const { from } = wire;
  if (!from) return wire.chat.type === "private" ? "" : (wire.chat.title ?? "");
  if (from.id === world.self.id) return world.bot.texts.name || from.first_name;
  return [from.first_name, from.last_name].filter(Boolean).join(" ");
}

/** One line about a message. */
function gist(world: World, wire: Message): string {
  const { text } = textOf(wire);
  if (text !== "") return text.slice(0, 200);
  if (isService(wire)) return serviceText(world, wire);
  return fileOf(wire)?.kind ?? "message";
}

function paneButton(button: InlineKeyboardButton): PaneButton {
  return {
    label: button.text,
    ...(button.style !== undefined && { style: button.style }),
    ...("url" in button && { url: button.url }),
    ...("copy_text" in button && { copy: button.copy_text.text }),
  };
}

function paneMedia(world: World, wire: Message): PaneMedia | undefined {
  const found = fileOf(wire);
  const file = found && world.files.byId(found.id);
  if (!found || !file) return undefined;
  return {
    kind: found.kind,
    file: file.id,
    ...(file.name !== undefined && { name: file.name }),
    ...(file.mimeType !== undefined && { mimeType: file.mimeType }),
    size: file.size,
    ...(file.width !== undefined && { width: file.width }),
    ...(file.height !== undefined && { height: file.height }),
    spoiler: wire.has_media_spoiler === true,
  };
}

function paneReactions({ reactions }: StoredMessage): PaneMessage["reactions"] {
  const byEmoji = new Map<string, number[]>();
  for (const [user, emojis] of reactions) {
    for (const emoji of emojis) byEmoji.set(emoji, [...(byEmoji.get(emoji) ?? []), user]);
  }
  return [...byEmoji].map(([emoji, by]) => ({ emoji, by }));
}

function forwardedFrom({ forward_origin: origin }: Message): string | undefined {
  switch (origin?.type) {
    case "user":
      return [origin.sender_user.first_name, origin.sender_user.last_name].filter(Boolean).join(" ");
    case "channel":
      return origin.chat.title;
    case "hidden_user":
      return origin.sender_user_name;
    default:
      return undefined;
  }
}

function serviceText(world: World, wire: Message): string {
  const who = author(world, wire);
  const names = wire.new_chat_members?.map(({ first_name, last_name }) =>
    [first_name, last_name].filter(Boolean).join(" "),
  );
  if (names) return names.join() === who ? `${who} joined the group` : `${who} added ${names.join(", ")}`;
  if (wire.left_chat_member) {
    const { first_name, id } = wire.left_chat_member;
    return id === wire.from?.id ? `${who} left the group` : `${who} removed ${first_name}`;
  }
  if (wire.new_chat_title !== undefined) return `${who} changed the group name to “${wire.new_chat_title}”`;
  if (wire.pinned_message) return `${who} pinned a message`;
  if (wire.forum_topic_created) return `${who} created the topic “${wire.forum_topic_created.name}”`;
  if (wire.forum_topic_edited) return `${who} renamed the topic to “${wire.forum_topic_edited.name}”`;
  if (wire.forum_topic_closed) return `${who} closed the topic`;
  if (wire.forum_topic_reopened) return `${who} reopened the topic`;
  if (wire.migrate_to_chat_id !== undefined) return "The group became a supergroup";
  if (wire.migrate_from_chat_id !== undefined) return "This was a basic group before";
  return `${who} created the group`;
}
