/** What a Slack account needs to be told. */
import type { ConfigSpec } from "@switchboard/domain";
import { type Static, Type } from "@switchboard/domain/schema";
import { CHANNEL_ID } from "./ids.ts";

export const SlackConfig = Type.Object(
  {
    botToken: Type.String({ minLength: 1, description: "The bot's token, xoxb-…, from OAuth & Permissions." }),
    appToken: Type.Optional(
      Type.String({
        minLength: 1,
        description: "The app-level token with connections:write, xapp-…, from Basic Information. For Socket Mode.",
      }),
    ),
    signingSecret: Type.Optional(
      Type.String({ minLength: 1, description: "From Basic Information. For the Events API over HTTP." }),
    ),
    refreshToken: Type.Optional(
      Type.String({
        minLength: 1,
        description: "xoxe-…, where the app rotates its tokens. Renewed ones are kept here.",
      }),
    ),
    clientId: Type.Optional(
      Type.String({ minLength: 1, description: "From Basic Information. For token rotation and for installing." }),
    ),
    clientSecret: Type.Optional(
      Type.String({ minLength: 1, description: "From Basic Information. For token rotation and for installing." }),
    ),
    baseUrl: Type.String({
      default: "https://slack.com/api/",
      pattern: "^https?://[^\\s]+$",
      description: "Where the Web API is; another address for GovSlack (https://slack-gov.com/api/) or a simulator.",
    }),
    transport: Type.Union([Type.Literal("auto"), Type.Literal("websocket"), Type.Literal("webhook")], {
      default: "auto",
      description: "auto: Socket Mode where there is an app token, else the Events API; each stands in for the other.",
    }),
    connections: Type.Integer({
      minimum: 1,
      maximum: 10,
      default: 2,
      description: "Sockets held at the same time; Slack allows ten for an app.",
    }),
    threads: Type.Union([Type.Literal("always"), Type.Literal("asked")], {
      default: "always",
      description:
        "always: what is said in a channel is answered in a thread. asked: only what was said in a thread is.",
    }),
    threadMemoryDays: Type.Integer({
      minimum: 1,
      default: 30,
      description: "How long a thread in which the bot wrote is listened to without a mention.",
    }),
    linkPreviews: Type.Boolean({ default: false, description: "Let Slack unfold links." }),
    homeTab: Type.Boolean({ default: true, description: "Show what the bot is and can do on its Home tab." }),
    suggestedPrompts: Type.Array(
      Type.Object(
        {
          title: Type.String({ minLength: 1, description: "What is shown." }),
          message: Type.String({ minLength: 1, description: "What is said for whoever presses it." }),
        },
        { additionalProperties: false },
      ),
      {
        maxItems: 4,
        default: [],
        description: "Shown where a conversation begins in Slack's panel for agents. Needs the scope assistant:write.",
      },
    ),
    suggestedPromptsTitle: Type.Optional(Type.String({ minLength: 1, description: "What stands above them." })),
    threadTitles: Type.Boolean({
      default: true,
      description: "Threads of Slack's panel for agents are called by what was said first in them.",
    }),
    statusText: Type.String({
      default: "is thinking…",
      description: "Shown below the message field while an answer is being made, after the bot's name.",
    }),
    requestTimeoutMs: Type.Integer({ minimum: 100, default: 30_000, description: "How long a call may take." }),
    uploadTimeoutMs: Type.Integer({ minimum: 100, default: 300_000, description: "The same for a file." }),
    maxDownloadBytes: Type.Integer({
      minimum: 1,
      default: 100 * 1024 * 1024,
      description: "Larger files of people are not fetched.",
    }),
    socketPauseMs: Type.Integer({
      minimum: 1,
      default: 1_000,
      description: "The pause before a socket that could not be replaced is tried again; it doubles up to 30 s.",
    }),
    pingMs: Type.Integer({
      minimum: 50,
      default: 10_000,
      description: "How often a socket is asked for a sign of life.",
    }),
    socketReturnMs: Type.Integer({
      minimum: 10,
      default: 600_000,
      description: "How long the Events API stands in before Socket Mode is tried again.",
    }),
  },
  { additionalProperties: false },
);

export type SlackConfig = Static<typeof SlackConfig>;

/** `SLACK`; a copied folder has variables of its own. */
const PREFIX = CHANNEL_ID.toUpperCase().replaceAll("-", "_");

export const configSpec: ConfigSpec<typeof SlackConfig> = {
  schema: SlackConfig,
  secrets: ["botToken", "appToken", "signingSecret", "refreshToken", "clientSecret"],
  tenant: [
    "clientId",
    "transport",
    "threads",
    "linkPreviews",
    "homeTab",
    "suggestedPrompts",
    "suggestedPromptsTitle",
    "threadTitles",
    "statusText",
  ],
  env: {
    [`${PREFIX}_BOT_TOKEN`]: "botToken",
    [`${PREFIX}_APP_TOKEN`]: "appToken",
    [`${PREFIX}_SIGNING_SECRET`]: "signingSecret",
    [`${PREFIX}_BASE_URL`]: "baseUrl",
  },
};
