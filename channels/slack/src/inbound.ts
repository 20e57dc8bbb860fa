/** Stored calls of Slack as events that any channel could have made. Pure. */
import {
  type InboundEvent,
  type MembershipEvent,
  type RawEvent,
  type Reader,
  type SelfIdentity,
  SwitchboardError,
} from "@switchboard/domain";
import { type Body, bodyOf, eventOf, isBody, textOf, withoutNote, wordOf } from "./body.ts";
import type { SlackConfig } from "./config.ts";
import { emojiOf } from "./emoji.ts";
import { CHANNEL_ID, conversationId, isChannel, isStamp, isUser, messageId, peerId, threadId, timeOf } from "./ids.ts";
import { readInteraction } from "./interaction.ts";
import { mentionsOf } from "./mentions.ts";
import { contentOf } from "./message-content.ts";
import { conversationOf, messageSender, userSender } from "./people.ts";
import { actorOf, isSaid, messageIn, placeOf } from "./place.ts";
import type { Where } from "./where.ts";
import { isForAnother } from "./whose.ts";

/** @throws MSG_001 for a call that is not what Slack documents, MSG_003 for one that is too large. */
export function normalise(event: RawEvent, reader: Reader<SlackConfig>): InboundEvent[] {
  const body: unknown = event.payload;
  if (!isBody(body)) throw new SwitchboardError("MSG_001", "The call is no object.");
  try {
    return [read(body, reader)];
  } catch (thrown) {
    if (thrown instanceof SwitchboardError) throw thrown;
    throw new SwitchboardError("MSG_001", `The ${nameOf(body)} is malformed: ${(thrown as Error).message}`);
  }
}

function read(body: Body, reader: Reader<SlackConfig>): InboundEvent {
  const { self } = reader;
  const event = eventOf(body);
  const where = whereOf(body, reader);
  if (isForAnother(body, self)) return { ...where, kind: "unsupported", what: `${nameOf(body)} of another workspace` };
  if (!isBody(body.event)) {
    return readInteraction(body, where) ?? { ...where, kind: "unsupported", what: nameOf(body) };
  }
  if (event.type === "message" || event.type === "app_mention") return readMessage(event, body, where, self);
  return (
    readReaction(event, where) ??
    readMembership(event, body, where, reader) ?? { ...where, kind: "unsupported", what: nameOf(body) }
  );
}

function whereOf(body: Body, { account, config, self }: Reader<SlackConfig>): Where {
  const event = eventOf(body);
  const place = placeOf(body, config);
  const actor = actorOf(body);
  const channel = place?.channel ?? wordOf(actor) ?? wordOf(body.team_id) ?? "unknown";
  const isMessage = event.type === "message" || event.type === "app_mention";
  const sender = isMessage
    ? messageSender(messageIn(event), body, self)
    : actor === undefined
      ? undefined
      : userSender(actor, body, self, { username: bodyOf(body.user).username ?? body.user_name });
  return {
    platform: CHANNEL_ID,
    account,
    raw: withoutNote(body),
    conversation:
      place === undefined
        ? { id: conversationId(channel), kind: "direct" }
        : conversationOf(channel, body, event.channel_type),
    ...(place?.thread !== undefined && { thread: threadId(place.thread) }),
    ...(sender && { sender }),
    at: timeOfCall(event, body),
  };
}

function timeOfCall(event: Body, body: Body): number {
  const [action] = Array.isArray(body.actions) ? body.actions : [];
  const stamp = [event.event_ts, event.ts, bodyOf(action).action_ts, body.action_ts].find(isStamp);
  if (stamp !== undefined) return timeOf(stamp);
  const seconds = body.event_time;
  return typeof seconds === "number" && Number.isSafeInteger(seconds) && seconds >= 0 && seconds < 8e12
    ? seconds * 1000
    : 0;
}

