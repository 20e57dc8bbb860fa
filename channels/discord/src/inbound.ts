/** Stored dispatches as events that any channel could have made. Pure. */
import {
  type AccountId,
  type InboundEvent,
  type Mentions,
  type MessageEvent,
  type RawEvent,
  type ReplyTo,
  type SelfIdentity,
  SwitchboardError,
  sanitiseText,
} from "@switchboard/domain";
import { type APIMessage, type GatewayMessageUpdateDispatchData, MessageType } from "discord-api-types/v10";
import { CHANNEL_ID, conversationId, isSnowflake, messageId, peerId, requireSnowflake } from "./ids.ts";
import { readInteraction } from "./interaction-events.ts";
import { contentOf } from "./message-content.ts";
import { type Base, guildOf, type MemberLike, senderOf, type UserLike, whereOf } from "./people.ts";
import { isUpdate, type Update } from "./updates.ts";

export interface Reader {
  readonly account: AccountId;
  readonly self?: SelfIdentity;
}

/** @throws MSG_001 for a dispatch that is not what Discord documents, MSG_003 for one that is too large. */
export function normalise(event: RawEvent, reader: Reader): InboundEvent[] {
  const update: unknown = event.payload;
  if (!isUpdate(update)) throw new SwitchboardError("MSG_001", "The stored event is no dispatch of Discord's gateway.");
  try {
    return [read(update, { platform: CHANNEL_ID, account: reader.account, raw: update }, reader.self)];
  } catch (thrown) {
    if (thrown instanceof SwitchboardError) throw thrown;
    throw new SwitchboardError("MSG_001", `The ${update.t} event is malformed: ${(thrown as Error).message}`);
  }
}

/** What is needed of a dispatch that is no message. */
interface Data extends UserLike {
  readonly channel_id?: unknown;
  readonly guild_id?: unknown;
  readonly ids?: unknown;
  readonly message_id?: unknown;
  readonly user_id?: unknown;
  readonly emoji?: { readonly id?: unknown; readonly name?: unknown };
  readonly member?: MemberLike | null;
  readonly user?: UserLike;
  readonly name?: unknown;
  readonly unavailable?: unknown;
}

function read({ d, place, t }: Update, base: Base, self: SelfIdentity | undefined): InboundEvent {
  const data = d as Data;
  switch (t) {
    case "MESSAGE_CREATE":
      return readMessage(d as unknown as APIMessage, place, base, self);
    case "MESSAGE_UPDATE":
      return readEdit(d as unknown as GatewayMessageUpdateDispatchData, place, base, self);
    case "MESSAGE_DELETE":
      return { ...base, ...whereOf(data, place), kind: "delete", messageIds: [idOf(data.id)], at: 0 };
    case "MESSAGE_DELETE_BULK":
      return { ...base, ...whereOf(data, place), kind: "delete", messageIds: (data.ids as unknown[]).map(idOf), at: 0 };
    case "MESSAGE_REACTION_ADD":
    case "MESSAGE_REACTION_REMOVE":
    case "MESSAGE_REACTION_REMOVE_EMOJI":
      return readReaction(t, data, place, base, self);
    case "INTERACTION_CREATE":
      return readInteraction(d, place, base, self);
    case "GUILD_CREATE":
      if (data.unavailable === true) break;
      return { ...base, ...guildOf(data.id, data.name), kind: "membership", subject: "self", change: "joined", at: 0 };
    case "GUILD_DELETE":
      // Unavailable: Discord has trouble, the bot is still in.
      if (data.unavailable === true) break;
      return { ...base, ...guildOf(data.id), kind: "membership", subject: "self", change: "removed", at: 0 };
    case "GUILD_MEMBER_ADD":
    case "GUILD_MEMBER_REMOVE":
    case "GUILD_MEMBER_UPDATE": {
      const subject = senderOf(data.user ?? {}, t === "GUILD_MEMBER_REMOVE" ? undefined : (data as MemberLike), self);
      const change = t === "GUILD_MEMBER_ADD" ? "joined" : t === "GUILD_MEMBER_REMOVE" ? "left" : "changed";
      return { ...base, ...guildOf(data.guild_id), kind: "membership", subject, change, at: 0 };
    }
  }
  return { ...base, ...elsewhere(data, place), kind: "unsupported", what: t.toLowerCase().replaceAll("_", " "), at: 0 };
}

/** Where an event without a meaning here belongs, as far as its fields tell. */
function elsewhere(data: Data, place: Update["place"]) {
  if (isSnowflake(data.channel_id)) return whereOf(data, place);
  if (isSnowflake(data.guild_id)) return guildOf(data.guild_id);
  return { conversation: { id: conversationId(isSnowflake(data.id) ? data.id : "0"), kind: "group" as const } };
}

function idOf(id: unknown) {
  return messageId(requireSnowflake(id, "message"));
}

/** Those in which somebody says something; the others tell of something that happened. */
const SAID: ReadonlySet<number> = new Set([
  MessageType.Default,
  MessageType.Reply,
  MessageType.ChatInputCommand,
  MessageType.ContextMenuCommand,
]);

