/** Topics of a forum. */
import type { User } from "@grammyjs/types";
import type { Chat, StoredMessage, Topic } from "./chats.ts";
import { post } from "./post.ts";
import type { World } from "./world.ts";

/** The colours that Telegram offers. */
export const TOPIC_COLORS: readonly number[] = [0x6fb9f0, 0xffd67e, 0xcb86db, 0x8eee98, 0xff93b2, 0xfb6f5f];

/** Every forum has this topic. Messages in it carry no thread id. */
export const GENERAL_TOPIC = 1;

export interface NewTopic {
  readonly name: string;
  readonly color?: number;
  readonly emojiId?: string;
}

/** Opens a topic. Its id is the id of the service message that says so. */
export function openTopic(
  world: World,
  chat: Chat,
  author: User,
  { name, color = TOPIC_COLORS[chat.topics.size % TOPIC_COLORS.length] ?? 0, emojiId }: NewTopic,
): { readonly topic: Topic; readonly message: StoredMessage } {
  const icon = emojiId === undefined ? {} : { icon_custom_emoji_id: emojiId };
  const message = post(world, {
    chat,
    author,
    opensTopic: true,
    content: { forum_topic_created: { name, icon_color: color, ...icon } },
  });
  const id = message.wire.message_id;
  const topic: Topic = { id, name, color, closed: false, ...(emojiId !== undefined && { emojiId }) };
  chat.topics.set(id, topic);
  world.chats.keep(chat);
  world.changes.tell({ kind: "chat", chat });
  return { topic, message };
}

export function setTopicClosed(world: World, chat: Chat, topic: Topic, author: User, closed: boolean): StoredMessage {
  topic.closed = closed;
  world.chats.keep(chat);
  const content = closed ? { forum_topic_closed: {} } : { forum_topic_reopened: {} };
  const message = post(world, { chat, author, thread: topic.id, content });
  world.changes.tell({ kind: "chat", chat });
  return message;
}
