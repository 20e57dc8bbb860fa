/** Stored Telegram updates as events that any channel could have made. Pure. */
import {
  type AccountId,
  type ConversationId,
  type InboundEvent,
  matches,
  type RawEvent,
  type SelfIdentity,
  SwitchboardError,
  sanitiseText,
} from "@switchboard/domain";
import { Type } from "@switchboard/domain/schema";
import type { Message, Update } from "grammy/types";
import { CHANNEL_ID, conversationId, messageId, threadOf } from "./ids.ts";
import { migration, serviceMembership, statusChange } from "./membership.ts";
import { isForAnotherBot, mentionsOf, replyOf } from "./mentions.ts";
import { contentOf } from "./message-content.ts";
import { chatConversation, chatSender, conversationFrom, messageSender, userSender } from "./people.ts";
import { changedReactions, countedReactions } from "./reactions.ts";
import { kindOf } from "./updates.ts";

export interface Reader {
  readonly account: AccountId;
  readonly self?: SelfIdentity;
}

/** An id or a date. Beyond these bounds a number is not exact, and names something else than was meant. */
const Whole = Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });
/** Seconds whose milliseconds are a date: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const Seconds = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000 });

/** The least that every message must have; the rest is read with care. */
const MessageHead = Type.Object({
  message_id: Whole,
  date: Seconds,
  edit_date: Type.Optional(Seconds),
  chat: Type.Object({
    id: Whole,
    type: Type.Union([
      Type.Literal("private"),
      Type.Literal("group"),
      Type.Literal("supergroup"),
      Type.Literal("channel"),
    ]),
  }),
});
const Head = Type.Object({ update_id: Whole });

type Event<Kind extends InboundEvent["kind"]> = Extract<InboundEvent, { kind: Kind }>;
type Base = Pick<InboundEvent, "platform" | "account" | "raw">;

/** @throws MSG_001 for an update that is not what Telegram documents, MSG_003 for one that is too large. */
export function normalise(event: RawEvent, reader: Reader): InboundEvent[] {
  const update: unknown = event.payload;
  if (!matches(Head, update)) throw new SwitchboardError("MSG_001", "The update has no number.");
  try {
    return read(update as Update, reader);
  } catch (thrown) {
    if (thrown instanceof SwitchboardError) throw thrown;
    const kind = kindOf(update);
    throw new SwitchboardError("MSG_001", `The ${kind} update is malformed: ${(thrown as Error).message}`);
  }
}

function read(update: Update, reader: Reader): InboundEvent[] {
  const base: Base = { platform: CHANNEL_ID, account: reader.account, raw: update };
  const message = update.message ?? update.channel_post ?? update.business_message;
  if (message) return readMessage(checked(message), base, reader.self);
  const edited = update.edited_message ?? update.edited_channel_post ?? update.edited_business_message;
  if (edited) return [readEdit(checked(edited), base, reader.self)];
  if (update.callback_query) return [readPress(update.callback_query, base, reader.self)];
  const member = update.my_chat_member ?? update.chat_member;
  if (member) {
    return [
      {
        ...base,
        ...statusChange(member, reader.self),
        conversation: chatConversation(member.chat),
        sender: userSender(member.from, reader.self),
        at: member.date * 1000,
      },
    ];
  }
  return [readOther(update, base, reader.self)];
}

function checked(message: Message): Message {
  if (!matches(MessageHead, message)) throw new SwitchboardError("MSG_001", "The message lacks id, date or chat.");
  return message;
}

/** What all events of a message share. */
function placed(message: Message, base: Base, self: SelfIdentity | undefined) {
  const sender = messageSender(message, self);
  const thread = threadOf(message);
  return {
    ...base,
    conversation: conversationFrom(message),
    ...(thread !== undefined && { thread }),
    ...(sender && { sender }),
    at: message.date * 1000,
  };
}

