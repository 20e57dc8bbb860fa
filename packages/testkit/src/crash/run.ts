/** One world from its first start to the verdict. */

import { Random } from "../long-run/random.ts";
import type { Aim } from "./aims.ts";
import { collectFacts } from "./collect.ts";
import { Faults } from "./faults.ts";
import { type Kill, type KillLoopResult, killLoop } from "./kill-loop.ts";
import { settle } from "./settle.ts";
import { Traffic } from "./traffic.ts";
import { judge, type Verdict } from "./verdict.ts";
import type { World } from "./world.ts";

export interface RunOptions {
  readonly world: World;
  readonly kills: number;
  readonly aims: readonly Aim[];
  readonly seed: number;
  /** Which of the worlds of this seed. */
  readonly index: number;
  onKill(kill: Kill): void;
}

export interface RunResult extends KillLoopResult {
  readonly verdict: Verdict;
  readonly faults: ReadonlyMap<string, number>;
  readonly settleMs: number;
}

export async function run({ aims, index, kills, onKill, seed, world }: RunOptions): Promise<RunResult> {
  const traffic = new Traffic(world, new Random(seed, index * 3));
  const faults = new Faults(world, traffic, new Random(seed, index * 3 + 1));
  const random = new Random(seed, index * 3 + 2);
  traffic.start();
  faults.start();
  const loop = await killLoop({ world, traffic, random, aims, kills, onKill });
  faults.stop();
  await traffic.stop();
  const began = performance.now();
  const crashes = [...loop.crashes];
  const gateway = world.start();
  try {
    await gateway.ready;
    if (!(await settle(world, traffic)))
      crashes.push(`it did not come to rest; its last words: ${gateway.log.slice(-3)}`);
  } catch (error) {
    crashes.push(error instanceof Error ? error.message : String(error));
  }
  if (!(await gateway.stop())) crashes.push("it did not stop when it was asked to");
  const settleMs = performance.now() - began;
  return { ...loop, crashes, faults: faults.counts, settleMs, verdict: judge(await collectFacts(world, traffic)) };
}
