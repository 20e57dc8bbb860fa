/** Turns a second while every chat is busy, beside floors that take their turns with the gateway. */
import type { BenchGateway } from "../gateway.ts";
import { busy, type Conversing, until } from "../load/conversing.ts";
import { median } from "../report/statistics.ts";
import type { Bench } from "./bench.ts";
import { cpuMs } from "./process-figures.ts";

export interface Side {
  /** As the figures name it. */
  readonly name: string;
  readonly chats: Conversing;
  readonly pid: number;
}

/** One value a round. */
interface Figures {
  /** Turns a second. */
  readonly rate: number[];
  /** Milliseconds of processor time a turn, in the process under test. */
  readonly cpu: number[];
}

/**
 * Sets `<group>.turns_per_s`, `<group>.cpu_ms_per_turn`, for each floor `<group>.<floor>_per_s`,
 * `<group>.<floor>_cpu_ms_per_turn` and `<group>.ratio_to_<floor>`, and returns the event loop's delay, one a round.
 */
export async function sustained(
  { metrics, quick, say }: Bench,
  group: string,
  gateway: BenchGateway,
  product: Conversing,
  floors: readonly Side[],
): Promise<readonly number[]> {
  const rounds = quick ? 3 : 5;
  const durationMs = quick ? 2_000 : 6_000;
  const ours: Figures = { rate: [], cpu: [] };
  const theirs = floors.map((): Figures => ({ rate: [], cpu: [] }));
  const delay: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    await gateway.settled();
    await gateway.loopDelay();
    await turns({ chats: product, pid: gateway.process.pid }, durationMs, ours);
    delay.push(await gateway.loopDelay());
    await gateway.settled();
    for (const [index, floor] of floors.entries()) {
      const figures = theirs[index];
      if (figures) await turns(floor, durationMs, figures);
    }
    const beside = floors.map(({ name }, index) => `, ${name} ${Math.round(theirs[index]?.rate.at(-1) ?? 0)}/s`);
    say(`${group} ${round}/${rounds}: ${Math.round(ours.rate.at(-1) ?? 0)} turns/s${beside.join("")}`);
  }
  metrics.set(`${group}.turns_per_s`, median(ours.rate), "turns/s", ours.rate);
  metrics.set(`${group}.cpu_ms_per_turn`, median(ours.cpu), "ms", ours.cpu);
  for (const [index, { name }] of floors.entries()) {
    const { cpu = [], rate = [] } = theirs[index] ?? {};
    const ratios = ours.rate.map((value, round) => value / (rate[round] ?? Number.NaN));
    metrics.set(`${group}.${name}_per_s`, median(rate), "turns/s", rate);
    metrics.set(`${group}.${name}_cpu_ms_per_turn`, median(cpu), "ms", cpu);
    metrics.set(`${group}.ratio_to_${name}`, median(ratios), "", ratios);
  }
  return delay;
}

async function turns({ chats, pid }: Omit<Side, "name">, durationMs: number, into: Figures): Promise<void> {
  chats.listen();
  const cpuBefore = cpuMs(pid) ?? Number.NaN;
  const startedAt = performance.now();
  const count = await busy(chats, until(durationMs));
  into.rate.push((count * 1000) / (performance.now() - startedAt));
  into.cpu.push(((cpuMs(pid) ?? Number.NaN) - cpuBefore) / count);
}
