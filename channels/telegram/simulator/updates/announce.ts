/** Tells the bot what happened, if it wants to know that kind of thing. */
import type { Chat, StoredMessage } from "../world/chats.ts";
import { botHears } from "../world/members.ts";
import type { World } from "../world/world.ts";
import { isAllowed, type UpdateBody, type UpdateKind } from "./kinds.ts";

/** Queues an update. What shares a lane arrives in order at a webhook. */
export function announce<Kind extends UpdateKind>(
  world: World,
  kind: Kind,
  lane: string | number,
  body: UpdateBody<Kind>,
): void {
  if (isAllowed(kind, world.bot.allowedUpdates)) push(world, String(lane), kind, body);
}

/** Queues a message or its edit, as a post where the chat is a channel. */
export function announceMessage(world: World, { chat, wire }: StoredMessage, edited = false): void {
  if (!botHears(world, chat)) return;
  const kind = messageKind(chat, edited);
  if (isAllowed(kind, world.bot.allowedUpdates)) push(world, String(chat.id), kind, wire);
}

function push(world: World, lane: string, kind: UpdateKind, body: unknown): void {
  world.updates.push(lane, (id) => `{"update_id":${id},"${kind}":${JSON.stringify(body)}}`);
}

function messageKind(chat: Chat, edited: boolean): UpdateKind {
  if (chat.wire.type === "channel") return edited ? "edited_channel_post" : "channel_post";
  return edited ? "edited_message" : "message";
}
