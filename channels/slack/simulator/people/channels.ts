/** Channels are made; people and the bot come and go. */
import { tellEvent } from "../events/tell.ts";
import type { Channel } from "../world/channels.ts";
import { hears, post } from "../world/post.ts";
import { nextStamp, type Person, type World } from "../world/world.ts";

export interface NewChannel {
  readonly kind: "channel" | "group" | "mpim";
  readonly title: string;
  readonly people: readonly Person[];
  /** Messages to begin threads with. */
  readonly threads?: readonly string[];
}

export function createChannel(
  world: World,
  { kind, people, threads = [], title }: NewChannel,
): {
  readonly channel: Channel;
  readonly threads: readonly string[];
} {
  const members = [...new Set([...people.map(({ id }) => id), world.app.user])];
  const channel = world.channels.make(kind, channelName(title), members);
  world.changes.tell({ kind: "channel", channel });
  if (kind !== "mpim") tellMember(world, channel, world.app.user, "member_joined_channel", people[0]?.id);
  const [first] = people;
  const roots = threads.map((text) => post(world, { channel, user: first?.id ?? world.app.user, text }).ts);
  return { channel, threads: roots };
}

/** Slack's names are lower case, without spaces. */
export function channelName(title: string): string {
  return (
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_-]+/gu, "-")
      .slice(0, 80) || "channel"
  );
}

export function join(world: World, channel: Channel, user: string): void {
  if (channel.members.includes(user)) return;
  channel.members = [...channel.members, user];
  world.channels.keep(channel);
  world.changes.tell({ kind: "channel", channel });
  note(world, channel, user, "channel_join", "has joined the channel");
  if (hears(world, channel)) tellMember(world, channel, user, "member_joined_channel");
}

export function leave(world: World, channel: Channel, user: string): void {
  if (!channel.members.includes(user)) return;
  const heard = hears(world, channel);
  channel.members = channel.members.filter((member) => member !== user);
  world.channels.keep(channel);
  world.changes.tell({ kind: "channel", channel });
  note(world, channel, user, "channel_leave", "has left the channel");
  if (user === world.app.user) {
    const type = channel.kind === "channel" ? "channel_left" : "group_left";
    tellEvent(world, channel.id, { type, channel: channel.id, event_ts: nextStamp(world) });
  } else if (heard) tellMember(world, channel, user, "member_left_channel");
}

export function rename(world: World, channel: Channel, title: string): void {
  channel.name = channelName(title);
  world.channels.keep(channel);
  world.changes.tell({ kind: "channel", channel });
  if (!hears(world, channel)) return;
  const type = channel.kind === "channel" ? "channel_rename" : "group_rename";
  const created = Math.floor(Date.now() / 1000);
  tellEvent(world, channel.id, {
    type,
    channel: { id: channel.id, name: channel.name, created },
    event_ts: nextStamp(world),
  });
}

export function archive(world: World, channel: Channel, user: string, archived: boolean): void {
  if (channel.archived === archived) return;
  channel.archived = archived;
  world.channels.keep(channel);
  world.changes.tell({ kind: "channel", channel });
  if (!hears(world, channel)) return;
  const family = channel.kind === "channel" ? "channel" : "group";
  const type = `${family}_${archived ? "archive" : "unarchive"}`;
  tellEvent(world, channel.id, { type, channel: channel.id, user, event_ts: nextStamp(world) });
}

function note(world: World, channel: Channel, user: string, subtype: string, words: string): void {
  post(world, { channel, user, text: `<@${user}> ${words}`, subtype });
}

function tellMember(world: World, channel: Channel, user: string, type: string, inviter?: string): void {
  tellEvent(world, channel.id, {
    type,
    user,
    channel: channel.id,
    channel_type: channel.kind === "channel" ? "C" : "G",
    team: world.app.team,
    ...(inviter !== undefined && { inviter }),
    event_ts: nextStamp(world),
  });
}
