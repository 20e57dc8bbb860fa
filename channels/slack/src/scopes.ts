/** What the app is allowed to do and hears of, and what for. The manifest and the login check are made from it. */
import type { AppsManifestCreateArguments } from "@slack/web-api";
import type { SlackConfig } from "./config.ts";

type App = AppsManifestCreateArguments["manifest"];
export type Scope = NonNullable<NonNullable<NonNullable<App["oauth_config"]>["scopes"]>["bot"]>[number];
export type BotEvent = NonNullable<
  NonNullable<NonNullable<App["settings"]>["event_subscriptions"]>["bot_events"]
>[number];

/** Bot scopes without which something of the channel does not work. */
export const SCOPES: Readonly<Partial<Record<Scope, string>>> = {
  "app_mentions:read": "hear mentions",
  "channels:history": "hear messages in public channels",
  "channels:read": "know public channels by name, and who joins",
  "chat:write": "answer, and show that an answer is being made",
  commands: "take slash commands",
  "files:read": "read files that people send",
  "files:write": "send files",
  "groups:history": "hear messages in private channels",
  "groups:read": "know private channels by name",
  "im:history": "hear direct messages",
  "im:read": "know direct messages",
  "im:write": "write to people first",
  "mpim:history": "hear group direct messages",
  "mpim:read": "know group direct messages",
  "reactions:read": "hear reactions",
  "reactions:write": "react",
  "users:read": "know people by name",
};

export const SCOPE_NAMES = Object.keys(SCOPES) as readonly Scope[];

/** What only apps with Slack's panel for agents have. */
const PANEL = "assistant:write";

/** The scopes that an account needs as it is set up, and what for. */
export function scopesFor(config: Pick<SlackConfig, "suggestedPrompts">): Readonly<Record<string, string>> {
  return config.suggestedPrompts.length > 0 ? { ...SCOPES, [PANEL]: "suggest what to ask" } : SCOPES;
}

/** Nothing works without these. */
export const NEEDED: readonly string[] = ["chat:write"];

/** Events of the bot. */
export const EVENTS: readonly BotEvent[] = [
  "app_home_opened",
  "app_mention",
  "app_uninstalled",
  "channel_archive",
  "channel_deleted",
  "channel_id_changed",
  "channel_left",
  "channel_rename",
  "channel_unarchive",
  "file_shared",
  "group_archive",
  "group_deleted",
  "group_left",
  "group_rename",
  "group_unarchive",
  "member_joined_channel",
  "member_left_channel",
  "message.channels",
  "message.groups",
  "message.im",
  "message.mpim",
  "reaction_added",
  "reaction_removed",
  "tokens_revoked",
];
