/** Groups, channels and topics as people make them. */
import { SwitchboardError } from "@switchboard/domain";
import { announceMessage } from "../updates/announce.ts";
import type { Chat, MemberStatus, Topic } from "../world/chats.ts";
import type { Person } from "../world/people.ts";
import { post } from "../world/post.ts";
import { openTopic } from "../world/topics.ts";
import type { World } from "../world/world.ts";
import { addBot } from "./membership.ts";

export interface NewGroup {
  readonly title: string;
  readonly people: readonly Person[];
  readonly channel?: boolean;
  readonly topics?: readonly string[];
}

/**
 * The first of the people makes it and brings the bot in as administrator. With topics it is a forum, else a basic group,
 * as new groups are; `migrate` makes a supergroup of that.
 */
export function createGroup(world: World, group: NewGroup): { readonly chat: Chat; readonly topics: readonly Topic[] } {
  const { title, people, channel = false, topics = [] } = group;
  const [owner] = people;
  if (!owner) throw new SwitchboardError("REQ_001", "A group needs somebody who makes it");
  // Only administrators speak in a channel, so that everybody named for one is that.
  const others: MemberStatus = channel ? "administrator" : "member";
  const members = people.map(({ user }): [number, MemberStatus] => [user.id, user === owner.user ? "creator" : others]);
  const chat = channel
    ? world.chats.channel(title, members)
    : topics.length > 0
      ? world.chats.supergroup(title, members, true)
      : world.chats.group(title, members);
  if (!channel) {
    const content =
      chat.wire.type === "group"
        ? ({ group_chat_created: true } as const)
        : ({ supergroup_chat_created: true } as const);
    post(world, { chat, author: owner.user, content });
  }
  addBot(world, chat, owner.user);
  const opened = topics.map((name) => {
    const { topic, message } = openTopic(world, chat, owner.user, { name });
    announceMessage(world, message);
    return topic;
  });
  world.changes.tell({ kind: "chat", chat });
  return { chat, topics: opened };
}

/** The group becomes a supergroup under a new id; the bot is told on both sides. */
export function migrate(world: World, group: Chat): Chat {
  if (group.wire.type !== "group") throw new SwitchboardError("REQ_001", "Only a basic group can become a supergroup");
  if (group.migratedTo !== undefined) throw new SwitchboardError("REQ_004", "The group is a supergroup already");
  const supergroup = world.chats.supergroup(group.wire.title, group.members, false);
  const owner = [...group.members].find(([, status]) => status === "creator")?.[0];
  const author = (owner === undefined ? undefined : world.people.byId(owner)?.user) ?? world.self;
  const farewell = post(world, { chat: group, author, content: { migrate_to_chat_id: supergroup.id } });
  group.migratedTo = supergroup.id;
  world.chats.keep(group);
  announceMessage(world, farewell);
  announceMessage(world, post(world, { chat: supergroup, author, content: { migrate_from_chat_id: group.id } }));
  world.changes.tell({ kind: "chat", chat: group });
  world.changes.tell({ kind: "chat", chat: supergroup });
  return supergroup;
}
