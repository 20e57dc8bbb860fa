/**
 * What a connection costs that only rests: resident memory with five thousand of them, and with five thousand more. The
 * first ones fill the room that a process holds since its start, and that says nothing of a connection.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startFloor } from "../floors/floor-process.ts";
import { install, TOKEN } from "../gateway.ts";
import {
  type BenchDevice,
  connectInWaves,
  newDevice,
  type ProtocolClient,
  pairDevices,
} from "../load/protocol-clients.ts";
import type { Bench } from "./bench.ts";
import { residentMb } from "./process-figures.ts";
import { AT_ONCE } from "./protocol.ts";

const CONNECTIONS = 5_000;
/** The gateway gives memory back when it was quiet for some seconds, but at most once a minute. */
const LONG_REST_MS = 70_000;
/** A floor collects when it is told to. */
const REST_MS = 3_000;

interface Resting {
  readonly before: number | undefined;
  readonly after: number | undefined;
}

export async function idleConnections(bench: Bench): Promise<void> {
  const [ours, theirs] = [await inGateway(bench), await inFloor(bench)];
  const { metrics } = bench;
  metrics.set("ws.idle_rss_before_mb", ours.before, "MB");
  metrics.set("ws.idle_rss_after_mb", ours.after, "MB");
  metrics.set("ws.idle_connection_kb", eachKb(ours), "kB");
  metrics.set("ws.floor_idle_connection_kb", eachKb(theirs), "kB");
  metrics.set("ws.idle_connection_ratio_to_floor", eachKb(ours) / eachKb(theirs), "");
}

async function inGateway({ directory, gatewayArgs, say }: Bench): Promise<Resting> {
  const installation = await install(join(directory, "ws-idle"), {});
  const gateway = await installation.start(gatewayArgs);
  const { pid } = gateway.process;
  try {
    const devices = await pairDevices({ port: gateway.port, secret: TOKEN }, AT_ONCE);
    const deviceOf = (index: number) => devices[index % devices.length];
    const clients = await connect(gateway.port, deviceOf);
    await sleep(LONG_REST_MS);
    const before = residentMb(pid);
    say(`ws: the gateway rests at ${before?.toFixed(0)} MB with ${CONNECTIONS} connections`);
    clients.push(...(await connect(gateway.port, deviceOf)));
    say(`ws: ${residentMb(pid)?.toFixed(0)} MB with ${clients.length} connections; they rest`);
    await sleep(LONG_REST_MS);
    const after = residentMb(pid);
    say(`ws: the gateway rests at ${after?.toFixed(0)} MB with them`);
    closeAll(clients);
    return { before, after };
  } finally {
    await gateway.process.stop();
  }
}

async function inFloor({ say }: Bench): Promise<Resting> {
  const floor = await startFloor("web-socket", TOKEN);
  try {
    const device = { ...newDevice(), token: "any" };
    const clients = await connect(floor.port, () => device);
    await sleep(REST_MS);
    await floor.figures();
    const before = residentMb(floor.pid);
    clients.push(...(await connect(floor.port, () => device)));
    await sleep(REST_MS);
    await floor.figures();
    const after = residentMb(floor.pid);
    say(`ws: the floor went from ${before?.toFixed(0)} to ${after?.toFixed(0)} MB`);
    closeAll(clients);
    return { before, after };
  } finally {
    await floor.stop();
  }
}

function connect(port: number, deviceOf: (index: number) => BenchDevice | undefined): Promise<ProtocolClient[]> {
  return connectInWaves(CONNECTIONS, AT_ONCE, (index) => {
    const device = deviceOf(index);
    return { port, secret: TOKEN, mode: "ui", ...(device && { device }) };
  });
}

/** @throws Error of a client that was refused something, or lost. */
function closeAll(clients: readonly ProtocolClient[]): void {
  for (const client of clients) {
    client.check();
    client.close();
  }
}

/** `NaN` where memory cannot be read. */
function eachKb({ before = Number.NaN, after = Number.NaN }: Resting): number {
  return ((after - before) * 1000) / CONNECTIONS;
}
