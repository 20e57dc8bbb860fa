/** What a Telegram account needs to be told. */
import type { ConfigSpec } from "@switchboard/domain";
import { type Static, Type } from "@switchboard/domain/schema";
import type { Update } from "grammy/types";
import { CHANNEL_ID } from "./ids.ts";

/** As Telegram names it in an update and in `allowed_updates`. Newer kinds than the client knows may be configured too. */
export type UpdateKind = Exclude<keyof Update, "update_id">;

/**
 * The kinds of update that mean something here. `chat_member` and the reactions only come when they are named, and
 * only where the bot is an administrator.
 */
const DEFAULT_UPDATES: UpdateKind[] = [
  "message",
  "edited_message",
  "channel_post",
  "edited_channel_post",
  "business_message",
  "edited_business_message",
  "deleted_business_messages",
  "message_reaction",
  "message_reaction_count",
  "callback_query",
  "my_chat_member",
  "chat_member",
];

export const TelegramConfig = Type.Object(
  {
    token: Type.String({ minLength: 1, description: "The bot's token from @BotFather." }),
    baseUrl: Type.String({
      default: "https://api.telegram.org",
      pattern: "^https?://[^\\s]+$",
      description: "Where the Bot API is; another address for a local Bot API server or a simulator.",
    }),
    transport: Type.Union([Type.Literal("auto"), Type.Literal("webhook"), Type.Literal("polling")], {
      default: "auto",
      description: "auto: webhook when the gateway has a public address, else polling.",
    }),
    allowedUpdates: Type.Array(Type.String({ minLength: 1 }), {
      default: DEFAULT_UPDATES,
      description: "The kinds of update to ask for.",
    }),
    commandMenu: Type.Boolean({
      default: true,
      description: "Offer the gateway's commands when people type a slash; off leaves what was set at @BotFather.",
    }),
    linkPreviews: Type.Boolean({ default: false, description: "Let Telegram show a preview of the first link." }),
    pollTimeoutSeconds: Type.Integer({
      minimum: 0,
      maximum: 50,
      default: 30,
      description: "How long one poll waits for something to happen.",
    }),
    requestTimeoutMs: Type.Integer({ minimum: 100, default: 30_000, description: "How long a call may take." }),
    uploadTimeoutMs: Type.Integer({ minimum: 100, default: 110_000, description: "The same for a call with files." }),
    maxDownloadBytes: Type.Integer({
      minimum: 1,
      default: 20 * 1024 * 1024,
      description: "Larger files of people are not fetched. The public Bot API itself stops at 20 MB.",
    }),
    maxConnections: Type.Integer({
      minimum: 1,
      maximum: 100,
      default: 40,
      description: "How many webhook calls Telegram may make at the same time.",
    }),
    webhookCheckMs: Type.Integer({
      minimum: 10,
      default: 30_000,
      description: "How often the webhook's health is looked at.",
    }),
    webhookReturnMs: Type.Integer({
      minimum: 10,
      default: 600_000,
      description: "How long polling stands in for a failing webhook before that is tried again.",
    }),
    pollPauseMs: Type.Integer({
      minimum: 1,
      default: 1_000,
      description: "The pause after a failed poll; it doubles with every further one.",
    }),
  },
  { additionalProperties: false },
);
export type TelegramConfig = Static<typeof TelegramConfig>;

/** `TELEGRAM`; a copied folder has variables of its own. */
const PREFIX = CHANNEL_ID.toUpperCase().replaceAll("-", "_");

export const configSpec: ConfigSpec<typeof TelegramConfig> = {
  schema: TelegramConfig,
  secrets: ["token"],
  tenant: ["transport", "allowedUpdates", "commandMenu", "linkPreviews"],
  env: {
    [`${PREFIX}_BOT_TOKEN`]: "token",
    [`${PREFIX}_BASE_URL`]: "baseUrl",
  },
};
