/** Saying, changing and deleting: what happens in the workspace, and what the app hears of it. */
import { SwitchboardError } from "@switchboard/domain";
import { type Fields, tellEvent } from "../events/tell.ts";
import type { Channel } from "./channels.ts";
import { fileWire } from "./file-wire.ts";
import type { Block, Message } from "./message.ts";
import { nextStamp, type World } from "./world.ts";

export interface Post {
  readonly channel: Channel;
  readonly user: string;
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly thread?: string;
  readonly files?: readonly string[];
  readonly metadata?: unknown;
  readonly onlyFor?: string;
  readonly subtype?: string;
  /** Whether the app hears of it. Default true. */
  readonly announce?: boolean;
}

/** Somebody or the bot says something. */
export function post(world: World, input: Post): Message {
  const { announce = true, blocks, channel, files = [], metadata, onlyFor, subtype, text, thread, user } = input;
  const message: Message = {
    channel: channel.id,
    ts: nextStamp(world),
    ...(thread !== undefined && { thread }),
    user,
    fromBot: user === world.app.user,
    text,
    ...(blocks && blocks.length > 0 && { blocks }),
    files,
    ...(metadata !== undefined && { metadata }),
    ...(onlyFor !== undefined && { onlyFor }),
    ...(subtype !== undefined && { subtype }),
    edits: 0,
    deleted: false,
    reactions: {},
  };
  world.history.add(message);
  if (message.fromBot) world.typing.stop(channel.id);
  world.changes.tell({ kind: "message", message });
  // A message that is answered becomes a thread of its channel.
  if (thread !== undefined) world.changes.tell({ kind: "channel", channel });
  if (announce && onlyFor === undefined) announceMessage(world, channel, message);
  return message;
}

/** The app hears of what is said where its bot is, its own words included, and twice of what mentions it. */
function announceMessage(world: World, channel: Channel, message: Message): void {
  if (!hears(world, channel)) return;
  const event = { ...wireOf(world, message), channel: channel.id, channel_type: typeOf(channel), event_ts: message.ts };
  tellEvent(world, channel.id, event);
  if (message.fromBot || channel.kind === "im" || !message.text.includes(`<@${world.app.user}>`)) return;
  const { channel_type: _type, subtype: _subtype, ...mention } = event as Fields;
  tellEvent(world, channel.id, { ...mention, type: "app_mention" });
}

export function hears({ app }: World, { kind, members }: Channel): boolean {
  return kind === "im" || members.includes(app.user);
}

function typeOf({ kind }: Channel): string {
  return kind;
}

/** A message as Slack writes it. */
export function wireOf(world: World, message: Message): Fields {
  const { app } = world;
  const files = message.files.flatMap((id) => {
    const file = world.files.byId(id);
    return file ? [fileWire(world, file)] : [];
  });
  const root = message.thread === undefined ? undefined : world.messages.get(message.channel)?.get(message.thread);
  const reactions = Object.entries(message.reactions).map(([name, users]) => ({ name, users, count: users.length }));
  return {
    type: "message",
    ...(message.subtype !== undefined && { subtype: message.subtype }),
    ...(message.subtype === undefined && files.length > 0 && { subtype: "file_share" }),
    user: message.user,
    ...(message.fromBot && {
      bot_id: app.bot,
      app_id: app.id,
      bot_profile: { id: app.bot, app_id: app.id, name: world.name, deleted: false, team_id: app.team },
    }),
    text: message.text,
    ...(message.blocks && { blocks: message.blocks }),
    ...(files.length > 0 && { files }),
    team: app.team,
    ts: message.ts,
    ...(message.thread !== undefined && { thread_ts: message.thread }),
    ...(root && { parent_user_id: root.user }),
    ...(message.edits > 0 && { edited: { user: message.user, ts: message.ts } }),
    ...(message.metadata !== undefined && { metadata: message.metadata }),
    ...(reactions.length > 0 && { reactions }),
  };
}

export function changeMessage(world: World, message: Message, text: string, blocks?: readonly Block[]): void {
  const before = wireOf(world, message);
  message.text = text;
  if (blocks && blocks.length > 0) message.blocks = blocks;
  else delete message.blocks;
  message.edits += 1;
  world.history.keep(message);
  world.changes.tell({ kind: "message", message });
  tellChange(world, message, { subtype: "message_changed", message: wireOf(world, message), previous_message: before });
}

export function deleteMessage(world: World, message: Message): void {
  if (message.deleted) return;
  const before = wireOf(world, message);
  message.deleted = true;
  world.history.keep(message);
  world.changes.tell({ kind: "message", message });
  tellChange(world, message, { subtype: "message_deleted", deleted_ts: message.ts, previous_message: before });
}

/** Of what only one person sees nobody hears. */
function tellChange(world: World, { channel: id, onlyFor }: Message, change: Fields): void {
  const channel = world.channels.get(id);
  if (!channel || onlyFor !== undefined || !hears(world, channel)) return;
  const ts = nextStamp(world);
  tellEvent(world, id, {
    type: "message",
    ...change,
    channel: id,
    hidden: true,
    ts,
    event_ts: ts,
    channel_type: typeOf(channel),
  });
}

/** Adds a reaction, or takes it back. */
export function react(world: World, message: Message, user: string, name: string): void {
  const by = message.reactions[name] ?? [];
  const has = by.includes(user);
  const { [name]: _, ...others } = message.reactions;
  const left = has ? by.filter((each) => each !== user) : [...by, user];
  message.reactions = left.length > 0 ? { ...others, [name]: left } : others;
  world.history.keep(message);
  world.changes.tell({ kind: "message", message });
  const channel = world.channels.get(message.channel);
  if (!channel || !hears(world, channel)) return;
  tellEvent(world, channel.id, {
    type: has ? "reaction_removed" : "reaction_added",
    user,
    reaction: name,
    item_user: message.user,
    item: { type: "message", channel: channel.id, ts: message.ts },
    event_ts: nextStamp(world),
  });
}

export function channelOf(world: World, id: string): Channel {
  const channel = world.channels.get(id);
  if (!channel) throw new SwitchboardError("REQ_002", `No channel ${id}`);
  return channel;
}

export function messageOf(world: World, channel: string, ts: string): Message {
  const message = world.messages.get(channel)?.get(ts);
  if (!message || message.deleted) throw new SwitchboardError("REQ_002", `No message ${ts} in ${channel}`);
  return message;
}
