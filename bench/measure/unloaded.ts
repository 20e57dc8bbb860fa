/** How long one message takes while nothing else is under way, beside one durable insert. */
import { setTimeout as sleep } from "node:timers/promises";
import type { BenchGateway } from "../gateway.ts";
import { HttpLine, postRequest } from "../http/line.ts";
import type { Conversing } from "../load/conversing.ts";
import type { Receiver } from "../load/receivers.ts";
import { directUpdate, textOf } from "../load/updates.ts";
import { median, percentile } from "../report/statistics.ts";
import type { Bench } from "./bench.ts";

/** Between two messages, so that nothing of the last one is still under way. */
const PAUSE_MS = 4;

export async function unloaded(
  { metrics, quick, say }: Bench,
  gateway: BenchGateway,
  product: Conversing,
  bare: Conversing,
  insert: Receiver,
  insertFigures: () => Promise<readonly number[]>,
): Promise<void> {
  const rounds = quick ? 2 : 3;
  const messages = quick ? 300 : 1_000;
  const p50: number[] = [];
  const p99: number[] = [];
  const bareP50: number[] = [];
  const insertP50: number[] = [];
  const insertP99: number[] = [];
  const line = await HttpLine.open(insert.port);
  for (let round = 1; round <= rounds; round++) {
    await gateway.settled();
    product.listen();
    const ours = await oneByOne(messages, (index) => product.say(index % product.count));
    await gateway.settled();
    bare.listen();
    const theirs = await oneByOne(messages, (index) => bare.say(index % bare.count));
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

export async function oneByOne(messages: number, say: (index: number) => Promise<number>): Promise<number[]> {
  const latencies: number[] = [];
  for (let index = 0; index < messages; index++) {
    latencies.push(await say(index));
    await sleep(PAUSE_MS);
  }
  return latencies;
}
