/** The health summary: in `hello-ok`, as the answer to `health`, and as an event every minute. */
import { type Static, Type } from "@switchboard/domain/schema";
import { Closed, Count, Text, Time } from "../schema.ts";

export const RecentSessions = Closed({
  path: Type.String(),
  count: Count,
  recent: Type.Array(
    Closed({
      key: Type.String(),
      updatedAt: Type.Union([Time, Type.Null()]),
      age: Type.Union([Count, Type.Null()]),
    }),
  ),
});

export const AgentHealth = Closed({
  agentId: Text,
  name: Type.Optional(Text),
  isDefault: Type.Boolean(),
  heartbeat: Closed({
    enabled: Type.Boolean(),
    every: Type.String(),
    everyMs: Type.Union([Count, Type.Null()]),
    prompt: Type.String(),
    target: Type.String(),
    ackMaxChars: Count,
  }),
  sessions: RecentSessions,
});
export type AgentHealth = Static<typeof AgentHealth>;

export const EventLoopHealth = Closed({
  degraded: Type.Boolean(),
  reasons: Type.Array(Type.Enum(["event_loop_delay", "event_loop_utilization", "cpu"])),
  intervalMs: Type.Number({ minimum: 0 }),
  delayP99Ms: Type.Number({ minimum: 0 }),
  delayMaxMs: Type.Number({ minimum: 0 }),
  utilization: Type.Number({ minimum: 0 }),
  cpuCoreRatio: Type.Number({ minimum: 0 }),
});
export type EventLoopHealth = Static<typeof EventLoopHealth>;

/** One channel in the summary. */
export const ChannelHealth = Type.Object({
  configured: Type.Boolean(),
  linked: Type.Optional(Type.Boolean()),
  accounts: Type.Optional(Type.Record(Type.String(), Type.Object({ connected: Type.Boolean() }))),
  lastError: Type.Optional(Type.String()),
});
export type ChannelHealth = Static<typeof ChannelHealth>;

export const Health = Closed({
  /** No account is in trouble and the process keeps up; what is wrong stands in the parts. */
  ok: Type.Boolean(),
  ts: Time,
  /** How long the summary took to make. */
  durationMs: Count,
  eventLoop: Type.Optional(EventLoopHealth),
  /** What waits for a person. */
  deliveryQueues: Type.Optional(
    Closed({
      failed: Type.Array(Closed({ queueName: Text, count: Count, oldestFailedAt: Type.Optional(Time) })),
    }),
  ),
  channels: Type.Record(Type.String(), ChannelHealth),
  channelOrder: Type.Array(Type.String()),
  channelLabels: Type.Record(Type.String(), Type.String()),
  /** 0: no heartbeats. */
  heartbeatSeconds: Count,
  defaultAgentId: Text,
  agents: Type.Array(AgentHealth),
  sessions: RecentSessions,
});
export type Health = Static<typeof Health>;
