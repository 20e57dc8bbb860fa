/** What the API answers besides messages, with every field that Discord's description asks for. */
import { publicKeyOf } from "./world/keys.ts";
import type { Channel, Command } from "./world/types.ts";
import { userOf } from "./world/users.ts";
import type { World } from "./world/world.ts";

/** Somebody about themselves. */
export function ownUser({ bot }: World): object {
  return { ...bot, mfa_enabled: true, locale: "en-US" };
}

/** Both privileged intents are switched on. */
export function applicationOf({ bot, endpoint, name, privateKey }: World): object {
  const flags = (1 << 15) | (1 << 19);
  return {
    id: bot.id,
    name,
    icon: null,
    description: "",
    type: null,
    verify_key: publicKeyOf(privateKey),
    flags,
    flags_new: String(flags),
    redirect_uris: [],
    interactions_endpoint_url: endpoint ?? null,
    role_connections_verification_url: null,
    owner: userOf("100000000000000001", "owner", "Owner", false),
    approximate_guild_count: 0,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    team: null,
    eligible_oauth2_scopes: [],
    bot,
  };
}

export function commandOf(world: World, { description, name, options, type = 1 }: Command): object {
  return {
    id: world.nextId(),
    application_id: world.bot.id,
    version: world.nextId(),
    default_member_permissions: null,
    type,
    name,
    description,
    ...(options && { options }),
  };
}

export function channelOf(world: World, { guild, id, members, name, parent, type }: Channel): object {
  if (guild === undefined) {
    const recipients = members.flatMap((member) => world.people.byId(member)?.user ?? []);
    return { id, type, flags: 0, recipients };
  }
  const common = { id, type, flags: 0, guild_id: guild, name };
  if (parent === undefined) return { ...common, position: 0 };
  return {
    ...common,
    parent_id: parent,
    owner_id: world.bot.id,
    thread_metadata: {
      archived: false,
      archive_timestamp: new Date(0).toISOString(),
      auto_archive_duration: 1440,
      locked: false,
    },
    message_count: 0,
    member_count: 0,
    total_message_sent: 0,
  };
}

interface Part {
  readonly type: number;
  readonly components?: readonly Part[];
  readonly [field: string]: unknown;
}

/** As they come back: Discord numbers them, and says how many options may be chosen. */
export function componentsOf(components: readonly Part[]): unknown[] {
  let next = 1;
  const shown = (part: Part): unknown => ({
    ...part,
    id: next++,
    ...(part.type === 3 && { min_values: 1, max_values: 1, disabled: false }),
    ...(part.components && { components: part.components.map(shown) }),
  });
  return components.map(shown);
}
