/** Turns a second while every chat is busy, beside the bare echo. */
import type { BenchGateway } from "../gateway.ts";
import { busy, type Conversing, until } from "../load/conversing.ts";
import type { Bench } from "./bench.ts";
import { cpuMs } from "./process-figures.ts";

/** One value a round. */
export interface Sustained {
  /** Turns a second. */
  readonly rate: readonly number[];
  readonly bareRate: readonly number[];
  /** Ours by the bare echo's, round by round. */
  readonly ratio: readonly number[];
  /** Milliseconds of processor time a turn, in the process under test. */
  readonly cpu: readonly number[];
  readonly bareCpu: readonly number[];
  /** The gateway's event-loop delay, in milliseconds; 99 of 100 were shorter. */
  readonly delay: readonly number[];
}

interface Side {
  readonly chats: Conversing;
  readonly pid: number;
}

/** `what` names the rounds for whoever watches. */
export async function sustained(
  { quick, say }: Pick<Bench, "quick" | "say">,
  what: string,
  gateway: BenchGateway,
  product: Conversing,
  bare: Side,
): Promise<Sustained> {
  const rounds = quick ? 3 : 5;
  const durationMs = quick ? 2_500 : 8_000;
  const ours: Turns[] = [];
  const theirs: Turns[] = [];
  const delay: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    await gateway.settled();
    await gateway.loopDelay();
    const mine = await turns({ chats: product, pid: gateway.process.pid }, durationMs);
    delay.push(await gateway.loopDelay());
    await gateway.settled();
    const floor = await turns(bare, durationMs);
    ours.push(mine);
    theirs.push(floor);
    say(`${what} ${round}/${rounds}: ${Math.round(mine.rate)} turns/s, bare echo ${Math.round(floor.rate)}/s`);
  }
  return {
    rate: ours.map(({ rate }) => rate),
    bareRate: theirs.map(({ rate }) => rate),
    ratio: ours.map(({ rate }, index) => rate / (theirs[index]?.rate ?? Number.NaN)),
    cpu: ours.map(({ cpu }) => cpu),
    bareCpu: theirs.map(({ cpu }) => cpu),
    delay,
  };
}

interface Turns {
  readonly rate: number;
  readonly cpu: number;
}

async function turns({ chats, pid }: Side, durationMs: number): Promise<Turns> {
  chats.listen();
  const cpuBefore = cpuMs(pid) ?? Number.NaN;
  const startedAt = performance.now();
  const count = await busy(chats, until(durationMs));
  const seconds = (performance.now() - startedAt) / 1000;
  return { rate: count / seconds, cpu: ((cpuMs(pid) ?? Number.NaN) - cpuBefore) / count };
}
