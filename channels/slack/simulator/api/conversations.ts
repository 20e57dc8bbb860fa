/** `conversations.*`, `users.*`: who and what is there. */
import type { Channel } from "../world/channels.ts";
import type { Message } from "../world/message.ts";
import { hears, wireOf } from "../world/post.ts";
import type { World } from "../world/world.ts";
import { existing } from "./chat.ts";
import type { Call, Method } from "./method.ts";
import type { Params } from "./params.ts";
import { ApiRefusal, missingScope } from "./refusal.ts";

const page = ["cursor", "inclusive", "latest", "limit", "oldest", "include_all_metadata"];
const HISTORY = ["channels:history", "groups:history", "im:history", "mpim:history"];
const READ = ["channels:read", "groups:read", "im:read", "mpim:read"];

export const conversationMethods: Readonly<Record<string, Method>> = {
  "conversations.history": { kind: "other", scopes: HISTORY, fields: [...page, "channel"], run: history },
  "conversations.replies": { kind: "other", scopes: HISTORY, fields: [...page, "channel", "ts"], run: replies },
  "conversations.info": {
    kind: "other",
    scopes: READ,
    fields: ["channel", "include_locale", "include_num_members"],
    run: ({ params, world }) => ({ channel: channelWire(world, existing(world, params)) }),
  },
  "users.info": { kind: "other", scopes: ["users:read"], fields: ["user", "include_locale"], run: userInfo },
};

const families: Readonly<Record<Channel["kind"], string>> = {
  channel: "channels",
  group: "groups",
  im: "im",
  mpim: "mpim",
};

function readable({ params, world }: Call): Channel {
  const channel = existing(world, params);
  const needed = `${families[channel.kind]}:history`;
  if (!world.settings.scopes.includes(needed)) throw missingScope(needed, world.settings.scopes);
  if (!hears(world, channel)) throw new ApiRefusal("not_in_channel");
  return channel;
}

function history(call: Call) {
  const channel = readable(call);
  const all = said(call.world, channel).filter(({ thread }) => thread === undefined);
  // The newest first, as Slack does.
  return pageOf(call, all.reverse());
}

function replies(call: Call) {
  const channel = readable(call);
  const root = call.params.required("ts");
  const all = said(call.world, channel).filter(({ thread, ts }) => ts === root || thread === root);
  if (all.length === 0) throw new ApiRefusal("thread_not_found");
  return pageOf(call, all);
}

function said(world: World, channel: Channel): Message[] {
  return [...(world.messages.get(channel.id)?.values() ?? [])].filter(
    ({ deleted, onlyFor }) => !deleted && onlyFor === undefined,
  );
}

function pageOf({ params, world }: Call, all: readonly Message[]) {
  const oldest = params.number("oldest") ?? 0;
  const latest = params.number("latest") ?? Number.POSITIVE_INFINITY;
  const limit = Math.min(999, params.number("limit") ?? 100);
  const within = all.filter(({ ts }) => Number(ts) > oldest && Number(ts) < latest);
  return {
    messages: within.slice(0, limit).map((message) => withMetadata(world, message, params)),
    has_more: within.length > limit,
    response_metadata: { next_cursor: "" },
  };
}

function withMetadata(world: World, message: Message, params: Params) {
  const { metadata, ...wire } = wireOf(world, message);
  return { ...wire, ...(params.flag("include_all_metadata") && metadata !== undefined && { metadata }) };
}

export function channelWire(world: World, { archived, id, kind, members, name }: Channel) {
  return {
    id,
    ...(kind === "im" ? { user: members[0], is_im: true } : { name, name_normalized: name }),
    is_channel: kind === "channel",
    is_group: kind === "group",
    is_im: kind === "im",
    is_mpim: kind === "mpim",
    is_private: kind !== "channel",
    is_archived: archived,
    is_member: members.includes(world.app.user),
    context_team_id: world.app.team,
  };
}

function userInfo({ params, world }: Call) {
  const id = params.required("user", "user_not_found");
  const { app, name: botName } = world;
  if (id === app.user) {
    const profile = { real_name: botName, display_name: "", api_app_id: app.id, bot_id: app.bot };
    return { user: { id, team_id: app.team, name: botName, is_bot: true, real_name: botName, profile } };
  }
  const person = world.people.byId(id);
  if (!person) throw new ApiRefusal("user_not_found");
  const { handle, name } = person;
  const profile = { real_name: name, display_name: name, team: app.team };
  return { user: { id, team_id: app.team, name: handle, is_bot: false, real_name: name, profile } };
}
