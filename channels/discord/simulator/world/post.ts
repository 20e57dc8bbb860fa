/** Messages: written, changed, deleted, reacted to. Each is kept, told to the bot and shown. */
import type { APIEmoji, APIMessage, APIUser } from "discord-api-types/v10";
import type { Channel, Message } from "./types.ts";
import type { World } from "./world.ts";

/** As the gateway and the API show a message of a server: with who its author is there. */
function dispatchMessage(
  world: World,
  t: "MESSAGE_CREATE" | "MESSAGE_UPDATE",
  { wire }: Message,
  channel: Channel,
): void {
  const member = channel.guild === undefined ? {} : { member: { roles: [], nick: null, flags: 0 } };
  world.dispatch(t, { ...wire, ...member }, channel);
}

export function postMessage(
  world: World,
  input: {
    readonly channel: Channel;
    readonly author: APIUser;
    readonly wire: Partial<APIMessage>;
    readonly onlyFor?: string;
  },
): Message {
  const { author, channel, onlyFor, wire } = input;
  const message: Message = {
    wire: {
      id: world.nextId(),
      channel_id: channel.id,
      author,
      content: "",
      timestamp: new Date().toISOString(),
      edited_timestamp: null,
      tts: false,
      mention_everyone: false,
      mentions: [],
      mention_roles: [],
      attachments: [],
      embeds: [],
      pinned: false,
      type: 0,
      flags: 0,
      components: [],
      ...wire,
    } as APIMessage,
    fromBot: author.id === world.bot.id,
    edits: 0,
    deleted: false,
    reactions: {},
    ...(onlyFor !== undefined && { onlyFor }),
  };
  world.history.add(message);
  if (message.fromBot) world.typing.stop(channel);
  if (onlyFor === undefined) dispatchMessage(world, "MESSAGE_CREATE", message, channel);
  world.changes.tell({ kind: "message", message });
  return message;
}

export function changeMessage(world: World, message: Message, wire: Partial<APIMessage>, isEdit = true): void {
  Object.assign(message.wire, wire, isEdit && { edited_timestamp: new Date().toISOString() });
  if (isEdit) message.edits += 1;
  world.shown.delete(message);
  world.history.keep(message);
  if (message.onlyFor === undefined) {
    dispatchMessage(world, "MESSAGE_UPDATE", message, world.channel(message.wire.channel_id));
  }
  world.changes.tell({ kind: "message", message });
}

export function removeMessage(world: World, message: Message): void {
  message.deleted = true;
  world.shown.delete(message);
  world.history.keep(message);
  const channel = world.channel(message.wire.channel_id);
  if (message.onlyFor === undefined) {
    world.dispatch("MESSAGE_DELETE", { id: message.wire.id, channel_id: channel.id }, channel);
  }
  world.changes.tell({ kind: "message", message });
}

export function react(world: World, user: APIUser, message: Message, emoji: string): void {
  const by = message.reactions[emoji] ?? [];
  const has = by.includes(user.id);
  message.reactions[emoji] = has ? by.filter((id) => id !== user.id) : [...by, user.id];
  world.history.keep(message);
  const channel = world.channel(message.wire.channel_id);
  const shown: Partial<APIEmoji> = { id: null, name: emoji };
  const data = {
    user_id: user.id,
    channel_id: channel.id,
    message_id: message.wire.id,
    emoji: shown,
    burst: false,
    type: 0,
    ...(channel.guild !== undefined && { member: { user, roles: [] } }),
  };
  world.dispatch(has ? "MESSAGE_REACTION_REMOVE" : "MESSAGE_REACTION_ADD", data, channel);
  world.changes.tell({ kind: "message", message });
}
