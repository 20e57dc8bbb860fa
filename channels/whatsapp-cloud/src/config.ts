/** What a WhatsApp account needs to be told. */
import type { ConfigSpec } from "@switchboard/domain";
import { type Static, Type } from "@switchboard/domain/schema";
import { CHANNEL_ID } from "./ids.ts";

const Id = (description: string) => Type.String({ pattern: "^\\d{5,20}$", description });

export const WhatsAppConfig = Type.Object(
  {
    accessToken: Type.String({ minLength: 1, description: "A system user's access token, from Business Settings." }),
    appSecret: Type.String({ minLength: 1, description: "The app's secret, from the app's basic settings." }),
    phoneNumberId: Id("The id of the business's number, not the number itself."),
    furtherPhoneNumberIds: Type.Array(Id("The id of another number of the business."), {
      default: [],
      description: "Ids of further numbers of the same business account that are answered, too.",
    }),
    businessAccountId: Id("The id of the WhatsApp business account."),
    baseUrl: Type.String({
      default: "https://graph.facebook.com",
      pattern: "^https?://[^\\s]+$",
      description: "Where the Graph API is; another address for a simulator.",
    }),
    version: Type.String({ default: "v23.0", pattern: "^v\\d+\\.\\d+$", description: "Version of the Graph API." }),
    verifyToken: Type.Optional(
      Type.String({
        minLength: 1,
        description: "The word that the app's dashboard asks for; the webhook's own secret when it is left out.",
      }),
    ),
    subscribe: Type.Boolean({
      default: true,
      description: "Point the numbers' webhooks to this gateway at connect; off leaves what the dashboard says.",
    }),
    outsideWindow: Type.Optional(
      Type.Object(
        {
          template: Type.String({ minLength: 1, description: "Name of an approved template." }),
          language: Type.String({ minLength: 2, description: "Its language, e.g. en_US." }),
          parameters: Type.Array(Type.String(), {
            default: [],
            description: "For its body, in order; {text} stands for the beginning of the message.",
          }),
        },
        {
          additionalProperties: false,
          description:
            "What is sent instead when somebody has not written for 24 hours; nothing is when it is left out.",
        },
      ),
    ),
    linkPreviews: Type.Boolean({ default: false, description: "Show a preview of the first link." }),
    mediaHosts: Type.Array(Type.String({ minLength: 1 }), {
      default: ["lookaside.fbsbx.com"],
      description: "Hosts that files of people are fetched from.",
    }),
    maxDownloadBytes: Type.Integer({
      minimum: 1,
      default: 100 * 1024 * 1024,
      description: "Larger files of people are not fetched.",
    }),
    requestTimeoutMs: Type.Integer({ minimum: 100, default: 30_000, description: "How long a call may take." }),
    uploadTimeoutMs: Type.Integer({ minimum: 100, default: 110_000, description: "The same for a call with a file." }),
    reconcileMs: Type.Integer({
      minimum: 0,
      default: 5_000,
      description: "How long to wait for word of a message whose sending broke off.",
    }),
  },
  { additionalProperties: false },
);
export type WhatsAppConfig = Static<typeof WhatsAppConfig>;

/** `WHATSAPP_CLOUD`; a copied folder has variables of its own. */
const PREFIX = CHANNEL_ID.toUpperCase().replaceAll("-", "_");

export const configSpec: ConfigSpec<typeof WhatsAppConfig> = {
  schema: WhatsAppConfig,
  secrets: ["accessToken", "appSecret", "verifyToken"],
  tenant: ["phoneNumberId", "furtherPhoneNumberIds", "businessAccountId", "subscribe", "outsideWindow", "linkPreviews"],
  env: {
    [`${PREFIX}_ACCESS_TOKEN`]: "accessToken",
    [`${PREFIX}_APP_SECRET`]: "appSecret",
    [`${PREFIX}_PHONE_NUMBER_ID`]: "phoneNumberId",
    [`${PREFIX}_BUSINESS_ACCOUNT_ID`]: "businessAccountId",
    [`${PREFIX}_BASE_URL`]: "baseUrl",
  },
};
