/**
 * Slack's identifiers as opaque strings and back. Nothing else takes them apart.
 * Conversation: a channel's id (`C…`, `G…` or `D…`). Thread: the time stamp of the message it hangs on. Message: its time
 * stamp, or `file:<id>` for files, which Slack posts in its own time and without telling the message's.
 */
import { readChannelId } from "@switchboard/channel-kit/manifest";
import {
  type ConversationId,
  type ConversationKind,
  type MessageId,
  type PeerId,
  SwitchboardError,
  type ThreadId,
} from "@switchboard/domain";

export const CHANNEL_ID = readChannelId(import.meta.url);

export function conversationId(channel: string): ConversationId {
  return channel as ConversationId;
}

export function threadId(ts: string): ThreadId {
  return ts as ThreadId;
}

export function messageId(ts: string): MessageId {
  return ts as MessageId;
}

export function peerId(user: string): PeerId {
  return user as PeerId;
}

const CHANNEL = /^[CDG][A-Z0-9]{1,30}$/;
const USER = /^[UW][A-Z0-9]{1,30}$/;
const STAMP = /^\d{1,12}\.\d{1,9}$/;
const FILE = /^file:(F[A-Z0-9]{1,30})$/;

export function isChannel(value: unknown): value is string {
  return typeof value === "string" && CHANNEL.test(value);
}

export function isUser(value: unknown): value is string {
  return typeof value === "string" && USER.test(value);
}

export function isStamp(value: unknown): value is string {
  return typeof value === "string" && STAMP.test(value);
}

/** By the first letter where Slack does not say; group direct messages then look like channels. */
export function kindOf(channel: string, type?: unknown): ConversationKind {
  if (type === "im" || type === "app_home" || channel.startsWith("D")) return "direct";
  return "group";
}

/** A channel's id, also a person's: Slack opens the direct chat by itself. @throws REQ_001. */
export function channelOf(conversation: ConversationId): string {
  if (CHANNEL.test(conversation) || USER.test(conversation)) return conversation;
  throw new SwitchboardError("REQ_001", `"${conversation.slice(0, 64)}" is no channel id.`);
}

/** A thread's time stamp. @throws REQ_001. */
export function threadOf(thread: ThreadId): string {
  if (STAMP.test(thread)) return thread;
  throw new SwitchboardError("REQ_001", `"${thread.slice(0, 64)}" is no thread.`);
}

/** The file behind the id of a message that is one. */
export function fileOf(message: MessageId): string | undefined {
  return FILE.exec(message)?.[1];
}

export function fileMessage(file: string): MessageId {
  return `file:${file}` as MessageId;
}

/** A message's time stamp. @throws REQ_001 for what is none. */
export function stampOf(message: MessageId): string {
  if (STAMP.test(message)) return message;
  throw new SwitchboardError("REQ_001", `"${message.slice(0, 64)}" is no message id.`);
}

/** A time stamp as Unix milliseconds; 0 for what is none. */
export function timeOf(ts: unknown): number {
  return isStamp(ts) ? Math.floor(Number(ts) * 1000) : 0;
}

/** What must stay in order: `<channel>`, or `<channel>:<thread>`. */
export function laneOf(channel: string, thread: string | undefined): string {
  return thread === undefined ? channel : `${channel}:${thread}`;
}
