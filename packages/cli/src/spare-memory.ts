/**
 * Gives memory back once the main thread has become quiet. V8 keeps what a busy time (start-up is one) made it take, and
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
/** The pause of a collection, some tens of milliseconds, must stay rare also where busy and quiet times take turns. */
const PAUSE_MS = 60_000;

/**
 * Looks at the calling thread from now on; does not keep the process alive. Must be called before there is any other
 * thread, because it sets a flag of V8 that all threads share.
 */
export function spareMemory(): void {
  const collect = collector();
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
      collect({ execution: "sync", type: "major" });
      grown = false;
      collectedAt = performance.now();
      before = performance.eventLoopUtilization();
    }
  }, LOOK_MS);
  timer.unref();
}

/** V8's own collection. There is no other way to it without a flag on the command line. */
function collector(): NodeJS.GCFunction {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as NodeJS.GCFunction;
}
