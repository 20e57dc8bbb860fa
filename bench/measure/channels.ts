/**
 * Every installed channel with its own simulator as the platform, one after another: how fast it takes in what is
 * written, how long an answer takes, how many turns it carries. Then all of them in one gateway: how fast that starts.
 * The simulator runs in the process of the load, so a rate says as much about it as about the gateway; `cpu_ms_per_turn`
 * is the gateway's alone.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type InstalledChannel, installedChannels } from "@switchboard/testkit/gateway-process";
import { type BenchGateway, install } from "../gateway.ts";
import { busy, until } from "../load/conversing.ts";
import { SimulatedChats } from "../load/simulated-chats.ts";
import { median, percentile } from "../report/statistics.ts";
import type { Bench } from "./bench.ts";
import { residentMb } from "./process-figures.ts";
import { sustained } from "./sustained.ts";
import { oneByOne } from "./unloaded.ts";

const CHATS = 32;
const HISTORY = 100_000;
const REST_MS = 8_000;
const PATIENCE_MS = 30_000;

export async function measureChannels(bench: Bench): Promise<void> {
  const channels = await installedChannels();
  for (const installed of channels) {
    await ingest(bench, installed);
    await conversations(bench, installed);
  }
  await startWithAll(bench, channels);
}

/** Stored, acknowledged and decided about; nobody may write there, so that nothing is answered. */
async function ingest({ directory, gatewayArgs, metrics, quick, say }: Bench, installed: InstalledChannel) {
  const { id, startSimulator } = installed;
  const simulator = await startSimulator({ history: HISTORY });
  const accounts = { [id]: [simulator.accountConfig()] };
  const installation = await install(join(directory, `ingest-${id}`), accounts, { dmPolicy: "disabled" });
  const gateway = await installation.start(gatewayArgs);
  const messages = quick ? 500 : 3_000;
  const rates: number[] = [];
  try {
    await gateway.connected(1);
    for (let round = 0; round < (quick ? 2 : 4); round++) {
      const before = await gateway.received();
      const startedAt = performance.now();
      let said = 0;
      const person = async (index: number) => {
        while (said < messages) await simulator.say({ from: `Person ${index}`, text: `update ${++said}` });
      };
      await Promise.all(Array.from({ length: CHATS }, (_, index) => person(index)));
      await arrived(id, gateway, before, said);
      // The first round warms up.
      if (round > 0) rates.push((said * 1000) / (performance.now() - startedAt));
      await gateway.settled();
    }
  } finally {
    await gateway.process.stop();
    await simulator.close();
  }
  metrics.set(`channel.${id}.ingest_per_s`, median(rates), "updates/s", rates);
  say(`${id}: ${Math.round(median(rates))} updates/s stored`);
}

/** @throws Error saying how many are missing when no further one comes. */
async function arrived(channel: string, gateway: BenchGateway, before: number, said: number): Promise<void> {
  let there = 0;
  let moved = performance.now();
  while (there < said) {
    await sleep(5);
    const now = (await gateway.received()) - before;
    if (now > there) moved = performance.now();
    there = now;
    if (performance.now() - moved < PATIENCE_MS) continue;
    throw new Error(
      `${channel}: ${said - there} of ${said} updates are missing after ${PATIENCE_MS / 1000} s without one.`,
    );
  }
}

async function conversations(bench: Bench, { id, startSimulator }: InstalledChannel): Promise<void> {
  const { directory, gatewayArgs, metrics, quick } = bench;
  const simulator = await startSimulator({ history: HISTORY });
  const installation = await install(join(directory, `e2e-${id}`), { [id]: [simulator.accountConfig()] });
  const gateway = await installation.start(gatewayArgs);
  try {
    await gateway.connected(1);
    const chats = new SimulatedChats(simulator, CHATS);
    await busy(chats, until(1_500));
    const p50: number[] = [];
    const p99: number[] = [];
    for (let round = 0; round < (quick ? 2 : 3); round++) {
      await gateway.settled();
      const latencies = await oneByOne(quick ? 100 : 400, (index) => chats.say(index % CHATS));
      p50.push(percentile(latencies, 0.5));
      p99.push(percentile(latencies, 0.99));
    }
    metrics.set(`channel.${id}.p50_ms`, median(p50), "ms", p50);
    metrics.set(`channel.${id}.p99_ms`, median(p99), "ms", p99);
    await sustained(bench, `channel.${id}`, gateway, chats, []);
  } finally {
    await gateway.process.stop();
    await simulator.close();
  }
}

/** One account of each. The first start makes the state directory and is not counted. */
async function startWithAll(
  { directory, gatewayArgs, metrics, quick, say }: Bench,
  channels: readonly InstalledChannel[],
) {
  const simulators = await Promise.all(channels.map(({ startSimulator }) => startSimulator()));
  const configs = channels.map(({ id }, index) => [id, [simulators[index]?.accountConfig() ?? {}]] as const);
  const installation = await install(join(directory, "start-all"), Object.fromEntries(configs));
  const starts = quick ? 3 : 7;
  const ready: number[] = [];
  try {
    for (let start = 0; start <= starts; start++) {
      const gateway = await installation.start(start === starts ? gatewayArgs : []);
      if (start > 0) ready.push(gateway.readyMs);
      await gateway.connected(channels.length);
      if (start === starts) {
        await sleep(REST_MS);
        metrics.set("start.ready_all_channels_ms", median(ready), "ms", ready);
        metrics.set("memory.idle_rss_all_channels_mb", residentMb(gateway.process.pid), "MB");
      }
      await gateway.process.stop();
    }
  } finally {
    await Promise.all(simulators.map((simulator) => simulator.close()));
  }
  say(`start with ${channels.length} channels: ${ready.map((ms) => Math.round(ms)).join(", ")} ms`);
}
