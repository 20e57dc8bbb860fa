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
/** The pause of a collection, some tens of milliseconds, must stay rare also where busy and quiet times take turns. */
const PAUSE_MS = 60_000;

/** Looks at the calling thread from now on. Returns how to stop; does not keep the process alive. */
export function spareMemory(): () => void {
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
      collectAll();
      grown = false;
      collectedAt = performance.now();
      before = performance.eventLoopUtilization();
    }
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Collects everything that can be collected and shrinks what was reserved for new objects. Blocks for that long. */
export function collectAll(): void {
  // The only way to V8's own function without a flag on the command line.
  setFlagsFromString("--expose-gc");
  const collect: NodeJS.GCFunction = runInNewContext("gc");
  collect({ execution: "sync", flavor: "last-resort", type: "major" });
}
