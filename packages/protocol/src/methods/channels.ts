/** Channels and their accounts. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, Id, Open, Text, Time } from "../schema.ts";
import { ChannelAccount } from "../shapes/channel-account.ts";
import { BASE, method } from "./method.ts";

/** `accountId`: default the channel's default account. */
const WhichAccount = Open({ channel: Id, accountId: Type.Optional(Id) });

export const channelMethods = {
  /** All accounts of all channels, and how they are. `probe` asks the platforms first. */
  "channels.status": method({
    params: Open({
      probe: Type.Optional(Type.Boolean()),
      timeoutMs: Type.Optional(Count),
      channel: Type.Optional(Id),
    }),
    result: Closed({
      ts: Time,
      channelOrder: Type.Array(Text),
      channelLabels: Type.Record(Type.String(), Text),
      channelMeta: Type.Optional(Type.Array(Closed({ id: Text, label: Text, detailLabel: Text }))),
      channels: Type.Record(
        Type.String(),
        Type.Object({ configured: Type.Boolean(), lastError: Type.Optional(Type.String()) }),
      ),
      channelAccounts: Type.Record(Type.String(), Type.Array(ChannelAccount)),
      channelDefaultAccountId: Type.Record(Type.String(), Text),
      partial: Type.Optional(Type.Boolean()),
      warnings: Type.Optional(Type.Array(Type.String())),
    }),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),
  /** Connects an account that was stopped or has given up. */
  "channels.start": method({
    params: WhichAccount,
    result: Closed({
      channel: Text,
      accountId: Text,
      started: Type.Boolean(),
      outcome: Closed({
        status: Type.Enum(["handed-off", "retry", "skipped"]),
        reason: Type.Optional(Type.String()),
      }),
    }),
    scope: "operator.admin",
    role: "operator",
    since: BASE,
  }),
  /** Disconnects an account. What waits to be sent stays. */
  "channels.stop": method({
    params: WhichAccount,
    result: Closed({ channel: Text, accountId: Text, stopped: Type.Boolean() }),
    scope: "operator.admin",
    role: "operator",
    since: BASE,
  }),
  /**
   * Logs out at the platform where that exists, switches the account off and forgets what it logged in with. Its
   * settings, grants and messages stay. Refused where a file or the environment would bring the credential back.
   */
  "channels.logout": method({
    params: WhichAccount,
    result: Closed({
      channel: Text,
      accountId: Text,
      /** Whether there was something to forget. */
      cleared: Type.Boolean(),
      /** Whether the platform was told. */
      loggedOut: Type.Boolean(),
    }),
    scope: "operator.admin",
    role: "operator",
    since: BASE,
  }),
};
