/** The gateway protocol over WebSockets: handshakes, requests, events for many, connections that rest. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startFloor } from "../floors/floor-process.ts";
import { install, TOKEN } from "../gateway.ts";
import { until } from "../load/conversing.ts";
import { Listeners } from "../load/listeners.ts";
import { type BenchDevice, connectInWaves, ProtocolClient, pairDevices } from "../load/protocol-clients.ts";
import { repeat } from "../load/repeat.ts";
import type { Bench } from "./bench.ts";
import { idleConnections } from "./idle-connections.ts";
import { inTurns, type Side } from "./in-turns.ts";

/** Fewer than may wait at the gateway's door, with room for those that are on their way out. */
export const AT_ONCE = 16;
const IN_FLIGHT = 32;
const LISTENERS = 1_000;
const SESSION = "main";

interface Sides {
  readonly gateway: Side;
  readonly floor: Side;
}

export async function measureProtocol(bench: Bench): Promise<void> {
  const installation = await install(join(bench.directory, "ws"), {});
  const gateway = await installation.start(bench.gatewayArgs);
  const floor = await startFloor("web-socket", TOKEN);
  const sides = { gateway: { pid: gateway.process.pid, port: gateway.port }, floor };
  try {
    const devices = await pairDevices({ port: gateway.port, secret: TOKEN }, AT_ONCE);
    await handshakes(bench, sides, devices);
    await requests(bench, sides);
    await fanOut(bench, sides, devices);
  } finally {
    await floor.stop();
    await gateway.process.stop();
  }
  if (!bench.quick) await idleConnections(bench);
}

async function handshakes(bench: Bench, sides: Sides, devices: readonly BenchDevice[]): Promise<void> {
  const shake = (device: (place: number) => { readonly device?: BenchDevice }, ms: number) => async (side: Side) => {
    const latencies = await repeat(AT_ONCE, until(ms), async (place) => {
      const calling = { port: side.port, secret: TOKEN, mode: "cli", ...device(place) } as const;
      (await ProtocolClient.connect(calling)).close();
    });
    return { count: latencies.length, latencies };
  };
  const byDevice = (place: number) => {
    const device = devices[place];
    return device ? { device } : {};
  };
  const [rounds, ms] = bench.quick ? [3, 1_000] : [9, 1_500];
  bench.say("ws: warming up");
  for (const side of [sides.gateway, sides.floor]) await shake(byDevice, 1_500)(side);
  const unit = "handshakes";
  await inTurns(bench, { name: "ws.handshakes", unit, rounds }, sides, shake(byDevice, ms));
  await inTurns(
    bench,
    { name: "ws.secret_handshakes", unit, rounds },
    sides,
    shake(() => ({}), ms),
  );
}

/** `health`, which the gateway has ready; the floor answers with the same bytes. */
async function requests(bench: Bench, sides: Sides): Promise<void> {
  const speak = (side: Side) => ProtocolClient.connect({ port: side.port, secret: TOKEN, mode: "cli" });
  const [ours, theirs] = [await speak(sides.gateway), await speak(sides.floor)];
  const { payload } = JSON.parse(await ours.request("health")) as { readonly payload: object };
  await theirs.request("floor.answer", { answer: payload });
  const both = { gateway: { ...sides.gateway, client: ours }, floor: { ...sides.floor, client: theirs } };
  const ask = (atOnce: number, ms: number) => async (side: { readonly client: ProtocolClient }) => {
    const latencies = await repeat(atOnce, until(ms), () => side.client.request("health"));
    return { count: latencies.length, latencies };
  };
  const [rounds, ms] = bench.quick ? [3, 1_000] : [9, 1_500];
  for (const side of [both.gateway, both.floor]) await ask(IN_FLIGHT, 1_000)(side);
  const unit = "requests";
  await inTurns(bench, { name: "ws.requests", unit, rounds }, both, ask(1, ms));
  await inTurns(bench, { name: "ws.pipelined_requests", unit, rounds }, both, ask(IN_FLIGHT, ms));
  ours.close();
  theirs.close();
}

/** A line of chat for a thousand. The gateway writes it to the session before it tells; the floor only tells. */
async function fanOut(bench: Bench, sides: Sides, devices: readonly BenchDevice[]): Promise<void> {
  bench.say(`ws: connecting ${LISTENERS} listeners to each`);
  const gather = async (side: Side) => {
    const calling = (index: number) => {
      const device = devices[index % devices.length];
      return { port: side.port, secret: TOKEN, mode: "ui" as const, ...(device && { device }) };
    };
    const all = await connectInWaves(LISTENERS, AT_ONCE, calling);
    const speaker = await ProtocolClient.connect({ port: side.port, secret: TOKEN, mode: "cli" });
    return { ...side, all, speaker };
  };
  const [ours, theirs] = [await gather(sides.gateway), await gather(sides.floor)];
  await begin(ours.speaker);
  const both = {
    gateway: { ...ours, listeners: new Listeners(ours.speaker, ours.all) },
    floor: { ...theirs, listeners: new Listeners(theirs.speaker, theirs.all) },
  };
  const tell = (atOnce: number, ms: number) => async (side: { readonly listeners: Listeners }) => {
    const latencies = await repeat(atOnce, until(ms), () => side.listeners.say(SESSION));
    return { count: latencies.length * LISTENERS, latencies };
  };
  const [rounds, ms] = bench.quick ? [3, 1_000] : [9, 1_500];
  for (const side of [both.gateway, both.floor]) await tell(4, 1_000)(side);
  await inTurns(bench, { name: "ws.fanout", unit: "events", rounds }, both, tell(1, ms));
  await inTurns(bench, { name: "ws.fanout_burst", unit: "events", rounds }, both, tell(8, ms));
  for (const client of [...ours.all, ...theirs.all, ours.speaker, theirs.speaker]) client.close();
}

/** A session to speak in. Resolves when nothing more happens there by itself. */
async function begin(speaker: ProtocolClient): Promise<void> {
  await speaker.request("chat.send", { sessionKey: SESSION, message: "Hello", idempotencyKey: "bench-begin" });
  for (;;) {
    const history = await speaker.request("chat.history", { sessionKey: SESSION });
    if (history.includes('"assistant"')) return;
    await sleep(50);
  }
}
