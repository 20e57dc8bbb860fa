/** Who is in a chat, in the Bot API's words. */
import type { ChatMember, ChatMemberAdministrator, User } from "@grammyjs/types";
import type { Chat, MemberStatus } from "./chats.ts";
import type { World } from "./world.ts";

const rights = {
  can_be_edited: false,
  is_anonymous: false,
  can_manage_chat: true,
  can_delete_messages: true,
  can_manage_video_chats: true,
  can_restrict_members: true,
  can_promote_members: false,
  can_change_info: true,
  can_invite_users: true,
  can_post_stories: false,
  can_edit_stories: false,
  can_delete_stories: false,
} as const satisfies Partial<ChatMemberAdministrator>;

/** A membership as `getChatMember` and updates show it. */
export function chatMember(user: User, status: MemberStatus, chat: Chat): ChatMember {
  switch (status) {
    case "creator":
      return { status, user, is_anonymous: false };
    case "administrator":
      // The types know rights of later versions of the Bot API than the one that is simulated.
      return {
        status,
        user,
        ...rights,
        ...(chat.wire.type === "channel" && { can_post_messages: true, can_edit_messages: true }),
        ...(chat.wire.type === "supergroup" && { can_pin_messages: true, can_manage_topics: true }),
      } as ChatMemberAdministrator;
    case "kicked":
      return { status, user, until_date: 0 };
    default:
      return { status, user };
  }
}

export function statusOf(chat: Chat, user: number): MemberStatus {
  return chat.members.get(user) ?? "left";
}

export function isIn(status: MemberStatus): boolean {
  return status === "creator" || status === "administrator" || status === "member";
}

/** Whether the bot hears what is said there. */
export function botHears(world: World, chat: Chat): boolean {
  return chat.wire.type === "private" || isIn(statusOf(chat, world.self.id));
}

/** Whether the bot may delete, pin and manage topics there. */
export function botManages(world: World, chat: Chat): boolean {
  const status = statusOf(chat, world.self.id);
  return status === "creator" || status === "administrator";
}

/** Members who are there now, the bot too. */
export function usersIn(world: World, chat: Chat): { readonly user: User; readonly status: MemberStatus }[] {
  return [...chat.members].flatMap(([id, status]) => {
    const user = id === world.self.id ? world.self : world.people.byId(id)?.user;
    return user && isIn(status) ? [{ user, status }] : [];
  });
}
