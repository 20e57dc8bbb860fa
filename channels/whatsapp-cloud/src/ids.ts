/**
 * How things are named. A chat with the account's main number is the person's number, `16505551234`; with another number
 * of the business it carries that number's id, `16505551234~106540352242922`.
 */
import { readChannelId } from "@switchboard/channel-kit/manifest";
import type { ConversationId, MessageId, PeerId } from "@switchboard/domain";

export const CHANNEL_ID = readChannelId(import.meta.url);

export function conversationId(person: string, phoneNumberId: string | undefined, main: string | undefined) {
  const own = phoneNumberId === undefined || main === undefined || phoneNumberId === main;
  return (own ? person : `${person}~${phoneNumberId}`) as ConversationId;
}

/** Who is written to, and by which of the business's numbers: the main one when it is left out. */
export function addressOf(conversation: ConversationId): { readonly person: string; readonly phoneNumberId?: string } {
  const at = conversation.indexOf("~");
  if (at < 0) return { person: conversation };
  return { person: conversation.slice(0, at), phoneNumberId: conversation.slice(at + 1) };
}

export const messageId = (id: string): MessageId => id as MessageId;
export const peerId = (id: string): PeerId => id as PeerId;
