/** What the pane shows, taken from the world. Only worked out while a pane is open. */
import type { InlineKeyboardButton, Message } from "@grammyjs/types";
import type {
  PaneButton,
  PaneCard,
  PaneChange,
  PaneChat,
  PaneEvent,
  PaneMedia,
  PaneMessage,
  PanePerson,
  PaneState,
} from "@switchboard/simulator-kit";
import { typedForm } from "../text/typed-form.ts";
import { fileOf } from "../view.ts";
import type { Change } from "../world/changes.ts";
import { type Chat, chatTitle, type StoredMessage } from "../world/chats.ts";
import { botHears, usersIn } from "../world/members.ts";
import { inlineRows, isService, textOf } from "../world/message.ts";
import { REACTIONS } from "../world/reactions.ts";
import type { World } from "../world/world.ts";
import { chatMenu, isBlocked, newChats } from "./menus.ts";
import { richText } from "./rich.ts";

/** Offered without looking for them. */
const QUICK_REACTIONS: readonly string[] = ["👍", "❤", "🔥", "🎉", "😁", "🤔", "👀"];

const actions: Readonly<Record<string, string>> = {
  upload_photo: "sending a photo",
  upload_video: "sending a video",
  record_video: "recording a video",
  upload_voice: "sending a voice message",
  record_voice: "recording a voice message",
  upload_document: "sending a file",
  choose_sticker: "choosing a sticker",
  find_location: "choosing a location",
};

export function paneState(world: World): Omit<PaneState, "look"> {
  const { self } = world;
  return {
    account: {
      id: String(self.id),
      name: botName(world),
      ...(self.username !== undefined && { handle: self.username }),
    },
    people: panePeople(world),
    chats: [...world.chats.all()].map((chat) => paneChat(world, chat)),
    commands: world.bot.commands["default///"] ?? [],
    reactions: [...QUICK_REACTIONS, ...REACTIONS.filter((emoji) => !QUICK_REACTIONS.includes(emoji))],
    menu: newChats,
  };
}

function panePeople(world: World): PanePerson[] {
  return world.people.all().map(({ name, user }) => ({
    id: String(user.id),
    name,
    ...(user.username !== undefined && { handle: user.username }),
  }));
}

function paneChat(world: World, chat: Chat): PaneChat {
  const { wire } = chat;
  const last = newest(chat);
  const isPrivate = wire.type === "private";
  const people = usersIn(world, chat).filter(({ user }) => user.id !== world.self.id);
  return {
    id: String(chat.id),
    kind: isPrivate ? "direct" : wire.type === "channel" ? "channel" : "group",
    title: isPrivate ? botName(world) : chatTitle(chat),
    subtitle: isPrivate ? (isBlocked(world, chat) ? "blocked" : "bot") : membersText(world, chat, people.length),
    ...(wire.is_forum && {
      threads: [...chat.topics.values()].map(({ id, name, color, closed }) => ({
        id: String(id),
        name,
        color: `#${color.toString(16).padStart(6, "0")}`,
        closed,
      })),
    }),
    members: isPrivate ? [String(chat.id)] : people.map(({ user }) => String(user.id)),
    addressed: !isPrivate,
    ...(chat.migratedTo !== undefined && { successor: String(chat.migratedTo) }),
    ...(last && { last: paneMessage(world, last) }),
    ...chatMenu(world, chat),
  };
}

function membersText(world: World, chat: Chat, people: number): string {
  const here = botHears(world, chat);
  const members = `${people + (here ? 1 : 0)} ${chat.wire.type === "channel" ? "subscribers" : "members"}`;
  return here ? members : `${members}, without the bot`;
}

/** The newest `count` messages before a given one, oldest first. */
export function paneMessages(world: World, chat: Chat, before = Number.POSITIVE_INFINITY, count = 60): PaneMessage[] {
  const shown = [...chat.messages.values()].filter(({ wire, deleted }) => !deleted && wire.message_id < before);
  return shown.slice(-count).map((message) => paneMessage(world, message));
}

