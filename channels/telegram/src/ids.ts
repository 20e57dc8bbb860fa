/**
 * Telegram's identifiers as opaque strings and back. Nothing else takes them apart.
 * Conversation: `<chat id>`, or `<chat id>~<business connection id>` for a chat of a connected business account.
 * Thread: a forum topic's id, or `d<id>` for a topic of a channel's direct messages. Message: its number in the chat.
 */
import { readChannelId } from "@switchboard/channel-kit/manifest";
import { type ConversationId, type MessageId, type PeerId, SwitchboardError, type ThreadId } from "@switchboard/domain";

export const CHANNEL_ID = readChannelId(import.meta.url);

/** In a forum the General topic has this id, but sends that name it are refused. */
const GENERAL_TOPIC = 1;

/** The parts of a message that say where it belongs. */
export interface Placed {
  readonly chat: { readonly id: number };
  readonly business_connection_id?: string | undefined;
  readonly message_thread_id?: number | undefined;
  readonly is_topic_message?: boolean | undefined;
  readonly direct_messages_topic?: { readonly topic_id: number } | undefined;
}

export function conversationId(chat: number, business?: string): ConversationId {
  return (business ? `${chat}~${business}` : `${chat}`) as ConversationId;
}

function conversationOf(message: Placed): ConversationId {
  return conversationId(message.chat.id, message.business_connection_id);
}

/** The topic a message is in. A plain group numbers its reply threads too; those are no topics. */
export function threadOf(message: Placed): ThreadId | undefined {
  if (message.direct_messages_topic) return `d${message.direct_messages_topic.topic_id}` as ThreadId;
  const { is_topic_message, message_thread_id } = message;
  if (!is_topic_message || message_thread_id === undefined || message_thread_id === GENERAL_TOPIC) return undefined;
  return `${message_thread_id}` as ThreadId;
}

/** What must stay in order: `<conversation>`, or `<conversation>:<topic>`. */
export function laneOf(message: Placed): string {
  const thread = threadOf(message);
  return thread === undefined ? conversationOf(message) : `${conversationOf(message)}:${thread}`;
}

export function messageId(id: number): MessageId {
  return `${id}` as MessageId;
}

export function peerId(id: number): PeerId {
  return `${id}` as PeerId;
}

/** The parameters that address a chat in a Bot API call. */
export interface ChatParameters {
  readonly chat_id: number | string;
  readonly business_connection_id?: string;
}

/** @throws REQ_001. */
export function chatParameters(conversation: ConversationId): ChatParameters {
  const mark = conversation.indexOf("~");
  const chat = mark < 0 ? conversation : conversation.slice(0, mark);
  if (!/^(-?\d{1,16}|@\w{4,32})$/.test(chat)) {
    throw new SwitchboardError("REQ_001", `"${conversation.slice(0, 64)}" is no chat id.`);
  }
  return {
    chat_id: chat.startsWith("@") ? chat : Number(chat),
    ...(mark >= 0 && { business_connection_id: conversation.slice(mark + 1) }),
  };
}

/** The parameters that address a topic; none for the General one. @throws REQ_001. */
export function threadParameters(
  thread: ThreadId | undefined,
): { readonly message_thread_id?: number } | { readonly direct_messages_topic_id: number } {
  if (thread === undefined) return {};
  const [, direct, digits] = /^(d?)(\d{1,16})$/.exec(thread) ?? [];
  if (digits === undefined) throw new SwitchboardError("REQ_001", `"${thread.slice(0, 64)}" is no topic id.`);
  if (direct) return { direct_messages_topic_id: Number(digits) };
  return Number(digits) === GENERAL_TOPIC ? {} : { message_thread_id: Number(digits) };
}

/** A message's number, or `undefined` for a message of another chat, which only has a made-up id. */
export function messageNumber(id: MessageId): number | undefined {
  return /^\d{1,16}$/.test(id) ? Number(id) : undefined;
}

/** A message's number. @throws REQ_001. */
export function requireMessageNumber(id: MessageId): number {
  const number = messageNumber(id);
  if (number === undefined) throw new SwitchboardError("REQ_001", `"${id.slice(0, 64)}" is no message id.`);
  return number;
}
