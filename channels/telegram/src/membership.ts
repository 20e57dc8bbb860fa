/** Comings and goings: of people, of the account itself, and of whole groups that get another id. */
import type { MembershipEvent, SelfIdentity, Sender } from "@switchboard/domain";
import type { ChatMember, ChatMemberUpdated, Message } from "grammy/types";
import { conversationId } from "./ids.ts";
import { isSelf, userSender } from "./people.ts";

type Change = MembershipEvent["change"];
/** What differs from one membership event to the next; the caller adds where and when. */
export type MembershipPart = Pick<MembershipEvent, "kind" | "subject" | "change" | "successor">;

/** Somebody's status in a chat changed. In a direct chat "kicked" means that the person blocked the bot. */
export function statusChange(update: ChatMemberUpdated, self: SelfIdentity | undefined): MembershipPart {
  const { old_chat_member: before, new_chat_member: after, from } = update;
  const itself = isSelf(after.user.id, self);
  const change =
    update.chat.type === "private"
      ? directChange(before, after)
      : groupChange(isPresent(before), after, from.id === after.user.id);
  return { kind: "membership", subject: itself ? "self" : userSender(after.user, self), change };
}

function directChange(before: ChatMember, after: ChatMember): Change {
  if (after.status === "kicked") return "blocked";
  return before.status === "kicked" ? "unblocked" : "joined";
}

function groupChange(present: boolean, after: ChatMember, byThemselves: boolean): Change {
  if (isPresent(after)) return present ? "changed" : "joined";
  if (!present) return "changed";
  return after.status === "left" || byThemselves ? "left" : "removed";
}

function isPresent(member: ChatMember): boolean {
  return member.status === "restricted" ? member.is_member : member.status !== "left" && member.status !== "kicked";
}

/**
 * Service messages about members. The account's own ones are left to `my_chat_member`, which always comes too.
 */
export function serviceMembership(message: Message, self: SelfIdentity | undefined): MembershipPart[] {
  const { new_chat_members: joined, left_chat_member: left, from } = message;
  const parts: MembershipPart[] = (joined ?? [])
    .filter(({ id }) => !isSelf(id, self))
    .map((user) => membership(userSender(user, self), "joined"));
  if (left && !isSelf(left.id, self)) {
    parts.push(membership(userSender(left, self), from?.id === left.id ? "left" : "removed"));
  }
  return parts;
}

function membership(subject: Sender, change: Change): MembershipPart {
  return { kind: "membership", subject, change };
}

/** A group became a supergroup with another id; both the old and the new one tell. */
export function migration(message: Message): { readonly from: number; readonly part: MembershipPart } | undefined {
  const { migrate_to_chat_id: to, migrate_from_chat_id: from, chat } = message;
  const [before, after] = to !== undefined ? [chat.id, to] : from !== undefined ? [from, chat.id] : [];
  if (before === undefined || after === undefined) return undefined;
  const successor = conversationId(after);
  return { from: before, part: { kind: "membership", subject: "self", change: "migrated", successor } };
}
