/** Writes down what already happened, however long the store needs to recover. */
import { type ErrorCode, SwitchboardError } from "@switchboard/domain";
import { type Clock, type Log, sleep, type Telemetry } from "../ports/index.ts";

const PASSING: ReadonlySet<ErrorCode> = new Set(["STORE_001", "STORE_002", "STORE_003", "STORE_004"]);

/**
 * Repeats `write` while the store is out of order: a result that is known (a message was sent, an answer is complete)
 * must not be forgotten because a disk was full for a minute. Other errors pass through.
 */
export async function persist<T>(
  write: () => Promise<T>,
  ports: { readonly clock: Clock; readonly log: Log; readonly telemetry: Telemetry },
  signal: AbortSignal,
): Promise<T> {
  for (let delay = 100; ; delay = Math.min(delay * 2, 5_000)) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof SwitchboardError) || !PASSING.has(error.code) || signal.aborted) throw error;
      ports.telemetry.storeFailure(error.code);
      ports.log.error({ code: error.code, delay }, `the store refused a result: ${error.message} ${error.action}`);
      await sleep(ports.clock, delay, signal);
    }
  }
}
