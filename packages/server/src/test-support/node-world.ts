/** A gateway with nodes: each declares what it offers, and an operator approves it. */
import type { Frame, RawClient } from "../ws/harness.test.util.ts";
import { authOf, type PairingWorld, pairingWorld, TestDevice } from "./pairing-world.ts";
import type { DeviceConnect } from "./test-device.ts";

export type Offer = Pick<DeviceConnect, "caps" | "commands" | "permissions" | "client" | "auth">;

export interface NodeWorld extends PairingWorld {
  /** Hears every event. */
  readonly watcher: RawClient;
  readonly admin: RawClient;
  /** Connects as a node of this machine; the device is approved by itself, its surface is not. */
  node(device: TestDevice, offer: Offer): Promise<RawClient>;
  /** The same, and has everything approved. The connection is one that came after that. */
  approved(offer: Offer, device?: TestDevice): Promise<{ readonly device: TestDevice; readonly client: RawClient }>;
}

export async function nodeWorld(): Promise<NodeWorld> {
  const world = await pairingWorld();
  const [watcher, admin] = [await world.operator(), await world.operator()];
  const node = async (device: TestDevice, { client, ...offer }: Offer) => {
    const joined = await world.connect(device, { role: "node", client: { id: "node-host", ...client }, ...offer });
    authOf(joined);
    return joined.client;
  };
  return Object.assign(world, {
    watcher,
    admin,
    node,
    async approved(offer: Offer, device: TestDevice = new TestDevice()) {
      const first = await node(device, offer);
      const requested = await watcher.next(
        ({ event, payload }) => event === "node.pair.requested" && payload.nodeId === device.id,
      );
      const { error, ok } = await admin.call("node.pair.approve", { requestId: requested.payload.requestId });
      if (!ok) throw new Error(`not approved: ${JSON.stringify(error)}`);
      if ((offer.commands ?? []).length === 0) return { device, client: first };
      await first.closed;
      return { device, client: await node(device, offer) };
    },
  });
}

let keys = 0;

/** Parameters of a call with a key of its own. */
export function calling(device: TestDevice, command: string, more: Record<string, unknown> = {}) {
  keys += 1;
  return { nodeId: device.id, command, idempotencyKey: `call-${keys}`, ...more };
}

/** Calls without waiting for the answer; `answer` resolves with it. */
export function start(client: RawClient, params: Record<string, unknown>) {
  const id = `started-${String(params.idempotencyKey)}`;
  client.send({ type: "req", id, method: "node.invoke", params });
  return { answer: () => client.answer(id) };
}

/** The next command that a node is asked to carry out. */
export async function asked(node: RawClient): Promise<Frame["payload"] & { readonly id: string }> {
  const { payload } = await node.event("node.invoke.request");
  return payload as Awaited<ReturnType<typeof asked>>;
}
