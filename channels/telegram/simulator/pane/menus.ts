/** What one can do in Telegram besides talking. */
import type { PaneChat, PaneMenuItem } from "@switchboard/simulator-kit";
import type { Chat } from "../world/chats.ts";
import { botHears } from "../world/members.ts";
import type { World } from "../world/world.ts";

const name = [{ name: "name", label: "Name" }];
const others = {
  name: "people",
  label: "Other people, separated by commas",
  placeholder: "Grace Hopper, Bob",
  optional: true,
};
const title = (placeholder: string) => ({ name: "title", label: "Name", placeholder });
const topics = { name: "topics", label: "Topics, separated by commas", value: "Ideas, Support" };

/** What one can make. */
export const newChats: readonly PaneMenuItem[] = [
  { does: "group", label: "New group", fields: [title("Team"), others], ok: "Create" },
  { does: "forum", label: "New forum with topics", fields: [title("Team"), others, topics], ok: "Create" },
  { does: "channel", label: "New channel", fields: [title("News"), others], ok: "Create" },
];

const newTopic: PaneMenuItem = { does: "topic", label: "New topic", fields: name, ok: "Create" };

/** What one can do in a chat, and the button that stands in place of the field. */
export function chatMenu(world: World, chat: Chat): Pick<PaneChat, "menu" | "newThread" | "instead"> {
  if (chat.wire.type === "private") return privateMenu(world, chat);
  const { is_forum: forum, type } = chat.wire;
  return {
    menu: [
      { does: "invite", label: "Add a person", fields: name, ok: "Add" },
      ...(forum ? [newTopic] : []),
      ...(type === "group" ? [{ does: "migrate", label: "Make it a supergroup" }] : []),
      botHears(world, chat)
        ? { does: "remove-bot", label: "Remove the bot", danger: true }
        : { does: "add-bot", label: "Add the bot" },
      { does: "leave", label: "Leave", danger: true },
    ],
    ...(forum && { newThread: newTopic }),
  };
}

function privateMenu(world: World, chat: Chat): Pick<PaneChat, "menu" | "instead"> {
  const blocked = isBlocked(world, chat);
  const isNew = chat.messages.size === 0;
  return {
    menu: blocked
      ? [{ does: "unblock", label: "Unblock the bot" }]
      : [{ does: "block", label: "Block the bot", danger: true }],
    ...(isNew && { instead: { label: "Start", says: "/start" } }),
    ...(!isNew && blocked && { instead: { label: "Unblock", does: "unblock" } }),
  };
}

export function isBlocked(world: World, chat: Chat): boolean {
  return world.people.byId(chat.id)?.blocked ?? false;
}
