/** People and the bot coming, going and blocking each other. */
import type { User } from "@grammyjs/types";
import { announce, announceMessage } from "../updates/announce.ts";
import type { Chat, MemberStatus } from "../world/chats.ts";
import { chatMember, statusOf } from "../world/members.ts";
import type { Person } from "../world/people.ts";
import { post, seconds } from "../world/post.ts";
import type { World } from "../world/world.ts";

export function join(world: World, chat: Chat, person: Person): void {
  changeStatus(world, chat, person.user, "member", person.user);
  if (chat.wire.type === "channel") return;
  announceMessage(world, post(world, { chat, author: person.user, content: { new_chat_members: [person.user] } }));
}

export function leave(world: World, chat: Chat, person: Person): void {
  changeStatus(world, chat, person.user, "left", person.user);
  if (chat.wire.type === "channel") return;
  announceMessage(world, post(world, { chat, author: person.user, content: { left_chat_member: person.user } }));
}

/** The bot is brought into a chat it is not in. */
export function addBot(world: World, chat: Chat, by: User): void {
  changeStatus(world, chat, world.self, "administrator", by);
  if (chat.wire.type === "channel") return;
  announceMessage(world, post(world, { chat, author: by, content: { new_chat_members: [world.self] } }));
}

/** The bot is thrown out. It learns of it, and of nothing after it. */
export function removeBot(world: World, chat: Chat, by: User): void {
  changeStatus(world, chat, world.self, "kicked", by);
  if (chat.wire.type === "channel") return;
  post(world, { chat, author: by, content: { left_chat_member: world.self } });
}

/** In a private chat, being blocked is told as being kicked. */
export function block(world: World, person: Person): void {
  setBlocked(world, person, true);
}

export function unblock(world: World, person: Person): void {
  setBlocked(world, person, false);
}

function setBlocked(world: World, person: Person, blocked: boolean): void {
  if (person.blocked === blocked) return;
  person.blocked = blocked;
  world.people.keep(person);
  const chat = world.chats.private(person);
  announce(world, "my_chat_member", `own ${chat.id}`, {
    chat: chat.wire,
    from: person.user,
    date: seconds(),
    old_chat_member: chatMember(world.self, blocked ? "member" : "kicked", chat),
    new_chat_member: chatMember(world.self, blocked ? "kicked" : "member", chat),
  });
  world.changes.tell({ kind: "chat", chat });
}

/** Sets what a user is in a chat and tells the bot. */
export function changeStatus(world: World, chat: Chat, user: User, status: MemberStatus, by: User): void {
  const before = statusOf(chat, user.id);
  chat.members.set(user.id, status);
  world.chats.keep(chat);
  const own = user.id === world.self.id;
  announce(world, own ? "my_chat_member" : "chat_member", own ? `own ${chat.id}` : `member ${user.id}`, {
    chat: chat.wire,
    from: by,
    date: seconds(),
    old_chat_member: chatMember(user, before, chat),
    new_chat_member: chatMember(user, status, chat),
  });
  world.changes.tell({ kind: "chat", chat });
}
