/** Calls about nodes: a machine that runs commands for others, with the npm client in the role of a node. */
import { randomUUID } from "node:crypto";
import { expect, vi } from "vitest";
import type { Call, CallContext } from "./calls.ts";
import { type Connected, Machine } from "./their-client.ts";

type Answer = Readonly<Record<string, unknown>>;

/** On every kind of machine. */
const COMMAND = "system.notify";

/** A device that was let in as a node, with or without approval of what it offers. */
async function node(context: CallContext, approved = true): Promise<{ connected: Connected; nodeId: string }> {
  const { operator } = context;
  const machine = new Machine();
  const nodeId = machine.identity.deviceId;
  const connected = await context.node(machine, [COMMAND]);
  if (approved) {
    await operator.request("node.pair.approve", { requestId: await surfaceRequest(context, nodeId) });
    // What a node may do is decided when it connects: it is sent away, and comes back by itself.
    await vi.waitFor(() => expect(connected.hellos.length).toBe(2), { timeout: 20_000 });
  }
  return { connected, nodeId };
}

function surfaceRequest({ operator }: CallContext, nodeId: string): Promise<string> {
  return vi.waitFor(
    async () => {
      const { pending } = (await operator.request("node.pair.list")) as { pending: readonly Answer[] };
      const request = pending.find((each) => each.nodeId === nodeId);
      if (!request) throw new Error(`${nodeId} asks for nothing`);
      return String(request.requestId);
    },
    { timeout: 20_000 },
  );
}

/** What an operator asks about a node. */
const about =
  (method: string, params: Answer = {}): Call =>
  async (context) => {
    const { connected, nodeId } = await node(context);
    await using _ = connected;
    return await context.operator.request(method, { nodeId, ...params });
  };

/** What a node asks for itself. */
const itself =
  (method: string, params: Answer = {}): Call =>
  async (context) => {
    const { connected, nodeId } = await node(context);
    await using _ = connected;
    const owns = method.startsWith("node.invoke.") ? { nodeId } : {};
    return await connected.request(method, { ...owns, ...params });
  };

/** Decides about what a node offers. */
const decide =
  (method: string): Call =>
  async (context) => {
    const { connected, nodeId } = await node(context, false);
    await using _ = connected;
    return await context.operator.request(method, { requestId: await surfaceRequest(context, nodeId) });
  };

async function invoke(context: CallContext): Promise<unknown> {
  const { connected, nodeId } = await node(context);
  await using _ = connected;
  const params = { nodeId, command: COMMAND, params: { title: "hello" }, idempotencyKey: randomUUID() };
  const answer = context.operator.request("node.invoke", params);
  const answered = vi
    .waitFor(
      () => {
        const event = connected.events.find((each) => each.event === "node.invoke.request");
        if (!event) throw new Error("the node was asked for nothing");
        return event.payload as { readonly id: string };
      },
      { timeout: 20_000 },
    )
    .then(({ id }) => connected.request("node.invoke.result", { id, nodeId, ok: true, payloadJSON: '{"shown":true}' }));
  const [result] = await Promise.all([answer, answered]);
  return result;
}

export const NODE_CALLS: Readonly<Record<string, Call>> = {
  "node.list": about("node.list"),
  "node.describe": about("node.describe"),
  "node.rename": about("node.rename", { displayName: "In the hall" }),
  "node.pair.list": about("node.pair.list"),
  "node.pair.approve": decide("node.pair.approve"),
  "node.pair.reject": decide("node.pair.reject"),
  "node.pair.remove": about("node.pair.remove"),
  "node.invoke": invoke,
  "node.invoke.result": invoke,
  "node.invoke.progress": itself("node.invoke.progress", { invokeId: "over", seq: 0, chunk: "x" }),
  "node.pending.enqueue": about("node.pending.enqueue", { type: "status.request" }),
  "node.pending.drain": itself("node.pending.drain"),
  "node.pending.pull": itself("node.pending.pull"),
  "node.pending.ack": itself("node.pending.ack", { ids: ["none"] }),
  "node.event": itself("node.event", { event: "node.presence.alive", payload: { trigger: "manual" } }),
};
