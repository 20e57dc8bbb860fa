/** The gateway itself: is it well, what does it do, who is there. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, Open, Text, Time } from "../schema.ts";
import { Health } from "../shapes/health.ts";
import { Presence } from "../shapes/presence.ts";
import { BASE, method } from "./method.ts";

/** What waits in one of the three queues. */
export const QueueDepth = Closed({ depth: Count, oldestAgeMs: Count });

/** Open: clients show what they know. */
const Status = Type.Object({
  runtimeVersion: Text,
  pid: Type.Optional(Count),
  uptimeMs: Count,
  startedAt: Time,
  heartbeat: Closed({ defaultAgentId: Text, agents: Type.Array(Type.Unknown()) }),
  /** One line a channel, for terminals. */
  channelSummary: Type.Array(Type.String()),
  queuedSystemEvents: Type.Array(Type.String()),
  sessions: Closed({
    paths: Type.Array(Type.String()),
    count: Count,
    defaults: Closed({
      model: Type.Union([Type.String(), Type.Null()]),
      contextTokens: Type.Union([Count, Type.Null()]),
    }),
    recent: Type.Array(Type.Unknown()),
    byAgent: Type.Array(Type.Unknown()),
  }),
  queues: Closed({ inbox: QueueDepth, turn: QueueDepth, delivery: QueueDepth }),
  scheduled: Count,
  /** Sends whose fate nobody knows. */
  unknown: Count,
  deadLetters: Count,
  /** Agents that connect by themselves, with the caller's tenant's connections to this process. */
  agents: Type.Array(Closed({ id: Text, connections: Count })),
  /** Bytes of the store. */
  storeSize: Count,
  /** Bytes of memory in use. */
  rss: Type.Optional(Count),
  /** What is not as it should be, one line each; empty when all is well. */
  problems: Type.Array(Type.String()),
});

export const gatewayMethods = {
  /** Any role, no scope. `probe` asks the platforms instead of answering from the last minute. */
  health: method({
    params: Open({ probe: Type.Optional(Type.Boolean()) }),
    result: Health,
    scope: null,
    role: "any",
    since: BASE,
  }),
  /** What the gateway does: sessions, queues, what is wrong. */
  status: method({
    params: Open({ includeChannelSummary: Type.Optional(Type.Boolean()) }),
    result: Status,
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),
  /** Who is connected. */
  "system-presence": method({
    params: Open({}),
    result: Type.Array(Presence),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),
};
