/** What nodes themselves may say: answers, events, what waits for them (DEV-9). None of it is trusted. */
import { readNodeJson } from "@switchboard/core";
import { SwitchboardError } from "@switchboard/domain";
import { type CallContext, type Handlers, topics } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";
import { workShape } from "./nodes.ts";

const DEFAULT_ITEMS = 4;
const MOST_EVENT_BYTES = 256 * 1024;
/** What apps share with an agent may carry pictures. */
const MOST_SHARED_BYTES = 20 * 1024 * 1024;
const SHARED = "agent.request";
const MOST_PROGRESS_BYTES = 16_384;
export const NOT_APPROVED = "the node is not approved yet";
const LONGEST_KEY = 512;
/** A person who has not touched a node for longer is not told apart from one who never did. */
const LONGEST_IDLE_SECONDS = 30 * 86_400;

/** `speech`: what nodes say to agents; without it they have nobody to talk to. */
export function nodeSideMethods(deps: Pick<MethodDeps, "clock" | "devices" | "nodes">, speech?: NodeSpeech): Handlers {
  const { nodes } = deps;
  const events = { ...EVENTS, ...speech?.events };
  return {
    "node.invoke.result": ({ error, id, nodeId, ok, payload, payloadJSON }, context) => {
      checkOwn(nodeId, context);
      return ack(nodes.answered(context.connection.id, id, { ok, payload, payloadJSON, error }));
    },

    "node.invoke.progress": ({ chunk, invokeId, nodeId, seq }, context) => {
      checkOwn(nodeId, context);
      if (Buffer.byteLength(chunk) > MOST_PROGRESS_BYTES) {
        throw new SwitchboardError("REQ_001", `A piece of output has at most ${MOST_PROGRESS_BYTES} bytes.`);
      }
      return ack(nodes.progressed(context.connection.id, invokeId, seq, chunk));
    },

    "node.event": async ({ event, payload, payloadJSON }, context) => {
      const handle = Object.hasOwn(events, event) ? events[event] : undefined;
      if (!handle) return { ok: true, event, handled: false, reason: "this gateway has no use for it" };
      const said =
        typeof payloadJSON === "string"
          ? parsed(payloadJSON, event === SHARED ? MOST_SHARED_BYTES : MOST_EVENT_BYTES)
          : payload;
      const keyOf = speech?.keyOf ?? ((key: string) => key);
      const hearing = { ...deps, context, node: nodeOf(context), keyOf };
      const reason = await Promise.resolve(handle(isObject(said) ? said : {}, hearing)).catch(reasonOf);
      return { ok: true, event, handled: reason === undefined, ...(reason !== undefined && { reason }) };
    },

    "node.pending.pull": (_params, context) => {
      const nodeId = nodeOf(context);
      const actions = nodes.pull(context.tenant, nodeId).map(({ at, command, id, paramsJSON }) => ({
        id,
        command,
        paramsJSON,
        enqueuedAtMs: at,
      }));
      return { nodeId, actions };
    },

    "node.pending.ack": ({ ids }, context) => {
      const nodeId = nodeOf(context);
      const { acked, left } = nodes.acknowledge(context.tenant, nodeId, ids);
      return { nodeId, ackedIds: acked, remainingCount: left };
    },

    "node.pending.drain": ({ maxItems = DEFAULT_ITEMS }, context) => {
      const nodeId = nodeOf(context);
      const { items, more, revision } = nodes.drain(context.tenant, nodeId, maxItems);
      return { nodeId, revision, items: items.map(workShape), hasMore: more };
    },
  };
}

export interface Hearing extends Pick<MethodDeps, "clock" | "devices" | "nodes"> {
  readonly context: CallContext;
  readonly node: string;
  /** A session's key as the node writes it, as the gateway knows it. */
  keyOf(key: string): string;
}

export interface NodeSpeech extends Pick<Hearing, "keyOf"> {
  readonly events: Readonly<Record<string, EventHandler>>;
}

/** Acts on an event; returns why it did not. */
export type EventHandler = (said: Readonly<Record<string, unknown>>, hearing: Hearing) => Promise<string | undefined>;

const EVENTS: Readonly<Record<string, EventHandler>> = {
  "chat.subscribe": async ({ sessionKey }, { context, keyOf, node, nodes }) => {
    if (!isKey(sessionKey)) return "no sessionKey";
    if (!nodes.isApproved(context.tenant, node)) return NOT_APPROVED;
    context.subscribe(topics.session(keyOf(sessionKey)));
    return undefined;
  },
  "chat.unsubscribe": async ({ sessionKey }, { context, keyOf }) => {
    if (!isKey(sessionKey)) return "no sessionKey";
    context.unsubscribe(topics.session(keyOf(sessionKey)));
    return undefined;
  },
  "node.presence.alive": async (_said, { context, devices, node }) => {
    await devices.seen(context.tenant, node, "node-alive");
    return undefined;
  },
  "node.presence.activity": async ({ action, idleSeconds }, { clock, context, node, nodes }) => {
    if (action === "clear") nodes.active(context.tenant, node, undefined);
    else if (isIdle(idleSeconds)) nodes.active(context.tenant, node, clock.now() - idleSeconds * 1_000);
    else return "no idleSeconds";
    return undefined;
  },
};

/** @throws REQ_001 when a node speaks for another. */
function checkOwn(nodeId: string, context: CallContext): void {
  if (nodeId !== nodeOf(context)) throw new SwitchboardError("REQ_001", "nodeId mismatch");
}

/** @throws REQ_001 for a connection without a device. */
function nodeOf({ connection }: CallContext): string {
  if (connection.device !== undefined) return connection.device;
  throw new SwitchboardError("REQ_001", "Only a paired device is a node.");
}

function ack(taken: boolean) {
  return taken ? ({ ok: true } as const) : ({ ok: true, ignored: true } as const);
}

function parsed(text: string, mostBytes: number): unknown {
  const read = readNodeJson(text, mostBytes);
  if (read.ok) return read.value;
  throw new SwitchboardError("REQ_001", `payloadJSON: ${read.reason}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What was wrong with what the node said is told to it in the answer; anything else is a failure of ours. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof SwitchboardError && /^(REQ|SEC|MSG|CFG)_/.test(thrown.code)) return thrown.message;
  throw thrown;
}

export function isKey(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= LONGEST_KEY;
}

function isIdle(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LONGEST_IDLE_SECONDS;
}
