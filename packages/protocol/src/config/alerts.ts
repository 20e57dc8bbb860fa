/** The configuration's part about who is told when an account falls (TEN-5). */
import { Type } from "@switchboard/domain/schema";
import { SecretRef } from "./secret-ref.ts";
import { strict } from "./section.ts";

export const AlertsConfig = Type.Object(
  {
    afterMs: Type.Integer({
      minimum: 0,
      default: 60_000,
      description: "So long an account has to be down, or back, before somebody is told.",
    }),
    webhooks: Type.Array(
      Type.Object(
        {
          url: Type.String({ format: "url", description: "Private addresses need egress.allow." }),
          signingSecret: SecretRef,
        },
        { ...strict, description: "Signed as requests to `webhook` agents are: `whsec_` and base64." },
      ),
      { default: [], maxItems: 8 },
    ),
    chat: Type.Optional(
      Type.Object(
        {
          channel: Type.String({ minLength: 1 }),
          accountId: Type.String({ minLength: 1, default: "default" }),
          conversation: Type.String({ minLength: 1, description: "As `switchboard send` takes it." }),
        },
        {
          ...strict,
          description: "A conversation of one of the operator's own accounts; it is not told of that account itself.",
        },
      ),
    ),
  },
  {
    ...strict,
    default: {},
    description:
      "Who is told when an account of any tenant falls that nobody turned off, and when it is back: once each, and of one account no more than one fall an hour.",
  },
);
