/** Looking at chats and their members, and changing what a chat is called. */
import type { ChatFullInfo, ChatMember, UserProfilePhotos } from "@grammyjs/types";
import { badRequest } from "../../failure.ts";
import { changeStatus } from "../../people/membership.ts";
import { announceMessage } from "../../updates/announce.ts";
import type { Chat } from "../../world/chats.ts";
import { botManages, chatMember, statusOf, usersIn } from "../../world/members.ts";
import { post } from "../../world/post.ts";
import { type Call, type Methods, other } from "../call.ts";
import { readableChat, writableChat } from "../target.ts";

const TITLE_LIMIT = 128;
const DESCRIPTION_LIMIT = 255;

export const chatMethods = {
  getChat: other((call) => fullInfo(call, readableChat(call))),

  getChatMember: other((call): ChatMember => {
    const chat = readableChat(call);
    const id = userId(call);
    const user = id === call.world.self.id ? call.world.self : call.world.people.byId(id)?.user;
    if (!user) throw badRequest("user not found");
    const inPrivate = chat.wire.type === "private" && (id === chat.id || id === call.world.self.id);
    return chatMember(user, inPrivate ? "member" : statusOf(chat, id), chat);
  }),

  getChatMemberCount: other((call) => {
    const chat = readableChat(call);
    return chat.wire.type === "private" ? 2 : usersIn(call.world, chat).length;
  }),

  getChatAdministrators: other((call): ChatMember[] => {
    const chat = readableChat(call);
    if (chat.wire.type === "private") throw badRequest("there are no administrators in the private chat");
    const members = usersIn(call.world, chat).map(({ user, status }) => chatMember(user, status, chat));
    return members.filter(({ status, user }) => status !== "member" && user.id !== call.world.self.id);
  }),

  getUserProfilePhotos: other((call): UserProfilePhotos => {
    userId(call);
    return { total_count: 0, photos: [] };
  }),

  setChatTitle: other((call) => {
    const { world } = call;
    const chat = managed(call, "not enough rights to change chat title");
    const title = call.params.text("title")?.trim() ?? "";
    if (title === "" || title.length > TITLE_LIMIT) throw badRequest("CHAT_TITLE_EMPTY");
    if (chat.wire.type === "private" || chat.wire.title === title) throw badRequest("chat title is not modified");
    chat.wire = { ...chat.wire, title };
    world.chats.keep(chat);
    if (chat.wire.type !== "channel") {
      announceMessage(world, post(world, { chat, author: world.self, content: { new_chat_title: title } }));
    }
    world.changes.tell({ kind: "chat", chat });
    return true;
  }),

  setChatDescription: other((call) => {
    const chat = managed(call, "not enough rights to set chat description");
    const description = call.params.text("description") ?? "";
    if (description.length > DESCRIPTION_LIMIT) throw badRequest("CHAT_ABOUT_TOO_LONG");
    if (description === (chat.description ?? "")) throw badRequest("chat description is not modified");
    chat.description = description;
    call.world.chats.keep(chat);
    return true;
  }),

  leaveChat: other((call) => {
    const { world } = call;
    const chat = readableChat(call);
    if (chat.wire.type === "private") throw badRequest("can't leave a private chat");
    changeStatus(world, chat, world.self, "left", world.self);
    return true;
  }),

  banChatMember: other((call) => {
    const chat = managed(call, "not enough rights to restrict/unrestrict chat member");
    const person = call.world.people.byId(userId(call));
    if (!person) throw badRequest("user not found");
    if (statusOf(chat, person.user.id) === "creator") throw badRequest("can't remove chat owner");
    changeStatus(call.world, chat, person.user, "kicked", call.world.self);
    return true;
  }),

  unbanChatMember: other((call) => {
    const chat = managed(call, "not enough rights to restrict/unrestrict chat member");
    const person = call.world.people.byId(userId(call));
    if (!person) throw badRequest("user not found");
    const status = statusOf(chat, person.user.id);
    if (status === "kicked" || (status !== "left" && !call.params.boolean("only_if_banned"))) {
      changeStatus(call.world, chat, person.user, "left", call.world.self);
    }
    return true;
  }),
} satisfies Methods;

function userId({ params }: Call): number {
  const id = params.integer("user_id");
  if (id === undefined || id <= 0) throw badRequest("invalid user_id specified");
  return id;
}

function managed(call: Call, refused: string): Chat {
  const chat = writableChat(call);
  if (chat.wire.type === "private") throw badRequest("method is not available in private chats");
  if (!botManages(call.world, chat)) throw badRequest(refused);
  return chat;
}

function fullInfo({ world }: Call, chat: Chat): ChatFullInfo {
  const pinned = chat.pinned.at(-1);
  const message = pinned === undefined ? undefined : world.history.find(chat, pinned);
  const { username } = chat.wire;
  return {
    ...chat.wire,
    ...(username !== undefined && { active_usernames: [username] }),
    accent_color_id: Math.abs(chat.id) % 7,
    max_reaction_count: 11,
    accepted_gift_types: {
      unlimited_gifts: false,
      limited_gifts: false,
      unique_gifts: false,
      premium_subscription: false,
      gifts_from_channels: false,
    },
    ...(chat.description && { description: chat.description }),
    ...(message && { pinned_message: message.wire }),
  } as ChatFullInfo;
}
