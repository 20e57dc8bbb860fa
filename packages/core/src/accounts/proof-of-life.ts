/** Asks a connection for proof of life, again and again (CONN-2). */
import { type Connection, type Evidence, SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import { type Clock, sleep, timeLimit } from "../ports/index.ts";

const EVERY_MS = 30_000;
const TIMEOUT_MS = 15_000;
/** One failed probe may be a hiccup; two in a row are an outage. */
const FAILURES_TO_LOSE = 2;

export interface ProofPorts {
  readonly clock: Clock;
  /** The connection has stood for a while; `evidence` where it can be asked. */
  stood(evidence?: Evidence): void;
  failed(error: SwitchboardError): void;
}

/** Rejects with what the connection is lost by, or with the signal's reason. */
export async function askForLife(connection: Connection, signal: AbortSignal, ports: ProofPorts): Promise<never> {
  const { clock, failed, stood } = ports;
  for (let failures = 0; ; ) {
    await sleep(clock, EVERY_MS, signal);
    if (!connection.probe) {
      stood();
      continue;
    }
    const late = () => new SwitchboardError("CONN_001", "The platform did not answer a probe in time.");
    const limit = timeLimit(clock, TIMEOUT_MS, late, signal);
    try {
      stood(await connection.probe(limit.signal));
      failures = 0;
    } catch (thrown) {
      if (signal.aborted) throw signal.reason;
      const error = toSwitchboardError(thrown, "CONN_001");
      failed(error);
      if (++failures >= FAILURES_TO_LOSE || !error.retryable) throw error;
    } finally {
      limit.end();
    }
  }
}
