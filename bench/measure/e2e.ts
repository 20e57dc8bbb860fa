/** From a webhook update to `sendMessage` with the echo agent: unloaded latency and sustained turns beside two floors. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startFloor } from "../floors/floor-process.ts";
import { type BenchGateway, connected, install } from "../gateway.ts";
import { HttpLine, postRequest } from "../http/line.ts";
import { Chats } from "../load/chats.ts";
import { floorLike, type Receiver, webhookOf } from "../load/receivers.ts";
import { directUpdate, textOf } from "../load/updates.ts";
import { median, percentile } from "../report/statistics.ts";
import type { Bench } from "./bench.ts";
import { cpuMs, residentMb } from "./process-figures.ts";

const CHATS = 64;
/** Between two messages of the unloaded measurement, so that nothing of the last one is still under way. */
const PAUSE_MS = 4;

export async function measureEndToEnd(bench: Bench): Promise<void> {
  const { directory, metrics, platform, say } = bench;
  const installation = await install(join(directory, "e2e"), platform, 1);
  const gateway = await installation.start(bench.gatewayArgs);
  const insertFloor = await startFloor("ingest", join(directory, "insert-floor.db"));
  const echoFloor = await startFloor("echo", platform.url);
  try {
    await connected(installation, platform);
    const ours = webhookOf(platform, "1");
    const product = await Chats.open(platform, ours, CHATS);
    const bare = await Chats.open(platform, floorLike(echoFloor.port, ours), CHATS, 100_000);
    say("end to end: warming up");
    product.listen();
    await product.busy(until(2_000));
    await gateway.settled();
    bare.listen();
    await bare.busy(until(1_000));
    await unloaded(bench, gateway, product, bare, floorLike(insertFloor.port, ours), insertFloor.figures);
    await sustained(bench, gateway, product, bare, echoFloor.pid);
    metrics.set("memory.loaded_rss_mb", residentMb(gateway.process.pid), "MB");
    product.close();
    bare.close();
  } finally {
    await echoFloor.stop();
    await insertFloor.stop();
    await gateway.process.stop();
  }
}

async function unloaded(
  { metrics, quick, say }: Bench,
  gateway: BenchGateway,
  product: Chats,
  bare: Chats,
  insert: Receiver,
  insertFigures: () => Promise<readonly number[]>,
): Promise<void> {
  const rounds = quick ? 2 : 5;
  const messages = quick ? 400 : 1_000;
  const p50: number[] = [];
  const p99: number[] = [];
  const bareP50: number[] = [];
  const insertP50: number[] = [];
  const insertP99: number[] = [];
  const line = await HttpLine.open(insert.port);
  for (let round = 1; round <= rounds; round++) {
    await gateway.settled();
    product.listen();
    const ours = await oneByOne(messages, (index) => product.say(index % CHATS));
    await gateway.settled();
    bare.listen();
    const theirs = await oneByOne(messages, (index) => bare.say(index % CHATS));
    await insertFigures();
    await oneByOne(messages, (index) =>
      line.call(postRequest(insert.path, directUpdate(1, textOf(index)), insert.headers)),
    );
    const inserts = await insertFigures();
    p50.push(percentile(ours, 0.5));
    p99.push(percentile(ours, 0.99));
    bareP50.push(percentile(theirs, 0.5));
    insertP50.push(percentile(inserts, 0.5));
    insertP99.push(percentile(inserts, 0.99));
    say(
      `unloaded ${round}/${rounds}: p50 ${p50.at(-1)?.toFixed(2)} ms, p99 ${p99.at(-1)?.toFixed(2)} ms; one durable insert p99 ${insertP99.at(-1)?.toFixed(2)} ms`,
    );
  }
  line.close();
  const ratios = p99.map((value, index) => value / (insertP99[index] ?? Number.NaN));
  metrics.set("e2e.p50_ms", median(p50), "ms", p50);
  metrics.set("e2e.p99_ms", median(p99), "ms", p99);
  metrics.set("e2e.floor_insert_p50_ms", median(insertP50), "ms", insertP50);
  metrics.set("e2e.floor_insert_p99_ms", median(insertP99), "ms", insertP99);
  metrics.set("e2e.p99_ratio_to_floor", median(ratios), "", ratios);
  metrics.set("e2e.bare_echo_p50_ms", median(bareP50), "ms", bareP50);
}

async function oneByOne(messages: number, say: (index: number) => Promise<number>): Promise<number[]> {
  const latencies: number[] = [];
  for (let index = 0; index < messages; index++) {
    latencies.push(await say(index));
    await sleep(PAUSE_MS);
  }
  return latencies;
}

async function sustained(
  { metrics, quick, say }: Bench,
  gateway: BenchGateway,
  product: Chats,
  bare: Chats,
  floor: number,
): Promise<void> {
  const rounds = quick ? 3 : 5;
  const durationMs = quick ? 3_000 : 10_000;
  const rate: number[] = [];
  const bareRate: number[] = [];
  const cpu: number[] = [];
  const bareCpu: number[] = [];
  const delay: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    await gateway.settled();
    await gateway.loopDelay();
    const ours = await turnsPerSecond(product, durationMs, gateway.process.pid);
    delay.push(await gateway.loopDelay());
    rate.push(ours.rate);
    cpu.push(ours.cpu);
    await gateway.settled();
    const theirs = await turnsPerSecond(bare, durationMs, floor);
    bareRate.push(theirs.rate);
    bareCpu.push(theirs.cpu);
    say(
      `sustained ${round}/${rounds}: ${Math.round(ours.rate)} turns/s, bare echo ${Math.round(bareRate.at(-1) ?? 0)}/s`,
    );
  }
  const ratios = rate.map((value, index) => value / (bareRate[index] ?? Number.NaN));
  metrics.set("e2e.turns_per_s", median(rate), "turns/s", rate);
  metrics.set("e2e.bare_echo_per_s", median(bareRate), "turns/s", bareRate);
  metrics.set("e2e.ratio_to_bare_echo", median(ratios), "", ratios);
  metrics.set("e2e.cpu_ms_per_turn", median(cpu), "ms", cpu);
  metrics.set("e2e.bare_echo_cpu_ms_per_turn", median(bareCpu), "ms", bareCpu);
  metrics.set("loop.delay_p99_ms", median(delay), "ms", delay);
}

/** `cpu`: milliseconds of processor time a turn, in the process under test. */
async function turnsPerSecond(chats: Chats, durationMs: number, pid: number): Promise<{ rate: number; cpu: number }> {
  chats.listen();
  const cpuBefore = cpuMs(pid) ?? Number.NaN;
  const startedAt = performance.now();
  const turns = await chats.busy(until(durationMs));
  const seconds = (performance.now() - startedAt) / 1000;
  return { rate: turns / seconds, cpu: ((cpuMs(pid) ?? Number.NaN) - cpuBefore) / turns };
}

function until(durationMs: number): () => boolean {
  const end = performance.now() + durationMs;
  return () => performance.now() < end;
}
