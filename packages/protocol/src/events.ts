/** The typed map of all events. */
import { type Static, type TSchema, Type } from "@switchboard/domain/schema";
import { Challenge } from "./connect.ts";
import type { Immutable } from "./immutable.ts";
import { Closed, Count, Text, Time } from "./schema.ts";
import type { Scope } from "./scopes.ts";
import { ChannelAccount } from "./shapes/channel-account.ts";
import { AgentEvent, ChatEvent } from "./shapes/chat-event.ts";
import { PendingDevice, SetupOutcome } from "./shapes/device.ts";
import { Health } from "./shapes/health.ts";
import { PendingNode } from "./shapes/node.ts";
import { Presence } from "./shapes/presence.ts";
import { SessionRow } from "./shapes/session.ts";
import { LiveStep } from "./shapes/trace.ts";

export interface EventSpec {
  readonly payload: TSchema;
  /**
   * Who gets it: holders of the scope; `null`: everyone, nodes too; `handshake`: whoever just connected; `node`: the one
   * node that it is meant for.
   */
  readonly scope: Scope | null | "handshake" | "node";
  /** Left out for a client that does not keep up; it sees the gap. */
  readonly dropIfSlow?: true;
}

function event<const Spec extends EventSpec>(spec: Spec): Spec {
  return spec;
}

export const EVENTS = {
  /** The first thing on a connection. */
  "connect.challenge": event({ payload: Challenge, scope: "handshake" }),
  /** The gateway is there. */
  tick: event({ payload: Closed({ ts: Time }), scope: null }),
  /** The same as the answer to `health`, every minute and when it changes much. */
  health: event({ payload: Health, scope: null }),
  /** The gateway is about to close all connections. */
  shutdown: event({
    payload: Closed({ reason: Text, restartExpectedMs: Type.Optional(Count) }),
    scope: null,
  }),
  /** Who is connected now: all of them. */
  presence: event({
    payload: Closed({ presence: Type.Array(Presence) }),
    scope: "operator.read",
    dropIfSlow: true,
  }),
  /** What happens to a run of an agent, for those who show a chat. */
  chat: event({ payload: ChatEvent, scope: "operator.read" }),
  /** What happens to a run of an agent, in every detail. */
  agent: event({ payload: AgentEvent, scope: "operator.read" }),
  /** To those who called `sessions.subscribe`. Without `sessionKey`: read the list again. */
  "sessions.changed": event({
    payload: Closed({
      ts: Time,
      sessionKey: Type.Optional(Text),
      agentId: Type.Optional(Text),
      reason: Type.Optional(Text),
      session: Type.Optional(SessionRow),
    }),
    scope: "operator.read",
  }),
  "device.pair.requested": event({ payload: PendingDevice, scope: "operator.pairing", dropIfSlow: true }),
  "device.pair.resolved": event({
    payload: Closed({
      requestId: Text,
      deviceId: Text,
      decision: Type.Enum(["approved", "rejected"]),
      ts: Time,
    }),
    scope: "operator.pairing",
    dropIfSlow: true,
  }),
  /** Read the list again. */
  "device.pair.changed": event({ payload: Closed({}), scope: "operator.pairing", dropIfSlow: true }),
  /** A device was let in with a setup code. */
  "device.pair.setup.completed": event({ payload: SetupOutcome, scope: "operator.pairing", dropIfSlow: true }),
  /** The configuration file was changed through the gateway. `path`: the file's name. Never what is in it. */
  "config.changed": event({
    payload: Closed({ path: Text, hash: Text, ts: Time }),
    scope: "operator.read",
  }),
  "node.pair.requested": event({ payload: PendingNode, scope: "operator.pairing", dropIfSlow: true }),
  /** The node itself is told, too. `requestId` is empty when the node was removed. */
  "node.pair.resolved": event({
    payload: Closed({
      requestId: Type.String(),
      nodeId: Text,
      decision: Type.Enum(["approved", "rejected", "removed"]),
      ts: Time,
    }),
    scope: "operator.pairing",
    dropIfSlow: true,
  }),
  /** A node came, went, or was used by a person. */
  "node.presence": event({
    payload: Closed({ nodeId: Text, connected: Type.Boolean(), lastActiveAtMs: Type.Optional(Time), ts: Time }),
    scope: "operator.read",
    dropIfSlow: true,
  }),
  "node.invoke.request": event({
    payload: Closed({
      id: Text,
      nodeId: Text,
      command: Text,
      paramsJSON: Type.Union([Type.String(), Type.Null()]),
      timeoutMs: Type.Optional(Count),
      idempotencyKey: Type.Optional(Text),
      sessionKey: Type.Optional(Text),
    }),
    scope: "node",
  }),
  /** Nobody waits for the answer any more. */
  "node.invoke.cancel": event({ payload: Closed({ invokeId: Text, nodeId: Text }), scope: "node" }),
  /** Ours: what a node says while it works, to whoever called it with `progress`. `seq` grows; pieces may be missing. */
  "node.invoke.progress": event({
    payload: Closed({ nodeId: Text, idempotencyKey: Text, seq: Count, chunk: Type.String() }),
    scope: "operator.write",
    dropIfSlow: true,
  }),
  /** Ours: an account's state changed. */
  "channels.changed": event({
    payload: Closed({ ts: Time, channel: Text, account: ChannelAccount }),
    scope: "operator.read",
  }),
  /** Ours: to those who called `trace.subscribe`. */
  trace: event({ payload: LiveStep, scope: "operator.read", dropIfSlow: true }),
} as const satisfies Record<string, EventSpec>;

export type Events = typeof EVENTS;
export type EventName = keyof Events;
/** Events that clients listen to; the challenge is the handshake's business. */
export type ClientEvent = Exclude<EventName, "connect.challenge">;
export type EventPayload<E extends EventName> = Immutable<Static<Events[E]["payload"]>>;

/** What the protocol says of an event, without its exact types. */
export function eventSpec(name: EventName): EventSpec {
  return EVENTS[name];
}
