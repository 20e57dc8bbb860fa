/** Who and where, from the parts of an update. */
import { type Conversation, type PeerId, type SelfIdentity, type Sender, sanitiseName } from "@switchboard/domain";
import type { Chat, User } from "grammy/types";
import { conversationId, type Placed, peerId } from "./ids.ts";

export function conversationFrom(message: Placed & { readonly chat: Chat }): Conversation {
  return chatConversation(message.chat, message.business_connection_id, message.is_topic_message === true);
}

export function chatConversation(chat: Chat, business?: string, topic = false): Conversation {
  const kind = chat.type === "private" ? "direct" : chat.type === "channel" ? "channel" : "group";
  const title = chat.type === "private" ? undefined : chat.title;
  return {
    id: conversationId(chat.id, business),
    kind,
    ...(title && { title: sanitiseName(title) }),
    ...(topic && { threadKind: "topic" }),
  };
}

export function userSender(user: User, self: SelfIdentity | undefined): Sender {
  const displayName = sanitiseName([user.first_name, user.last_name].filter(Boolean).join(" "));
  const id = peerId(user.id);
  return {
    id,
    ...(user.username && { username: sanitiseName(user.username) }),
    ...(displayName && { displayName }),
    ...(user.is_bot && { isBot: true }),
    ...(self?.id === id && { isSelf: true }),
  };
}

/** Somebody who speaks as a chat: an anonymous administrator, or a channel. Such a one is no bot. */
export function chatSender(chat: Chat, signature?: string): Sender {
  const title = chat.type === "private" ? chat.first_name : chat.title;
  const displayName = sanitiseName(signature ? `${signature} (${title ?? ""})` : (title ?? ""));
  return {
    id: peerId(chat.id),
    ...("username" in chat && chat.username && { username: sanitiseName(chat.username) }),
    ...(displayName && { displayName }),
  };
}

export function messageSender(
  message: { readonly from?: User; readonly sender_chat?: Chat; readonly author_signature?: string },
  self: SelfIdentity | undefined,
): Sender | undefined {
  if (message.sender_chat) return chatSender(message.sender_chat, message.author_signature);
  return message.from && userSender(message.from, self);
}

export function isSelf(id: number | undefined, self: SelfIdentity | undefined): boolean {
  return id !== undefined && self !== undefined && (`${id}` as PeerId) === self.id;
}
