/** One account of a channel, as `channels.status` and the `channels.changed` event show it. */
import { type Static, Type } from "@switchboard/domain/schema";
import { Count, Text, Time } from "../schema.ts";
import { ErrorRecord } from "./error-record.ts";

const When = Type.Optional(Type.Union([Time, Type.Null()]));

/** Open: later fields may come. */
export const ChannelAccount = Type.Object({
  accountId: Text,
  /** As the platform names it. */
  name: Type.Optional(Type.String()),
  enabled: Type.Optional(Type.Boolean()),
  configured: Type.Optional(Type.Boolean()),
  linked: Type.Optional(Type.Boolean()),
  /** It was asked to run and has not been given up. */
  running: Type.Optional(Type.Boolean()),
  connected: Type.Optional(Type.Boolean()),
  reconnectAttempts: Type.Optional(Count),
  lastConnectedAt: When,
  lastError: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  /** The connection's state, lower case, e.g. `connected`, `permanently_failed`. */
  healthState: Type.Optional(Type.String()),
  lastInboundAt: When,
  lastOutboundAt: When,
  lastTransportActivityAt: When,
  lastProbeAt: When,
  /** The transport in use. */
  mode: Type.Optional(Type.String()),
  dmPolicy: Type.Optional(Type.String()),
  webhookUrl: Type.Optional(Type.String()),
  /** Where the account is configured. */
  source: Type.Optional(Type.Enum(["store", "config", "environment"])),
  state: Type.Optional(
    Type.Enum(["DISCONNECTED", "CONNECTING", "CONNECTED", "RECONNECTING", "ERROR", "PERMANENTLY_FAILED"]),
  ),
  /** What the state rests on (CONN-2). */
  evidence: Type.Optional(
    Type.Object({
      kind: Type.Enum(["event", "probe", "pong", "connected"]),
      at: Time,
      note: Type.Optional(Type.String()),
    }),
  ),
  note: Type.Optional(Type.String()),
  /** `open`: sends wait after too many failures; `half-open`: the next one is a trial. */
  breaker: Type.Optional(Type.Enum(["closed", "open", "half-open"])),
  error: Type.Optional(ErrorRecord),
});
export type ChannelAccount = Static<typeof ChannelAccount>;
