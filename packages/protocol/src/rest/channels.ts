/** A tenant's one account on each channel: how it is, connecting it, disconnecting it (TEN-1). */
import { Type } from "@switchboard/domain/schema";
import { Closed, Text } from "../schema.ts";
import { route } from "./route.ts";
import { AccountSnapshot, ChannelName, Credential, PageOf, Settings } from "./shapes.ts";

const Properties = Type.Record(Type.String(), Type.Unknown());

export const channelRoutes = {
  "channels.list": route({
    method: "GET",
    path: "/channels",
    summary: "The channels that can be connected, and what each wants to know.",
    scope: "channels:read",
    answer: PageOf(
      Closed({
        channel: Text,
        label: Text,
        credential: Closed({
          /** JSON Schema of `credential` as this caller may give it. */
          schema: Properties,
          /** Its properties that are secrets: they are sealed, and never shown again. */
          secrets: Type.Array(Text),
        }),
        /** There are steps to log in by (`/channels/{channel}/login`): how they begin, and what of `credential` they bring. */
        login: Type.Optional(Closed({ kind: Type.Enum(["qr", "code", "redirect"]), brings: Type.Array(Text) })),
      }),
    ),
  }),
  "channels.status": route({
    method: "GET",
    path: "/channels/status",
    summary: "Every account of the tenant with its connection's state.",
    scope: "channels:read",
    answer: PageOf(AccountSnapshot),
  }),
  "channels.connect": route({
    method: "POST",
    path: "/channels/connect",
    summary:
      "Connects the tenant's account of a channel; answers when it is connected. The same credential again is the same answer.",
    scope: "channels:write",
    limited: "channels",
    body: Closed({ channel: ChannelName, credential: Credential, settings: Type.Optional(Settings) }),
    answer: AccountSnapshot,
    errors: ["CFG_001", "CFG_002", "CONN_001", "CONN_002", "CONN_005", "CONN_007", "REQ_004"],
  }),
  "channels.disconnect": route({
    method: "POST",
    path: "/channels/disconnect",
    summary: "Logs the tenant's account out at the platform, then wipes its credential.",
    scope: "channels:write",
    limited: "channels",
    body: Closed({ channel: ChannelName }),
    answer: Closed({
      channel: Text,
      accountId: Text,
      /** False: there was no credential any more. */
      cleared: Type.Boolean(),
      /** Whether the platform logged the account out. False where that does not exist there, or it was not connected. */
      loggedOut: Type.Boolean(),
    }),
    errors: ["CFG_002", "CFG_003", "CONN_001", "CONN_007", "REQ_004"],
  }),
};
