/** Which chat, topic and message a call is about, and whether the bot may touch them. */
import { badRequest, forbidden, refusal } from "../failure.ts";
import type { Chat, StoredMessage, Topic } from "../world/chats.ts";
import { botManages, statusOf } from "../world/members.ts";
import { textOf } from "../world/message.ts";
import { GENERAL_TOPIC } from "../world/topics.ts";
import type { World } from "../world/world.ts";
import type { Call } from "./call.ts";
import { Params } from "./params.ts";

/** The chat that a call is about, for faults that only hit one; the call itself finds out what is wrong with it. */
export function peekChat(world: World, params: Params): Chat | undefined {
  try {
    const named = params.chat("chat_id");
    return typeof named === "number" ? world.chats.get(named) : undefined;
  } catch {
    return undefined;
  }
}

/** A chat that the bot may look at. */
export function readableChat({ world, params }: Call, name = "chat_id"): Chat {
  const chat = findChat(world, params, name);
  const status = statusOf(chat, world.self.id);
  const closed = chat.wire.type === "supergroup" || chat.wire.type === "channel";
  if (closed && status === "kicked") throw forbidden(`bot was kicked from the ${chat.wire.type} chat`);
  if (closed && status === "left") throw forbidden(`bot is not a member of the ${chat.wire.type} chat`);
  return chat;
}

/** A chat that the bot may write to. */
export function writableChat(call: Call, name = "chat_id"): Chat {
  const chat = readableChat(call, name);
  const { world } = call;
  if (chat.wire.type === "private") {
    const person = world.people.byId(chat.id);
    if (person?.blocked) throw forbidden("bot was blocked by the user");
    if (!person?.started) throw forbidden("bot can't initiate conversation with a user");
    return chat;
  }
  if (chat.migratedTo !== undefined) {
    throw refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", {
      migrate_to_chat_id: chat.migratedTo,
    });
  }
  const status = statusOf(chat, world.self.id);
  if (status === "kicked") throw forbidden("bot was kicked from the group chat");
  if (status === "left") throw forbidden("bot is not a member of the group chat");
  return chat;
}

function findChat(world: World, params: Params, name: string): Chat {
  const named = params.chat(name);
  if (named === undefined) throw badRequest(`${name} is empty`);
  const id = typeof named === "string" ? world.people.byUsername(named)?.user.id : named;
  const known = id === undefined ? undefined : world.chats.get(id);
  if (known) return known;
  const person = id === undefined ? undefined : world.people.byId(id);
  if (!person) throw badRequest("chat not found");
  return world.chats.private(person);
}

/** Where a new message goes. */
export interface Destination {
  readonly chat: Chat;
  readonly thread?: number;
  readonly replyTo?: StoredMessage;
  readonly quote?: { readonly text: string; readonly position: number; readonly is_manual: true };
}

export function destination(call: Call): Destination {
  const chat = writableChat(call);
  const thread = threadOf(call, chat);
  return { chat, ...(thread !== undefined && { thread }), ...replyOf(call, chat) };
}

function threadOf({ world, params }: Call, chat: Chat): number | undefined {
  const id = params.integer("message_thread_id");
  if (id === undefined || id === 0) return undefined;
  if (chat.wire.type !== "supergroup") throw badRequest("message thread not found");
  if (!chat.wire.is_forum) {
    if (!chat.messages.has(id)) throw badRequest("message thread not found");
    return id;
  }
  const topic = chat.topics.get(id);
  if (!topic) throw badRequest("message thread not found");
  if (topic.closed && !botManages(world, chat)) throw badRequest("TOPIC_CLOSED");
  return id;
}

/** A topic that a call names; the general one is none of these. */
export function topicOf({ params }: Call, chat: Chat): Topic {
  if (chat.wire.type !== "supergroup" || !chat.wire.is_forum) throw badRequest("the chat is not a forum");
  const id = params.integer("message_thread_id");
  const topic = id === undefined || id === GENERAL_TOPIC ? undefined : chat.topics.get(id);
  if (!topic) throw badRequest("message thread not found");
  return topic;
}

function replyOf(call: Call, chat: Chat): Pick<Destination, "replyTo" | "quote"> {
  const { world, params } = call;
  const given = params.object("reply_parameters");
  const reply = given ? new Params(given) : undefined;
  const id = reply ? reply.integer("message_id") : params.integer("reply_to_message_id");
  if (id === undefined || id === 0) return {};
  // A reply to another chat's message is shown as an external reply, which the simulator leaves out.
  if (reply?.has("chat_id") && readableChat({ ...call, params: reply }) !== chat) return {};
  const message = world.history.find(chat, id);
  if (!message) {
    if ((reply ?? params).boolean("allow_sending_without_reply")) return {};
    throw badRequest("message to be replied not found");
  }
  const text = reply?.text("quote");
  if (text === undefined || text === "") return { replyTo: message };
  const position = textOf(message.wire).text.indexOf(text);
  if (position < 0) throw badRequest("QUOTE_TEXT_INVALID");
  return { replyTo: message, quote: { text, position, is_manual: true } };
}

/** A message that a call names. `what` is how Telegram calls it when there is none. */
export function messageOf(call: Call, chat: Chat, what: string, name = "message_id"): StoredMessage {
  const id = call.params.integer(name);
  const message = id === undefined ? undefined : call.world.history.find(chat, id);
  if (!message) throw badRequest(`${what} not found`);
  return message;
}

/** A list of message ids. */
export function messageIds({ params }: Call): readonly number[] {
  const list = params.list("message_ids");
  if (!list || list.length === 0) throw badRequest("message identifiers are not specified");
  if (list.length > 100) throw badRequest("too many message identifiers specified");
  return list.map((id) => {
    if (typeof id !== "number" || !Number.isInteger(id)) throw badRequest("message identifier must be a Number");
    if (id <= 0) throw badRequest("invalid message identifier specified");
    return id;
  });
}