function readMessage(message: Message, base: Base, self: SelfIdentity | undefined): InboundEvent[] {
  const where = placed(message, base, self);
  const moved = migration(message);
  if (moved) {
    const conversation = { ...where.conversation, id: conversationId(moved.from) };
    return [{ ...where, conversation, ...moved.part }];
  }
  const members = serviceMembership(message, self);
  if (members.length > 0) return members.map((part) => ({ ...where, ...part }));
  const content = contentOf(message);
  if (!content) return [{ ...where, kind: "unsupported", what: serviceName(message) }];
  if (isForAnotherBot(message, self)) return [{ ...where, kind: "unsupported", what: "command for another bot" }];
  const replyTo = replyOf(message, self);
  const mentions = mentionsOf(message, self);
  const event: Event<"message"> = {
    ...where,
    kind: "message",
    messageId: messageId(message.message_id),
    content,
    ...(replyTo && { replyTo }),
    ...(mentions && { mentions }),
    ...(message.media_group_id && { groupedId: message.media_group_id }),
  };
  return [event];
}

function readEdit(message: Message, base: Base, self: SelfIdentity | undefined): InboundEvent {
  const where = { ...placed(message, base, self), at: (message.edit_date ?? message.date) * 1000 };
  const content = contentOf(message);
  if (!content) return { ...where, kind: "unsupported", what: `edited ${serviceName(message)}` };
  return { ...where, kind: "edit", messageId: messageId(message.message_id), content };
}

/** The field that makes a message special, e.g. `pinned_message`. */
function serviceName(message: Message): string {
  const usual = /^(message_id|message_thread_id|date|chat|from|sender_|is_|has_|reply_|via_|author_|edit_date)/;
  return Object.keys(message).find((key) => !usual.test(key)) ?? "empty message";
}

/** Telegram does not date a press; the time its message was last changed stands in. */
function readPress(
  query: NonNullable<Update["callback_query"]>,
  base: Base,
  self: SelfIdentity | undefined,
): InboundEvent {
  const { data, message, from } = query;
  const sender = userSender(from, self);
  const at = message ? (("edit_date" in message && message.edit_date) || message.date) * 1000 : 0;
  const thread = message && threadOf(message);
  const where = {
    ...base,
    conversation: message ? conversationFrom(message) : { id: conversationId(from.id), kind: "direct" as const },
    ...(thread !== undefined && { thread }),
    sender,
    at,
  };
  // Without a message it came from inline mode, and without data from a game: this bot offers neither.
  if (!message || data === undefined) return { ...where, kind: "unsupported", what: "inline or game button" };
  return {
    ...where,
    kind: "control",
    messageId: messageId(message.message_id),
    value: sanitiseText(data),
    callback: String(query.id),
  };
}

function readOther(update: Update, base: Base, self: SelfIdentity | undefined): InboundEvent {
  const { message_reaction: reaction, message_reaction_count: counts, deleted_business_messages: deleted } = update;
  if (reaction) {
    const sender = reaction.user
      ? userSender(reaction.user, self)
      : reaction.actor_chat && chatSender(reaction.actor_chat);
    return {
      ...base,
      kind: "reaction",
      conversation: chatConversation(reaction.chat),
      ...(sender && { sender }),
      messageId: messageId(reaction.message_id),
      ...changedReactions(reaction),
      at: reaction.date * 1000,
    };
  }
  if (counts) {
    return {
      ...base,
      kind: "reaction",
      conversation: chatConversation(counts.chat),
      messageId: messageId(counts.message_id),
      ...countedReactions(counts),
      at: counts.date * 1000,
    };
  }
  if (deleted) {
    return {
      ...base,
      kind: "delete",
      conversation: chatConversation(deleted.chat, deleted.business_connection_id),
      messageIds: deleted.message_ids.map(messageId),
      at: 0,
    };
  }
  return { ...base, ...elsewhere(update, self), kind: "unsupported", what: kindOf({ ...update }) };
}

/** Where an update of unknown kind belongs, as far as its fields tell. */
function elsewhere(
  update: Update,
  self: SelfIdentity | undefined,
): Pick<InboundEvent, "conversation" | "sender" | "at"> {
  const body = ({ ...update } as Readonly<Record<string, unknown>>)[kindOf({ ...update })] as Partial<Message> & {
    readonly user?: Message["from"];
  };
  const person = body?.from ?? body?.user;
  const chat = body?.chat ?? person?.id;
  const at = typeof body?.date === "number" ? body.date * 1000 : 0;
  const conversation =
    typeof chat === "object"
      ? chatConversation(chat)
      : { id: (chat === undefined ? "0" : `${chat}`) as ConversationId, kind: "direct" as const };
  return { conversation, ...(person && { sender: userSender(person, self) }), at };
}
