/** Topics of forums. */
import type { ForumTopic } from "@grammyjs/types";
import { badRequest } from "../../failure.ts";
import { announceMessage } from "../../updates/announce.ts";
import type { Chat, Topic } from "../../world/chats.ts";
import { botManages } from "../../world/members.ts";
import { erase, post } from "../../world/post.ts";
import { openTopic, setTopicClosed, TOPIC_COLORS } from "../../world/topics.ts";
import { type Call, type Methods, other } from "../call.ts";
import { topicOf, writableChat } from "../target.ts";

const NAME_LIMIT = 128;

export const topicMethods = {
  createForumTopic: other((call): ForumTopic => {
    const { world, params } = call;
    const chat = forum(call);
    const name = readName(call);
    if (name === undefined) throw badRequest("TOPIC_TITLE_EMPTY");
    const color = params.integer("icon_color");
    if (color !== undefined && !TOPIC_COLORS.includes(color)) throw badRequest("TOPIC_ICON_COLOR_INVALID");
    const emojiId = params.text("icon_custom_emoji_id");
    const { topic, message } = openTopic(world, chat, world.self, {
      name,
      ...(color !== undefined && { color }),
      ...(emojiId && { emojiId }),
    });
    announceMessage(world, message);
    return {
      message_thread_id: topic.id,
      name,
      icon_color: topic.color,
      ...(topic.emojiId !== undefined && { icon_custom_emoji_id: topic.emojiId }),
    };
  }),

  editForumTopic: other((call) => {
    const { world } = call;
    const [chat, topic] = forumTopic(call);
    const name = readName(call);
    if (name === undefined || name === topic.name) throw badRequest("TOPIC_NOT_MODIFIED");
    topic.name = name;
    world.chats.keep(chat);
    const content = { forum_topic_edited: { name } };
    announceMessage(world, post(world, { chat, author: world.self, thread: topic.id, content }));
    world.changes.tell({ kind: "chat", chat });
    return true;
  }),

  closeForumTopic: other((call) => setClosed(call, true)),
  reopenForumTopic: other((call) => setClosed(call, false)),

  deleteForumTopic: other((call) => {
    const { world } = call;
    const [chat, topic] = forumTopic(call);
    for (const message of chat.messages.values()) {
      if (message.wire.message_thread_id === topic.id && !message.deleted) erase(world, message);
    }
    chat.topics.delete(topic.id);
    world.chats.keep(chat);
    world.changes.tell({ kind: "chat", chat });
    return true;
  }),
} satisfies Methods;

function forum(call: Call): Chat {
  const chat = writableChat(call);
  if (chat.wire.type !== "supergroup" || !chat.wire.is_forum) throw badRequest("the chat is not a forum");
  if (!botManages(call.world, chat)) throw badRequest("not enough rights to create a topic");
  return chat;
}

function forumTopic(call: Call): readonly [Chat, Topic] {
  const chat = forum(call);
  return [chat, topicOf(call, chat)];
}

function setClosed(call: Call, closed: boolean): true {
  const { world } = call;
  const [chat, topic] = forumTopic(call);
  if (topic.closed === closed) throw badRequest("TOPIC_NOT_MODIFIED");
  announceMessage(world, setTopicClosed(world, chat, topic, world.self, closed));
  return true;
}

function readName({ params }: Call): string | undefined {
  const name = params.text("name")?.trim();
  if (name === undefined || name === "") return undefined;
  if (name.length > NAME_LIMIT) throw badRequest("TOPIC_TITLE_TOO_LONG");
  return name;
}
