/** The gateway and its floor do the same in turns, round by round, so that both have the same neighbours. */
import { median, percentile } from "../report/statistics.ts";
import type { Bench } from "./bench.ts";
import { cpuMs } from "./process-figures.ts";

/** A process under load. */
export interface Side {
  readonly pid: number;
  readonly port: number;
}

/** What one side did in one round. */
export interface Round {
  /** Of the thing that the rate counts. */
  readonly count: number;
  /** Of each thing by itself, in milliseconds. */
  readonly latencies: readonly number[];
}

interface Figures {
  readonly rate: number[];
  readonly cpu: number[];
  readonly p50: number[];
  readonly p99: number[];
}

/**
 * Sets `<name>_per_s`, `_p50_ms`, `_p99_ms`, `_cpu_ms` (for each), the same of the floor, and two ratios: of the rates
 * (`<name>_ratio_to_floor`, less than 1 when the floor is faster), and of the processor times, which depends less on
 * the neighbours (`<name>_cpu_ratio_to_floor`, more than 1 when the floor needs less).
 */
export async function inTurns<S extends Side>(
  { metrics, say }: Pick<Bench, "metrics" | "say">,
  { name, unit, rounds }: { readonly name: string; readonly unit: string; readonly rounds: number },
  sides: { readonly gateway: S; readonly floor: S },
  work: (side: S) => Promise<Round>,
): Promise<void> {
  const [ours, theirs] = [newFigures(), newFigures()];
  for (let round = 1; round <= rounds; round++) {
    await take(sides.gateway, work, ours);
    await take(sides.floor, work, theirs);
    const [rate, floor] = [ours, theirs].map((figures) => Math.round(figures.rate.at(-1) ?? 0));
    say(`${name} ${round}/${rounds}: ${rate} ${unit}/s, p99 ${ours.p99.at(-1)?.toFixed(2)} ms; floor ${floor}/s`);
  }
  const [group, thing] = [name.slice(0, name.indexOf(".")), name.slice(name.indexOf(".") + 1)];
  for (const [prefix, { cpu, p50, p99, rate }] of [["", ours] as const, ["floor_", theirs] as const]) {
    metrics.set(`${group}.${prefix}${thing}_per_s`, median(rate), `${unit}/s`, rate);
    metrics.set(`${group}.${prefix}${thing}_p50_ms`, median(p50), "ms", p50);
    metrics.set(`${group}.${prefix}${thing}_p99_ms`, median(p99), "ms", p99);
    metrics.set(`${group}.${prefix}${thing}_cpu_ms`, median(cpu), "ms", cpu);
  }
  for (const [ratio, figure] of [["ratio", "rate"] as const, ["cpu_ratio", "cpu"] as const]) {
    const ratios = ours[figure].map((value, round) => value / (theirs[figure][round] ?? Number.NaN));
    metrics.set(`${name}_${ratio}_to_floor`, median(ratios), "", ratios);
  }
}

function newFigures(): Figures {
  return { rate: [], cpu: [], p50: [], p99: [] };
}

async function take<S extends Side>(side: S, work: (side: S) => Promise<Round>, into: Figures): Promise<void> {
  const cpuBefore = cpuMs(side.pid) ?? Number.NaN;
  const startedAt = performance.now();
  const { count, latencies } = await work(side);
  into.rate.push((count * 1000) / (performance.now() - startedAt));
  into.cpu.push(((cpuMs(side.pid) ?? Number.NaN) - cpuBefore) / count);
  into.p50.push(percentile(latencies, 0.5));
  into.p99.push(percentile(latencies, 0.99));
}
