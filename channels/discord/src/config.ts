/** What a Discord account needs to be told. */
import type { ConfigSpec } from "@switchboard/domain";
import { type Static, Type } from "@switchboard/domain/schema";
import { CHANNEL_ID } from "./ids.ts";

export const DiscordConfig = Type.Object(
  {
    token: Type.String({ minLength: 1, description: "The bot's token, from the developer portal under Bot." }),
    baseUrl: Type.String({
      default: "https://discord.com",
      pattern: "^https?://[^\\s]+$",
      description: "Where the API is; another address for a proxy or a simulator. The gateway's address comes from it.",
    }),
    cdnUrl: Type.String({
      default: "https://cdn.discordapp.com",
      pattern: "^https?://[^\\s]+$",
      description: "Where files and stickers are.",
    }),
    messageContent: Type.Boolean({
      default: true,
      description: "Ask for the text of messages that do not mention the bot (a privileged intent).",
    }),
    members: Type.Boolean({
      default: false,
      description: "Ask for who joins and leaves servers (a privileged intent).",
    }),
    slashCommands: Type.Boolean({
      default: true,
      description: "Register the gateway's commands as slash commands; off leaves what is registered.",
    }),
    linkPreviews: Type.Boolean({ default: false, description: "Let Discord show previews of links." }),
    publicKey: Type.String({
      default: "",
      pattern: "^([0-9a-f]{64})?$",
      description:
        "The application's public key, from the developer portal; only where interactions come over HTTP (Interactions Endpoint URL).",
    }),
    shards: Type.Integer({
      minimum: 0,
      maximum: 64,
      default: 0,
      description: "Gateway connections to share the servers among; 0: as many as Discord recommends.",
    }),
    requestTimeoutMs: Type.Integer({ minimum: 100, default: 30_000, description: "How long a call may take." }),
    uploadTimeoutMs: Type.Integer({ minimum: 100, default: 110_000, description: "The same for a call with files." }),
    maxDownloadBytes: Type.Integer({
      minimum: 1,
      default: 25 * 1024 * 1024,
      description: "Larger files of people are not fetched.",
    }),
  },
  { additionalProperties: false },
);
export type DiscordConfig = Static<typeof DiscordConfig>;

/** `DISCORD`; a copied folder has variables of its own. */
const PREFIX = CHANNEL_ID.toUpperCase().replaceAll("-", "_");

export const configSpec: ConfigSpec<typeof DiscordConfig> = {
  schema: DiscordConfig,
  secrets: ["token"],
  tenant: ["messageContent", "members", "slashCommands", "linkPreviews", "publicKey"],
  env: {
    [`${PREFIX}_BOT_TOKEN`]: "token",
    [`${PREFIX}_BASE_URL`]: "baseUrl",
  },
};
