/**
 * Gives memory back once a thread has become quiet. V8 keeps what a busy time (start-up is one) made it take, and
 * collects little while nothing happens: a third of a resting gateway would be room that nobody uses.
 */
import { performance } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const LOOK_MS = 2_500;
/** So many looks in a row must find it quiet. */
const QUIET_LOOKS = 2;
/** A share of the time; above it the thread is busy. */
const BUSY = 0.05;
/** The pause of a collection, 60 to 100 ms of a gateway, must stay rare also where busy and quiet times take turns. */
const PAUSE_MS = 60_000;

/**
 * Lets this process's threads collect. Must be called before there is a second one, because it sets a flag of V8 that
 * all threads share. There is no other way to it without a flag on the command line.
 */
export function allowCollecting(): void {
  setFlagsFromString("--expose-gc");
}

/**
 * Looks at the calling thread from now on; does not keep it alive. Does nothing in a process that never called
 * `allowCollecting`. `lookMs`: between two looks, default 2.5 s.
 */
export function spareMemory(lookMs = LOOK_MS): void {
  // What the flag adds is in every context that is made after it.
  const collect = runInNewContext("globalThis.gc") as NodeJS.GCFunction | undefined;
  if (!collect) return;
  let before = performance.eventLoopUtilization();
  let grown = true;
  let quiet = 0;
  let collectedAt = Number.NEGATIVE_INFINITY;
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    quiet = utilization > BUSY ? 0 : quiet + 1;
    if (quiet === 0) grown = true;
    if (grown && quiet >= QUIET_LOOKS && performance.now() - collectedAt > PAUSE_MS) {
      // The last resort also lets go of code that ran once, at the start, and of room that is free.
      collect({ execution: "sync", type: "major", flavor: "last-resort" });
      grown = false;
      collectedAt = performance.now();
      before = performance.eventLoopUtilization();
    }
  }, lookMs);
  timer.unref();
}
