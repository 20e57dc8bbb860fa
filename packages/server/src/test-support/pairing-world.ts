/** A gateway with a real registry on a real store, and devices that connect to it from here or from elsewhere. */
import { Devices, Nodes, noLog } from "@switchboard/core";
import { openSqliteStore } from "@switchboard/store/sqlite";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import type { GatewayAuthOptions } from "../auth/gateway-auth.ts";
import { broadcastDevices } from "../faces/devices.ts";
import { broadcastNodes, nodeConnections, nodeLinks } from "../faces/nodes.ts";
import { deviceMethods } from "../methods/devices.ts";
import { nodeSideMethods } from "../methods/node-side.ts";
import { nodeMethods } from "../methods/nodes.ts";
import {
  type Frame,
  HandClock,
  type RawClient,
  startGateway,
  type TestGateway,
  TOKEN,
} from "../ws/harness.test.util.ts";
import { type DeviceConnect, TestDevice } from "./test-device.ts";

export { TestDevice, TOKEN };

export interface PairingWorld extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly devices: Devices;
  readonly nodes: Nodes;
  /** Commands of nodes that may or must not be called, besides what is usual. */
  readonly commands: { readonly allow: string[]; readonly deny: string[] };
  readonly clock: HandClock;
  /** Opens a socket and sends a device's `connect`; `ip`: as if from there. */
  connect(
    device: TestDevice,
    how?: DeviceConnect & { readonly ip?: string; readonly origin?: string },
  ): Promise<Joined>;
  /** An operator of this machine without a device. */
  operator(scopes?: readonly string[]): Promise<RawClient>;
  /** Another registry on the same store, as another process would have it. */
  reload(): Promise<Devices>;
}

export interface Joined {
  readonly client: RawClient;
  readonly answer: Frame;
}

export const ELSEWHERE = "192.168.1.7";

export async function pairingWorld(auth: Partial<GatewayAuthOptions> = {}): Promise<PairingWorld> {
  const directory = await temporaryDirectory();
  const store = await openSqliteStore({ directory: directory.path });
  const clock = new HandClock();
  const devices = new Devices({ store, clock, log: noLog });
  await devices.load();
  let gateway: TestGateway | undefined;
  const commands = { allow: [], deny: [] };
  const nodes = new Nodes({
    devices,
    store,
    links: nodeLinks(() => gateway?.socket),
    settings: () => commands,
    clock,
    log: noLog,
  });
  const connections = () => gateway?.socket.connections() ?? [];
  gateway = await startGateway({
    clock,
    trustedProxies: ["127.0.0.1"],
    handlers: {
      ...deviceMethods({ devices, connections }),
      ...nodeMethods({ nodes, clock }),
      ...nodeSideMethods({ devices, nodes, clock }),
    },
    ...nodeConnections(nodes, noLog),
    auth: { devices, ...auth },
  });
  const started = gateway;
  broadcastDevices(devices, started.socket, clock);
  broadcastNodes(nodes, started.socket, clock);
  return {
    gateway: started,
    devices,
    nodes,
    commands,
    clock,
    async connect(device, { ip, origin, ...how } = {}) {
      const client = await started.open({
        ...(ip !== undefined && { "x-forwarded-for": ip }),
        ...(origin !== undefined && { origin }),
      });
      const { payload } = await client.event("connect.challenge");
      const params = device.params(String(payload.nonce), { auth: { token: TOKEN }, signedAt: clock.now(), ...how });
      return { client, answer: await client.call("connect", params) };
    },
    operator: (scopes = ["operator.admin"]) => started.join({ scopes: [...scopes] }),
    async reload() {
      const other = new Devices({ store, clock, log: noLog });
      await other.load();
      return other;
    },
    async [Symbol.asyncDispose]() {
      await started[Symbol.asyncDispose]();
      await store.close();
      await directory.remove();
    },
  };
}

/** What a refused device was told. */
export function refusalOf({ answer }: Joined): Readonly<Record<string, unknown>> {
  return answer.error.details;
}

/** What a device that was let in was told of its authority. */
export function authOf({ answer }: Joined): {
  readonly method: string;
  readonly role: string;
  readonly scopes: string[];
  readonly deviceToken: string;
  readonly deviceTokens?: { readonly role: string; readonly deviceToken: string; readonly scopes: string[] }[];
} {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.error)}`);
  return answer.payload.auth as ReturnType<typeof authOf>;
}

/** A world with one device from elsewhere that was approved for these scopes and holds its token. */
export async function pairedWorld(scopes: readonly string[] = ["operator.read"]) {
  const world = await pairingWorld();
  const operator = await world.operator();
  const device = new TestDevice();
  const how = { ip: ELSEWHERE, scopes };
  await operator.call("device.pair.approve", refusalOf(await world.connect(device, how)));
  const { deviceToken } = authOf(await world.connect(device, how));
  return {
    world,
    operator,
    device,
    auth: { deviceToken },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}
