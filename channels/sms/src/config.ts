/** What an account needs to be told. */
import type { ConfigSpec } from "@switchboard/domain";
import { type Static, Type } from "@switchboard/domain/schema";
import { CHANNEL_ID } from "./ids.ts";

export const SmsConfig = Type.Object(
  {
    accountSid: Type.String({
      pattern: "^AC[0-9a-fA-F]{32}$",
      description: "The Account SID from the Twilio Console, AC and 32 digits.",
    }),
    authToken: Type.String({
      minLength: 1,
      description: "The account's primary Auth Token: for the API, and what webhook calls are signed with.",
    }),
    from: Type.Optional(
      Type.String({
        pattern: "^(\\+[1-9]\\d{6,14}|\\d{3,8}|[A-Za-z0-9 ]{1,11})$",
        description: "The number that writes, e.g. +15551234567; a short code; or a name that nobody can answer.",
      }),
    ),
    messagingServiceSid: Type.Optional(
      Type.String({
        pattern: "^MG[0-9a-fA-F]{32}$",
        description: "A Messaging Service that chooses the number; instead of, or together with, a number of its pool.",
      }),
    ),
    baseUrl: Type.String({
      default: "https://api.twilio.com",
      pattern: "^https?://[^\\s?#]+$",
      description: "Where the API is, e.g. https://api.dublin.ie1.twilio.com for another region, or a simulator.",
    }),
    transport: Type.Union([Type.Literal("auto"), Type.Literal("webhook"), Type.Literal("polling")], {
      default: "auto",
      description: "auto: webhook when the number is set up for it, else the list of messages is read again and again.",
    }),
    configureWebhook: Type.Boolean({
      default: false,
      description: "Set the number's or the service's webhook to this gateway at connect.",
    }),
    smartEncoding: Type.Boolean({
      default: true,
      description: "Let Twilio replace typographic characters by plain ones, so that a message needs fewer segments.",
    }),
    helpText: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1600,
        description: "The answer to HELP and INFO, where Twilio does not answer them itself (short codes).",
      }),
    ),
    pollMs: Type.Integer({
      minimum: 10,
      default: 5_000,
      description: "How often the list of messages is read while polling.",
    }),
    catchUpMs: Type.Integer({
      minimum: 50,
      default: 300_000,
      description: "How often the list is read while the webhook is in use, for calls that did not get through.",
    }),
    firstLookBackMs: Type.Integer({
      minimum: 0,
      default: 600_000,
      description: "How old a message may be that is taken at the account's very first connect.",
    }),
    requestTimeoutMs: Type.Integer({ minimum: 100, default: 30_000, description: "How long a call may take." }),
    maxDownloadBytes: Type.Integer({
      minimum: 1,
      default: 20 * 1024 * 1024,
      description: "Larger files of people are not fetched.",
    }),
  },
  { additionalProperties: false },
);
export type SmsConfig = Static<typeof SmsConfig>;

/** `SMS`; a copied folder has variables of its own. */
const PREFIX = CHANNEL_ID.toUpperCase().replaceAll("-", "_");

export const configSpec: ConfigSpec<typeof SmsConfig> = {
  schema: SmsConfig,
  secrets: ["authToken"],
  tenant: ["accountSid", "from", "messagingServiceSid", "transport", "configureWebhook", "smartEncoding", "helpText"],
  env: {
    [`${PREFIX}_ACCOUNT_SID`]: "accountSid",
    [`${PREFIX}_AUTH_TOKEN`]: "authToken",
    [`${PREFIX}_FROM`]: "from",
    [`${PREFIX}_MESSAGING_SERVICE_SID`]: "messagingServiceSid",
    [`${PREFIX}_BASE_URL`]: "baseUrl",
  },
};
