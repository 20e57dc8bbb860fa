/** How a message comes into a chat, whoever wrote it. */
import type { Message, User } from "@grammyjs/types";
import type { Chat, StoredMessage } from "./chats.ts";
import { isService } from "./message.ts";
import type { World } from "./world.ts";

/** What is in a message, as its fields of the Bot API. */
export type Content = Omit<Partial<Message>, "message_id" | "date" | "chat" | "from">;

export interface NewMessage {
  readonly chat: Chat;
  /** Whoever wrote it. In a channel the chat itself speaks and the author stays unknown. */
  readonly author: User;
  readonly content: Content;
  /** A topic's id. */
  readonly thread?: number;
  readonly replyTo?: StoredMessage;
  /** The service message that a topic begins with. */
  readonly opensTopic?: boolean;
  readonly keyboard?: readonly (readonly string[])[];
}

export const seconds = (): number => Math.floor(Date.now() / 1000);

/** Puts a message into its chat. Whether the bot gets an update about it is the caller's business. */
export function post(world: World, input: NewMessage): StoredMessage {
  const { chat, author, content, thread, replyTo, opensTopic, keyboard } = input;
  const id = chat.ids.next();
  const wire: Message = {
    message_id: id,
    ...(chat.wire.type === "channel" ? { sender_chat: chat.wire } : { from: author }),
    chat: chat.wire,
    date: seconds(),
    ...(opensTopic ? { message_thread_id: id, is_topic_message: true } : threadFields(chat, thread, replyTo)),
    ...content,
  };
  const message: StoredMessage = {
    chat,
    wire,
    fromBot: author.id === world.self.id,
    service: isService(wire),
    edits: 0,
    deleted: false,
    reactions: new Map(),
    ...(replyTo && { replyTo: replyTo.wire.message_id }),
    ...(keyboard && { keyboard }),
  };
  world.history.add(message);
  if (message.fromBot && !message.service) world.typing.stop(chat);
  world.changes.tell({ kind: "message", message });
  // A chat that has begun looks different from one that has not.
  if (chat.messages.size === 1) world.changes.tell({ kind: "chat", chat });
  return message;
}

/** Replaces what a message shows. */
export function revise(world: World, message: StoredMessage, wire: Message): void {
  world.history.edit(message, wire);
  world.changes.tell({ kind: "message", message });
}

export function erase(world: World, message: StoredMessage): void {
  world.history.remove(message);
  world.changes.tell({ kind: "message", message });
}

function threadFields(chat: Chat, thread: number | undefined, replyTo: StoredMessage | undefined): Content {
  const quoted = replyTo && { reply_to_message: quotable(replyTo.wire) };
  if (chat.wire.type !== "supergroup") return { ...quoted };
  if (chat.wire.is_forum) {
    const topic = thread ?? (replyTo?.wire.is_topic_message ? replyTo.wire.message_thread_id : undefined);
    if (topic === undefined) return { ...quoted };
    // Who writes into a topic without replying answers, as Telegram sees it, the message that opened the topic.
    const root = chat.messages.get(topic);
    return {
      message_thread_id: topic,
      is_topic_message: true,
      ...(quoted ?? (root && { reply_to_message: quotable(root.wire) })),
    };
  }
  // In other supergroups a chain of replies has a thread id, but is no topic.
  if (!replyTo) return {};
  return { message_thread_id: replyTo.wire.message_thread_id ?? replyTo.wire.message_id, ...quoted };
}

/** A message as it is shown inside another: without what it replied to itself. */
export function quotable(wire: Message): NonNullable<Message["reply_to_message"]> {
  const { reply_to_message: _, ...rest } = wire;
  return rest as NonNullable<Message["reply_to_message"]>;
}
