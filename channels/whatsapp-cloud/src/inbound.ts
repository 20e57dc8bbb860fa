/** Stored webhook events as events that any channel could have made. Pure. */

import { type Fields, fields, items, text } from "@switchboard/channel-kit/json";
import {
  type ConversationId,
  type InboundEvent,
  type RawEvent,
  type Reader,
  type SelfIdentity,
  SwitchboardError,
  sanitiseName,
  sanitiseText,
} from "@switchboard/domain";
import { CHANNEL_ID, conversationId, messageId, peerId } from "./ids.ts";
import { contentOf } from "./message-content.ts";
import { changeOf, isOwn, type Numbers } from "./updates.ts";

type Base = Pick<InboundEvent, "platform" | "account" | "raw">;
type Placed = Base & Pick<InboundEvent, "conversation" | "sender" | "at">;

/** @throws MSG_001 for an event that is not what Meta documents, MSG_003 for one that is too large. */
export function normalise(event: RawEvent, { account, config, self }: Reader<Numbers>): InboundEvent[] {
  const base: Base = { platform: CHANNEL_ID, account, raw: event.payload };
  if (!isOwn(event.payload, config)) {
    const what = "for a number that is not this account's";
    return [{ ...base, kind: "unsupported", conversation: nowhere, at: 0, what }];
  }
  const change = changeOf(event.payload);
  const value = fields(change.value);
  const [message] = items(value.messages);
  const [status] = items(value.statuses);
  if (change.field === "messages" && message !== undefined) return [readMessage(fields(message), value, base, self)];
  if (change.field === "messages" && status !== undefined) return [readStatus(fields(status), value, base, self)];
  const [error] = items(value.errors);
  const what = error === undefined ? (text(change.field) ?? "nothing known") : `error: ${errorText(error)}`;
  return [{ ...base, kind: "unsupported", conversation: nowhere, at: 0, what: sanitiseName(what) || "nothing known" }];
}

const nowhere = { id: "account" as ConversationId, kind: "direct" } as const;

function readMessage(message: Fields, value: Fields, base: Base, self: SelfIdentity | undefined): InboundEvent {
  const id = text(message.id);
  const from = text(message.from);
  if (id === undefined || from === undefined) throw new SwitchboardError("MSG_001", "The message lacks id or sender.");
  const metadata = fields(value.metadata);
  const name = text(fields(fields(items(value.contacts)[0]).profile).name);
  const where: Placed = {
    ...base,
    conversation: { id: conversationId(from, text(metadata.phone_number_id), self?.id), kind: "direct" },
    sender: { id: peerId(from), ...(name !== undefined && { displayName: sanitiseName(name) }) },
    at: timeOf(message.timestamp),
  };
  if (text(message.group_id) !== undefined) return { ...where, kind: "unsupported", what: "message in a group" };
  const context = fields(message.context);
  const quoted = text(context.id);
  const press = pressOf(message);
  if (press !== undefined) {
    return {
      ...where,
      kind: "control",
      value: sanitiseText(press),
      ...(quoted !== undefined && { messageId: messageId(quoted) }),
    };
  }
  if (message.type === "reaction") return readReaction(fields(message.reaction), where);
  if (message.type === "system") return readSystem(fields(message.system), where, value, self);
  const content = contentOf(message);
  if (!content) return { ...where, kind: "unsupported", what: unsupportedText(message) };
  const author = text(context.from);
  return {
    ...where,
    kind: "message",
    messageId: messageId(id),
    content,
    ...(quoted !== undefined && {
      replyTo: {
        messageId: messageId(quoted),
        ...(author !== undefined && { sender: peerId(author), isSelf: isBusiness(author, metadata) }),
      },
    }),
  };
}

/** What a pressed button or a chosen row says. */
function pressOf(message: Fields): string | undefined {
  if (message.type === "button") {
    const { payload, text: label } = fields(message.button);
    return text(payload) ?? text(label);
  }
  if (message.type !== "interactive") return undefined;
  const { button_reply: button, list_reply: row } = fields(message.interactive);
  return text(fields(button).id) ?? text(fields(row).id);
}

/** An empty emoji takes the reaction back; which it was is not told. */
function readReaction(reaction: Fields, where: Placed): InboundEvent {
  const target = text(reaction.message_id);
  if (target === undefined) throw new SwitchboardError("MSG_001", "The reaction does not say to what.");
  const emoji = text(reaction.emoji);
  return {
    ...where,
    kind: "reaction",
    messageId: messageId(target),
    added: emoji === undefined ? [] : [sanitiseText(emoji)],
    removed: emoji === undefined ? ["*"] : [],
  };
}

function readSystem(system: Fields, where: Placed, value: Fields, self: SelfIdentity | undefined): InboundEvent {
  const moved = text(system.wa_id);
  if (moved === undefined || !/^(user|customer)_changed_number$/.test(text(system.type) ?? "")) {
    return { ...where, kind: "unsupported", what: sanitiseName(text(system.type) ?? "system message") };
  }
  const phone = text(fields(value.metadata).phone_number_id);
  const successor = conversationId(moved, phone, self?.id);
  return { ...where, kind: "membership", subject: where.sender ?? "self", change: "migrated", successor };
}

function readStatus(status: Fields, value: Fields, base: Base, self: SelfIdentity | undefined): InboundEvent {
  const id = text(status.id);
  const person = text(status.recipient_id);
  const what = text(status.status);
  if (id === undefined || what === undefined) throw new SwitchboardError("MSG_001", "The status lacks id or state.");
  const phone = text(fields(value.metadata).phone_number_id);
  const where: Placed = {
    ...base,
    conversation: person === undefined ? nowhere : { id: conversationId(person, phone, self?.id), kind: "direct" },
    at: timeOf(status.timestamp),
  };
  const state = what === "played" ? "read" : what;
  // That Meta has it is what the answer to the call said already.
  if (state !== "delivered" && state !== "read" && state !== "failed") {
    return { ...where, kind: "unsupported", what: sanitiseName(`status ${what}`) };
  }
  const [error] = items(status.errors);
  return {
    ...where,
    kind: "receipt",
    messageIds: [messageId(id)],
    status: state,
    ...(error !== undefined && { reason: errorText(error) }),
  };
}

function unsupportedText(message: Fields): string {
  const [error] = items(message.errors);
  const inner = text(fields(message.unsupported).type);
  const what = [text(message.type) ?? "message", inner, error === undefined ? undefined : errorText(error)];
  return sanitiseName(what.filter(Boolean).join(": "));
}

/** `131047 Re-engagement message: more than 24 hours have passed …` */
function errorText(error: unknown): string {
  const { code, error_data: data, message, title } = fields(error);
  const details = text(fields(data).details);
  const head = [typeof code === "number" ? `${code}` : undefined, text(title) ?? text(message)];
  return sanitiseName([head.filter(Boolean).join(" "), details].filter(Boolean).join(": ")) || "unknown error";
}

function isBusiness(author: string, metadata: Fields): boolean {
  return author.replace(/\D/g, "") === (text(metadata.display_phone_number) ?? "-").replace(/\D/g, "");
}

/** Seconds, as text. @throws MSG_001. */
function timeOf(timestamp: unknown): number {
  const at = Number(timestamp) * 1000;
  if ((typeof timestamp === "string" || typeof timestamp === "number") && at >= 0 && at <= 8.64e15)
    return Math.floor(at);
  throw new SwitchboardError("MSG_001", "The event has no time.");
}
