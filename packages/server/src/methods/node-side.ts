/** What nodes themselves may say: answers, events, what waits for them (DEV-9). None of it is trusted. */
import { readNodeJson } from "@switchboard/core";
import { SwitchboardError } from "@switchboard/domain";
import { type CallContext, type Handlers, topics } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";
import { workShape } from "./nodes.ts";

const DEFAULT_ITEMS = 4;
const MOST_EVENT_BYTES = 256 * 1024;
const LONGEST_KEY = 512;
/** A person who has not touched a node for longer is not told apart from one who never did. */
const LONGEST_IDLE_SECONDS = 30 * 86_400;

export function nodeSideMethods(deps: Pick<MethodDeps, "clock" | "devices" | "nodes">): Handlers {
  const { nodes } = deps;
  return {
    "node.invoke.result": ({ error, id, nodeId, ok, payload, payloadJSON }, context) => {
      checkOwn(nodeId, context);
      return ack(nodes.answered(context.connection.id, id, { ok, payload, payloadJSON, error }));
    },

    // Nobody listens to it; the node learns whether to go on.
    "node.invoke.progress": ({ invokeId, nodeId }, context) => {
      checkOwn(nodeId, context);
      return ack(nodes.isUnderWay(context.connection.id, invokeId));
    },

    "node.event": async ({ event, payload, payloadJSON }, context) => {
      const handle = Object.hasOwn(EVENTS, event) ? EVENTS[event] : undefined;
      if (!handle) return { ok: true, event, handled: false, reason: "this gateway has no use for it" };
      const said = typeof payloadJSON === "string" ? parsed(payloadJSON) : payload;
      const reason = await handle(isObject(said) ? said : {}, { ...deps, context, node: nodeOf(context) });
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

interface Hearing extends Pick<MethodDeps, "clock" | "devices" | "nodes"> {
  readonly context: CallContext;
  readonly node: string;
}

/** Acts on an event; returns why it did not. */
type EventHandler = (
  said: Readonly<Record<string, unknown>>,
  hearing: Hearing,
) => Promise<string | undefined> | string | undefined;

const EVENTS: Readonly<Record<string, EventHandler>> = {
  "chat.subscribe": ({ sessionKey }, { context, node, nodes }) => {
    if (!isKey(sessionKey)) return "no sessionKey";
    if (!nodes.isApproved(context.tenant, node)) return "the node is not approved yet";
    context.subscribe(topics.session(sessionKey));
    return undefined;
  },
  "chat.unsubscribe": ({ sessionKey }, { context }) => {
    if (!isKey(sessionKey)) return "no sessionKey";
    context.unsubscribe(topics.session(sessionKey));
    return undefined;
  },
  "node.presence.alive": async (_said, { context, devices, node }) => {
    await devices.seen(context.tenant, node, "node-alive");
    return undefined;
  },
  "node.presence.activity": ({ action, idleSeconds }, { clock, context, node, nodes }) => {
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

function parsed(text: string): unknown {
  const read = readNodeJson(text, MOST_EVENT_BYTES);
  if (read.ok) return read.value;
  throw new SwitchboardError("REQ_001", `payloadJSON: ${read.reason}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isKey(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= LONGEST_KEY;
}

function isIdle(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LONGEST_IDLE_SECONDS;
}