function timeOf(text: unknown): number {
  const at = typeof text === "string" ? Date.parse(text) : Number.NaN;
  if (!Number.isSafeInteger(at) || at < 0) throw new SwitchboardError("MSG_001", "The message has no time.");
  return at;
}

function readMessage(
  message: APIMessage,
  place: Update["place"],
  base: Base,
  self: SelfIdentity | undefined,
): InboundEvent {
  const { member } = message as { readonly member?: MemberLike };
  const where = {
    ...base,
    ...whereOf(message as Data, place),
    sender: authorOf(message, member, self),
    at: timeOf(message.timestamp),
  };
  const content = SAID.has(message.type) ? contentOf(message) : undefined;
  if (!content) {
    const what = SAID.has(message.type) ? "empty message" : `message of type ${MessageType[message.type] ?? "unknown"}`;
    return { ...where, kind: "unsupported", what };
  }
  const replyTo = replyOf(message, self);
  const mentions = mentionsOf(message, replyTo, self);
  const event: MessageEvent = {
    ...where,
    kind: "message",
    messageId: idOf(message.id),
    content,
    ...(replyTo && { replyTo }),
    ...(mentions && { mentions }),
  };
  return event;
}

/** Whatever speaks through a webhook is a program; Discord does not promise that its author says so. */
function authorOf(
  { author, webhook_id }: Pick<APIMessage, "author" | "webhook_id">,
  member: MemberLike | undefined,
  self: SelfIdentity | undefined,
) {
  return { ...senderOf(author, member, self), ...(webhook_id !== undefined && { isBot: true }) };
}

/** Discord also reports a message as changed when it found out what a link shows; then there is no time of an edit. */
function readEdit(
  message: GatewayMessageUpdateDispatchData,
  place: Update["place"],
  base: Base,
  self: SelfIdentity | undefined,
): InboundEvent {
  const where = { ...base, ...whereOf(message as Data, place) };
  const edited = message.edited_timestamp;
  const content = edited && typeof message.content === "string" ? contentOf(message as APIMessage) : undefined;
  if (!edited || !content) return { ...where, kind: "unsupported", what: "message with another preview", at: 0 };
  const { member } = message as { readonly member?: MemberLike };
  return {
    ...where,
    kind: "edit",
    messageId: idOf(message.id),
    content,
    ...(message.author && { sender: authorOf(message, member, self) }),
    at: timeOf(edited),
  };
}

/** `message_reference` also names what was forwarded, followed or pinned; only the default one is a reply. */
function replyOf(message: APIMessage, self: SelfIdentity | undefined): ReplyTo | undefined {
  const { message_reference: reference, referenced_message: original } = message;
  if (!reference || (reference.type ?? 0) !== 0 || !isSnowflake(reference.message_id)) return undefined;
  const author = original?.author?.id;
  return {
    messageId: messageId(reference.message_id),
    ...(isSnowflake(author) && { sender: peerId(author), isSelf: self?.id === author }),
    ...(original?.content && { text: sanitiseText(original.content) }),
  };
}

function mentionsOf(
  message: APIMessage,
  replyTo: ReplyTo | undefined,
  self: SelfIdentity | undefined,
): Mentions | undefined {
  const users = message.mentions.flatMap(({ id }) => (isSnowflake(id) ? [peerId(id)] : []));
  const roles = (message.mention_roles ?? []).filter(isSnowflake);
  const channels = [...(message.content ?? "").matchAll(/<#([1-9]\d{0,19})>/g)].map(([, id = ""]) =>
    conversationId(id),
  );
  const isSelf = replyTo?.isSelf === true || (self !== undefined && users.includes(self.id));
  if (users.length + roles.length + channels.length === 0 && !isSelf && message.mention_everyone !== true)
    return undefined;
  return {
    ...(users.length > 0 && { users }),
    ...(roles.length > 0 && { roles }),
    ...(channels.length > 0 && { channels }),
    ...(message.mention_everyone === true && { everyone: true }),
    ...(isSelf && { self: true }),
  };
}

/** Discord does not date reactions. */
function readReaction(
  type: string,
  data: Data,
  place: Update["place"],
  base: Base,
  self: SelfIdentity | undefined,
): InboundEvent {
  const { emoji, member, message_id, user_id } = data;
  const name = typeof emoji?.name === "string" ? emoji.name : "";
  const shown = isSnowflake(emoji?.id) ? `${name}:${emoji.id}` : name;
  const user = member?.user ?? { id: user_id };
  return {
    ...base,
    ...whereOf(data, place),
    kind: "reaction",
    ...(type !== "MESSAGE_REACTION_REMOVE_EMOJI" && { sender: senderOf(user, member, self) }),
    messageId: idOf(message_id),
    added: type === "MESSAGE_REACTION_ADD" ? [shown] : [],
    removed: type === "MESSAGE_REACTION_ADD" ? [] : [shown],
    at: 0,
  };
}
