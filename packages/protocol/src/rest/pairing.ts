/** Who may come in: people who wrote to an account. */
import { Type } from "@switchboard/domain/schema";
import { pairingMethods } from "../methods/pairing.ts";
import { Closed, Count, Id, Text } from "../schema.ts";
import { route } from "./route.ts";
import { ChannelName } from "./shapes.ts";

const Request = Type.Object({ channel: ChannelName, accountId: Id, requestId: Id });
const { requests } = pairingMethods["channels.pairing.list"].result.properties;

export const pairingRoutes = {
  "pairing.list": route({
    method: "GET",
    path: "/pairing",
    summary: "People who wrote to an account that does not know them, and wait to be let in.",
    scope: "devices:read",
    answer: Closed({ items: requests, limits: Closed({ pendingPerAccount: Count, ttlMs: Count }) }),
  }),
  "pairing.approve": route({
    method: "POST",
    path: "/pairing/{channel}/{accountId}/{requestId}/approve",
    summary: "Lets somebody in.",
    scope: "devices:write",
    params: Request,
    body: Closed({ notify: Type.Optional(Type.Boolean({ description: "Tell them in the chat." })) }),
    answer: Closed({
      requestId: Text,
      senderId: Text,
      /** `failed`: they were not told and will not be. */
      notification: Type.Enum(["not-requested", "sent", "unsupported", "failed"]),
    }),
  }),
  "pairing.dismiss": route({
    method: "POST",
    path: "/pairing/{channel}/{accountId}/{requestId}/dismiss",
    summary: "Sends somebody away; they may ask again.",
    scope: "devices:write",
    params: Request,
    answer: Closed({ requestId: Text, senderId: Text }),
  }),
};