export function paneChange(world: World, change: Change): PaneChange {
  return { key: change.kind === "message" ? change.message : change, event: () => paneEvent(world, change) };
}

function paneEvent(world: World, change: Change): PaneEvent {
  switch (change.kind) {
    case "message":
      return { kind: "message", message: paneMessage(world, change.message) };
    case "chat":
      return { kind: "chat", chat: paneChat(world, change.chat), people: panePeople(world) };
    case "callback":
      return { kind: "answer", query: change.query, ...change.answer };
    case "typing": {
      const { chat, action, ...rest } = change;
      const text = action === undefined ? {} : { text: actions[action] ?? "typing" };
      return { ...rest, chat: String(chat.id), ...text };
    }
    case "draft":
      return { ...change, chat: String(change.chat.id) };
  }
}

function paneMessage(world: World, message: StoredMessage): PaneMessage {
  const { wire, replyTo, keyboard } = message;
  const { text, entities } = textOf(wire);
  const media = paneMedia(world, wire);
  const cards = paneCards(wire);
  const quoted = replyTo === undefined ? undefined : wire.reply_to_message;
  const forwarded = forwardedFrom(wire);
  return {
    id: String(wire.message_id),
    order: wire.message_id,
    chat: String(wire.chat.id),
    ...(wire.is_topic_message && wire.message_thread_id !== undefined && { thread: String(wire.message_thread_id) }),
    from: { id: String(wire.from?.id ?? wire.chat.id), name: author(world, wire) },
    fromAccount: message.fromBot,
    at: wire.date * 1000,
    text: wire.dice ? `${wire.dice.emoji} ${wire.dice.value}` : text,
    ...(entities.length > 0 && { rich: richText(text, entities), typed: typedForm(text, entities) }),
    ...(message.service && { service: serviceText(world, wire) }),
    ...(media && { media: [media] }),
    ...(cards.length > 0 && { cards }),
    ...(forwarded !== undefined && { forwardedFrom: forwarded }),
    ...(quoted && {
      reply: {
        id: String(quoted.message_id),
        name: author(world, quoted),
        text: wire.quote?.text ?? gist(world, quoted),
      },
    }),
    controls: inlineRows(wire).map((row) => row.map(paneButton)),
    ...(keyboard && { keyboard }),
    reactions: paneReactions(message),
    edited: wire.edit_date !== undefined && !message.service,
    deleted: message.deleted,
  };
}

function paneCards({ venue, location, contact, poll }: Message): PaneCard[] {
  if (location) {
    const { latitude, longitude } = location;
    const title = venue ? `${venue.title}, ${venue.address}` : "Location";
    return [{ title, rich: [`${latitude.toFixed(5)}, ${longitude.toFixed(5)}`] }];
  }
  if (contact) {
    const name = [contact.first_name, contact.last_name].filter(Boolean).join(" ");
    return [{ title: name, rich: [contact.phone_number] }];
  }
  if (!poll) return [];
  const hint = poll.is_closed ? "Final results" : "Poll";
  return [{ title: poll.question, rich: [hint], options: poll.options.map(({ text }) => text) }];
}

function botName(world: World): string {
  return world.bot.texts.name || world.self.first_name;
}

function newest(chat: Chat): StoredMessage | undefined {
  let last: StoredMessage | undefined;
  for (const message of chat.messages.values()) if (!message.deleted) last = message;
  return last;
}

function author(world: World, wire: Message): string {
  const { from } = wire;
  if (!from) return wire.chat.type === "private" ? "" : (wire.chat.title ?? "");
  if (from.id === world.self.id) return botName(world);
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
  const byEmoji = new Map<string, string[]>();
  for (const [user, emojis] of reactions) {
    for (const emoji of emojis) byEmoji.set(emoji, [...(byEmoji.get(emoji) ?? []), String(user)]);
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