function readMessage(event: Body, body: Body, where: Where, self: SelfIdentity | undefined): InboundEvent {
  if (!isChannel(event.channel)) throw new SwitchboardError("MSG_001", "The message names no channel.");
  if (isSaid(event)) {
    if (!isStamp(event.ts)) throw new SwitchboardError("MSG_001", "The message has no time stamp.");
    const content = contentOf(event, self);
    if (!content) return { ...where, kind: "unsupported", what: "empty message" };
    const mentions = mentionsOf(event, body, self);
    return {
      ...where,
      kind: "message",
      messageId: messageId(event.ts),
      at: timeOf(event.ts),
      content,
      ...(mentions && { mentions }),
    };
  }
  const message = messageIn(event);
  if (event.subtype === "message_deleted") {
    const gone = isStamp(event.deleted_ts) ? event.deleted_ts : message.ts;
    if (!isStamp(gone)) throw new SwitchboardError("MSG_001", "The deletion names no message.");
    return { ...where, kind: "delete", messageIds: [messageId(gone)] };
  }
  if (event.subtype === "message_changed") return readChange(event, message, where, self);
  return { ...where, kind: "unsupported", what: textOf(event.subtype) ?? "message" };
}

/** A message changes also when its links unfold, or somebody answers in its thread: then nobody edited it. */
function readChange(event: Body, message: Body, where: Where, self: SelfIdentity | undefined): InboundEvent {
  if (!isStamp(message.ts)) throw new SwitchboardError("MSG_001", "The change names no message.");
  // With answers below it a deleted message stays as a stone.
  if (message.subtype === "tombstone") return { ...where, kind: "delete", messageIds: [messageId(message.ts)] };
  const before = bodyOf(event.previous_message);
  const content = contentOf(message, self);
  const same = wordOf(before.ts) !== undefined && before.text === message.text;
  if (same || !content) return { ...where, kind: "unsupported", what: "message_changed" };
  return { ...where, kind: "edit", messageId: messageId(message.ts), content };
}

function readReaction(event: Body, where: Where): InboundEvent | undefined {
  if (event.type !== "reaction_added" && event.type !== "reaction_removed") return undefined;
  const item = bodyOf(event.item);
  if (item.type !== "message" || !isStamp(item.ts) || !isChannel(item.channel)) return undefined;
  const emoji = emojiOf(String(event.reaction));
  const added = event.type === "reaction_added";
  return {
    ...where,
    kind: "reaction",
    messageId: messageId(item.ts),
    added: added ? [emoji] : [],
    removed: added ? [] : [emoji],
  };
}

type Change = MembershipEvent["change"];

/** What happens to the channel, as something that happens to the account in it. */
const ofChannels: Readonly<Record<string, Change>> = {
  channel_left: "left",
  group_left: "left",
  channel_deleted: "left",
  group_deleted: "left",
  channel_archive: "changed",
  group_archive: "changed",
  channel_unarchive: "changed",
  group_unarchive: "changed",
  channel_rename: "changed",
  group_rename: "changed",
};

function readMembership(
  event: Body,
  body: Body,
  where: Where,
  { config, self }: Reader<SlackConfig>,
): InboundEvent | undefined {
  const type = textOf(event.type) ?? "";
  if (type === "channel_id_changed" && isChannel(event.new_channel_id) && isChannel(event.old_channel_id)) {
    return {
      ...where,
      conversation: { ...where.conversation, id: conversationId(event.old_channel_id), kind: "group" },
      kind: "membership",
      subject: "self",
      change: "migrated",
      successor: conversationId(event.new_channel_id),
    };
  }
  if (placeOf(body, config) === undefined) return undefined;
  if (type === "member_joined_channel" || type === "member_left_channel") {
    if (!isUser(event.user)) return undefined;
    const subject = peerId(event.user) === self?.id ? "self" : userSender(event.user, body, self);
    return { ...where, kind: "membership", subject, change: type === "member_joined_channel" ? "joined" : "left" };
  }
  const change = Object.hasOwn(ofChannels, type) ? ofChannels[type] : undefined;
  if (change === undefined) return undefined;
  const title = wordOf(bodyOf(event.channel).name);
  return {
    ...where,
    conversation: { ...where.conversation, ...(title !== undefined && { title }) },
    kind: "membership",
    subject: "self",
    change,
  };
}

/** What a call is, in Slack's word. */
function nameOf(body: Body): string {
  const event = eventOf(body);
  const type = textOf(event.type) ?? textOf(body.type) ?? (body.command === undefined ? "call" : "command");
  return type.replaceAll(/[^\w.-]/g, "").slice(0, 64) || "call";
}
