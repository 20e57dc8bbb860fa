/**
 * Discord's identifiers are snowflakes: decimal numbers of up to twenty digits, kept as text.
 * Conversation: a channel's id; of a thread its parent's where that is known. Thread, message, peer: their own ids.
 */
import { readChannelId } from "@switchboard/channel-kit/manifest";
import { type ConversationId, type MessageId, type PeerId, SwitchboardError, type ThreadId } from "@switchboard/domain";

export const CHANNEL_ID = readChannelId(import.meta.url);

const snowflake = /^[1-9]\d{0,19}$/;

export function isSnowflake(value: unknown): value is string {
  return typeof value === "string" && snowflake.test(value);
}

/** @throws MSG_001. */
export function requireSnowflake(value: unknown, what: string): string {
  if (isSnowflake(value)) return value;
  throw new SwitchboardError("MSG_001", `The event has no ${what}.`);
}

/** An id that somebody gave us to use. @throws REQ_001. */
export function requireId(id: string, what: string): string {
  if (snowflake.test(id)) return id;
  throw new SwitchboardError("REQ_001", `"${id.slice(0, 64)}" is no ${what} id.`);
}

/** Discord's epoch in Unix milliseconds: https://discord.com/developers/docs/reference#snowflakes */
const EPOCH = 1_420_070_400_000n;

/** When the id was made, in Unix milliseconds. */
export function timeOf(id: string): number {
  return Number((BigInt(id) >> 22n) + EPOCH);
}

export const conversationId = (id: string): ConversationId => id as ConversationId;
export const threadId = (id: string): ThreadId => id as ThreadId;
export const messageId = (id: string): MessageId => id as MessageId;
export const peerId = (id: string): PeerId => id as PeerId;
