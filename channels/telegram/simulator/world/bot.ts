/** The bot that a world belongs to: its identity and what it told Telegram about itself. */
import { randomBytes } from "node:crypto";
import type { BotCommand, UserFromGetMe } from "@grammyjs/types";
import type { Journal } from "@switchboard/simulator-kit";
import type { UpdateKind } from "../updates/kinds.ts";

export interface WebhookConfig {
  readonly url: string;
  readonly secret?: string;
  readonly maxConnections: number;
  readonly ipAddress?: string;
}

export interface Bot {
  readonly token: string;
  readonly user: UserFromGetMe;
  /** Kinds of updates it asked for; absent: Telegram's default. */
  allowedUpdates?: readonly UpdateKind[];
  webhook?: WebhookConfig;
  /** By scope and language, as one key. */
  readonly commands: Record<string, BotCommand[]>;
  /** Name, description and short description by language, as one key. */
  readonly texts: Record<string, string>;
}

/** Identifiers of bots are plain numbers; these are in the range of today's. */
const FIRST_BOT_ID = 7_000_000_001;

/** A new bot with a token of Telegram's form. `index` makes its id. */
export function newBot(username: string, index: number): Bot {
  const id = FIRST_BOT_ID + index;
  return {
    token: `${id}:AA${randomBytes(24).toString("base64url").padEnd(33, "x").slice(0, 33)}`,
    user: {
      id,
      is_bot: true,
      first_name: displayName(username),
      username,
      can_join_groups: true,
      // Privacy mode is off: the bot hears everything in its groups, and whether to answer is the gateway's business.
      can_read_all_group_messages: true,
      supports_inline_queries: false,
      can_connect_to_business: false,
      has_main_web_app: false,
      has_topics_enabled: false,
      allows_users_to_create_topics: false,
      can_manage_bots: false,
      supports_join_request_queries: false,
    },
    commands: {},
    texts: {},
  };
}

/** Marks the bot's settings as changed. */
export function keepBot(journal: Journal, bot: Bot): void {
  journal.put("bot", "self", () => bot);
}

function displayName(username: string): string {
  const words = username.replace(/_?bot$/i, "").split("_");
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" ") || "Bot";
}
