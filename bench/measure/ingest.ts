/** Durable webhook ingest beside its floor: updates stored and acknowledged a second. */
import { join } from "node:path";
import { startFloor } from "../floors/floor-process.ts";
import { botsOn, connected, install } from "../gateway.ts";
import { ingest } from "../load/ingest.ts";
import { floorLike, webhookOf } from "../load/receivers.ts";
import { median, percentile } from "../report/statistics.ts";
import type { Bench } from "./bench.ts";
import { cpuMs } from "./process-figures.ts";

/** Telegram makes at most a hundred calls at the same time. */
const CONNECTIONS = 64;

export async function measureIngest(bench: Bench): Promise<void> {
  const { directory, metrics, platform, quick, say } = bench;
  const rounds = quick ? 3 : 5;
  const durationMs = quick ? 1_500 : 5_000;
  const installation = await install(join(directory, "ingest"), botsOn(platform, 1));
  const gateway = await installation.start(bench.gatewayArgs);
  const floor = await startFloor("ingest", join(directory, "floor.db"));
  try {
    await connected(platform, 1);
    const ours = webhookOf(platform, "1");
    const theirs = floorLike(floor.port, ours);
    say("ingest: warming up");
    await ingest([ours], CONNECTIONS, 1_500);
    await ingest([theirs], CONNECTIONS, 1_000);
    const figures: Record<"rate" | "p50" | "p99" | "cpu" | "floorRate" | "floorP99" | "floorCpu" | "ratio", number[]> =
      {
        rate: [],
        p50: [],
        p99: [],
        cpu: [],
        floorCpu: [],
        floorRate: [],
        floorP99: [],
        ratio: [],
      };
    for (let round = 1; round <= rounds; round++) {
      await gateway.settled();
      const [cpu, floorCpu] = [cpuMs(gateway.process.pid), cpuMs(floor.pid)];
      const product = await ingest([ours], CONNECTIONS, durationMs);
      // What was acknowledged is decided before the floor's turn comes.
      await gateway.settled();
      figures.cpu.push(((cpuMs(gateway.process.pid) ?? Number.NaN) - (cpu ?? 0)) / product.acknowledged);
      const bare = await ingest([theirs], CONNECTIONS, durationMs);
      figures.floorCpu.push(((cpuMs(floor.pid) ?? Number.NaN) - (floorCpu ?? 0)) / bare.acknowledged);
      const rate = product.acknowledged / product.seconds;
      const floorRate = bare.acknowledged / bare.seconds;
      figures.rate.push(rate);
      figures.floorRate.push(floorRate);
      figures.ratio.push(rate / floorRate);
      figures.p50.push(percentile(product.latencies, 0.5));
      figures.p99.push(percentile(product.latencies, 0.99));
      figures.floorP99.push(percentile(bare.latencies, 0.99));
      say(`ingest ${round}/${rounds}: ${Math.round(rate)}/s, floor ${Math.round(floorRate)}/s`);
    }
    metrics.set("ingest.acked_per_s", median(figures.rate), "updates/s", figures.rate);
    metrics.set("ingest.floor_acked_per_s", median(figures.floorRate), "updates/s", figures.floorRate);
    metrics.set("ingest.ratio_to_floor", median(figures.ratio), "", figures.ratio);
    metrics.set("ingest.ack_p50_ms", median(figures.p50), "ms", figures.p50);
    metrics.set("ingest.ack_p99_ms", median(figures.p99), "ms", figures.p99);
    metrics.set("ingest.floor_ack_p99_ms", median(figures.floorP99), "ms", figures.floorP99);
    metrics.set("ingest.cpu_ms_per_update", median(figures.cpu), "ms", figures.cpu);
    metrics.set("ingest.floor_cpu_ms_per_update", median(figures.floorCpu), "ms", figures.floorCpu);
  } finally {
    await floor.stop();
    await gateway.process.stop();
  }
}
