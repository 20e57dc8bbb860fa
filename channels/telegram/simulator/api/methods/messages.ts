/** Deleting, forwarding, copying and pinning. */
import type { Message, MessageId, MessageOrigin } from "@grammyjs/types";
import { badRequest } from "../../failure.ts";
import { announceMessage } from "../../updates/announce.ts";
import type { Chat, StoredMessage } from "../../world/chats.ts";
import { botManages } from "../../world/members.ts";
import { type Content, erase, post, quotable, seconds } from "../../world/post.ts";
import { type Call, type Methods, other, sending } from "../call.ts";
import { readCaption } from "../formatting.ts";
import { readMarkup } from "../markup.ts";
import { destination, messageIds, messageOf, readableChat, writableChat } from "../target.ts";
import { put } from "./deliver.ts";

/** After this many seconds a message can no longer be deleted for everyone. */
const DELETABLE = 48 * 3600;

export const messageMethods = {
  deleteMessage: other((call) => {
    const { params, world } = call;
    if (!params.has("chat_id")) throw badRequest("chat identifier is not specified");
    if (!params.has("message_id")) throw badRequest("message identifier is not specified");
    const chat = writableChat(call);
    const message = messageOf(call, chat, "message to delete");
    checkDeletable(call, chat, message);
    erase(world, message);
    return true;
  }),

  /** What is not found is skipped. */
  deleteMessages: other((call) => {
    const ids = messageIds(call);
    const chat = writableChat(call);
    const messages = ids.flatMap((id) => call.world.history.find(chat, id) ?? []);
    for (const message of messages) checkDeletable(call, chat, message);
    for (const message of messages) erase(call.world, message);
    return true;
  }),

  forwardMessage: sending((call) =>
    forward(call, messageOf(call, readableChat(call, "from_chat_id"), "message to forward")),
  ),

  forwardMessages: sending((call): MessageId[] => {
    const found = several(call);
    if (found.length === 0) throw badRequest("there are no messages to forward");
    return found.map((message) => ({ message_id: forward(call, message).message_id }));
  }),

  copyMessage: sending((call): MessageId => {
    const source = messageOf(call, readableChat(call, "from_chat_id"), "message to copy");
    if (source.service) throw badRequest("message can't be copied");
    const caption = call.params.has("caption") ? readCaption(call.world, call.params) : {};
    const content = { ...contentOf(source.wire), ...caption };
    return { message_id: put(call, destination(call), content, readMarkup(call.params)).wire.message_id };
  }),

  copyMessages: sending((call): MessageId[] => {
    const found = several(call).filter(({ service }) => !service);
    if (found.length === 0) throw badRequest("there are no messages to copy");
    const place = destination(call);
    return found.map(({ wire }) => ({ message_id: put(call, place, contentOf(wire)).wire.message_id }));
  }),

  pinChatMessage: other((call) => {
    const { world } = call;
    const chat = writableChat(call);
    const message = messageOf(call, chat, "message to pin");
    if (chat.wire.type !== "private" && !botManages(world, chat)) {
      throw badRequest("not enough rights to manage pinned messages in the chat");
    }
    const id = message.wire.message_id;
    if (chat.pinned.includes(id)) return true;
    chat.pinned.push(id);
    world.chats.keep(chat);
    announceMessage(
      world,
      post(world, { chat, author: world.self, content: { pinned_message: quotable(message.wire) } }),
    );
    return true;
  }),

  unpinChatMessage: other((call) => {
    const chat = writableChat(call);
    const id = call.params.integer("message_id") ?? chat.pinned.at(-1);
    const at = id === undefined ? -1 : chat.pinned.indexOf(id);
    if (at < 0) throw badRequest("message to unpin not found");
    chat.pinned.splice(at, 1);
    call.world.chats.keep(chat);
    return true;
  }),

  unpinAllChatMessages: other((call) => {
    const chat = writableChat(call);
    chat.pinned.length = 0;
    call.world.chats.keep(chat);
    return true;
  }),
} satisfies Methods;

function several(call: Call): StoredMessage[] {
  const ids = messageIds(call);
  const from = readableChat(call, "from_chat_id");
  return ids.flatMap((id) => call.world.history.find(from, id) ?? []);
}

function checkDeletable({ world }: Call, chat: Chat, { wire, fromBot }: StoredMessage): void {
  if (seconds() - wire.date > DELETABLE && !botManages(world, chat)) {
    throw badRequest("message can't be deleted for everyone");
  }
  if (fromBot || chat.wire.type === "private" || botManages(world, chat)) return;
  throw badRequest("message can't be deleted");
}

function forward(call: Call, source: StoredMessage): Message {
  const { wire } = source;
  if (source.service) throw badRequest("the message can't be forwarded");
  const content = { ...contentOf(wire), forward_origin: wire.forward_origin ?? originOf(wire) };
  return put(call, destination(call), content).wire;
}

function originOf(wire: Message): MessageOrigin {
  if (wire.from) return { type: "user", sender_user: wire.from, date: wire.date };
  const { chat } = wire;
  if (chat.type === "channel") return { type: "channel", chat, message_id: wire.message_id, date: wire.date };
  return { type: "hidden_user", sender_user_name: "", date: wire.date };
}

/** What a message says, without where and by whom. */
function contentOf(wire: Message): Content {
  const {
    message_id: _id,
    message_thread_id: _thread,
    is_topic_message: _topic,
    from: _from,
    sender_chat: _sender,
    chat: _chat,
    date: _date,
    edit_date: _edited,
    reply_to_message: _reply,
    quote: _quote,
    reply_markup: _markup,
    media_group_id: _group,
    forward_origin: _origin,
    ...content
  } = wire;
  return content;
}
