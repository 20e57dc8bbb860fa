/** Starts the gateway, kills it at a chosen moment, starts it again. */
import { setTimeout as sleep } from "node:timers/promises";
import type { GatewayProcess } from "../gateway-process/index.ts";
import type { Random } from "../long-run/random.ts";
import { type Aim, DEADLINE_MS } from "./aims.ts";
import type { Traffic } from "./traffic.ts";
import type { World } from "./world.ts";

export interface Kill {
  readonly aim: string;
  /** The moment did not come about in time, so that the kill was one at random. */
  readonly missed: boolean;
  /** It had ended in good order before the kill: a stop that drained in time. */
  readonly stopped: boolean;
  /** Numbered messages without a whole answer when it died. */
  readonly unanswered: number;
}

export interface KillLoopOptions {
  readonly world: World;
  readonly traffic: Traffic;
  readonly random: Random;
  readonly kills: number;
  readonly aims: readonly Aim[];
  onKill(kill: Kill): void;
}

export interface KillLoopResult {
  readonly kills: readonly Kill[];
  /** Ends that nobody caused, with the last words. */
  readonly crashes: readonly string[];
  readonly startMs: readonly number[];
}

/** Until one start was measured. */
const USUAL_START_MS = 500;
/** Now and then it may live long enough for slow answers to end and for failed sends to be tried again. */
const REST_EVERY = 8;
const REST_MS = 2_500;

export async function killLoop(options: KillLoopOptions): Promise<KillLoopResult> {
  const { aims, random, traffic, world } = options;
  const kills: Kill[] = [];
  const crashes: string[] = [];
  const startMs: number[] = [];
  while (kills.filter(({ stopped }) => !stopped).length < options.kills) {
    const aim = random.weighted(aims);
    const began = performance.now();
    const gateway = world.start();
    if (!aim.early) {
      try {
        await gateway.ready;
      } catch (error) {
        crashes.push(`it did not start: ${error instanceof Error ? error.message : String(error)}`);
        if (crashes.length > 3) break;
        continue;
      }
      startMs.push(performance.now() - began);
      if (kills.length % REST_EVERY === REST_EVERY - 1) await sleep(REST_MS);
    }
    const usualStartMs = startMs.at(-1) ?? USUAL_START_MS;
    const missed = !(await inTime(aim, { world, traffic, random, gateway, usualStartMs }));
    const kill = await end(gateway, aim, missed, traffic, crashes);
    kills.push(kill);
    options.onKill(kill);
  }
  return { kills, crashes, startMs };
}

async function inTime(aim: Aim, context: Parameters<Aim["moment"]>[0]): Promise<boolean> {
  const deadline = new AbortController();
  try {
    return await Promise.race([
      aim.moment(context).then(
        () => true,
        () => false,
      ),
      sleep(DEADLINE_MS, false, { signal: deadline.signal }),
      context.gateway.ended.then(() => true),
    ]);
  } finally {
    deadline.abort();
  }
}

async function end(
  gateway: GatewayProcess,
  aim: Aim,
  missed: boolean,
  traffic: Traffic,
  crashes: string[],
): Promise<Kill> {
  const unanswered = traffic.count - traffic.answered;
  await gateway.kill();
  const { code, signal } = await gateway.ended;
  const stopped = signal !== "SIGKILL";
  if (stopped && !(aim.stops && code === 0))
    crashes.push(`it ended by itself with code ${code}: ${gateway.log.slice(-5).join(" | ")}`);
  return { aim: aim.name, missed, stopped, unanswered };
}
