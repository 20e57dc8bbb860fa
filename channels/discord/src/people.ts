/** Who and where, in Discord's payloads. Everything comes from outside, so nothing is taken for granted. */
import {
  type Conversation,
  type InboundEvent,
  type SelfIdentity,
  type Sender,
  sanitiseName,
  type ThreadId,
} from "@switchboard/domain";
import { conversationId, isSnowflake, peerId, requireSnowflake, threadId } from "./ids.ts";
import { isAnnouncement, isThread, type Place } from "./places.ts";

/** What all events of an update have. */
export type Base = Pick<InboundEvent, "platform" | "account" | "raw">;

export interface UserLike {
  readonly id?: unknown;
  readonly username?: unknown;
  readonly global_name?: unknown;
  readonly bot?: unknown;
}

export interface MemberLike {
  readonly nick?: unknown;
  readonly user?: UserLike;
}

/** @throws MSG_001 for a user without an id. */
export function senderOf(
  user: UserLike,
  member: MemberLike | undefined | null,
  self: SelfIdentity | undefined,
): Sender {
  const id = requireSnowflake(user.id, "user");
  const names = [member?.nick, user.global_name, user.username];
  const shown = names.find((name): name is string => typeof name === "string" && name !== "");
  return {
    id: peerId(id),
    ...(typeof user.username === "string" && user.username !== "" && { username: sanitiseName(user.username) }),
    ...(shown !== undefined && { displayName: sanitiseName(shown) }),
    ...(user.bot === true && { isBot: true }),
    ...(self?.id === id && { isSelf: true }),
  };
}

export interface Where {
  readonly conversation: Conversation;
  readonly thread?: ThreadId;
}

/** @throws MSG_001 without a channel. */
export function whereOf(
  data: { readonly channel_id?: unknown; readonly guild_id?: unknown },
  place: Place | undefined,
): Where {
  const channel = requireSnowflake(data.channel_id, "channel");
  if (!isSnowflake(data.guild_id)) return { conversation: { id: conversationId(channel), kind: "direct" } };
  if (place && isThread(place) && place.parent_id !== undefined) {
    return { conversation: { id: conversationId(place.parent_id), kind: "group" }, thread: threadId(channel) };
  }
  return {
    conversation: {
      id: conversationId(channel),
      kind: place && isAnnouncement(place) ? "channel" : "group",
      ...(place?.name !== undefined && { title: sanitiseName(place.name) }),
    },
  };
}

/** A server as a whole, for what happens to its members. */
export function guildOf(id: unknown, name?: unknown): Where {
  return {
    conversation: {
      id: conversationId(requireSnowflake(id, "server")),
      kind: "group",
      ...(typeof name === "string" && { title: sanitiseName(name) }),
    },
  };
}
