/** Logging an account out at its platform, where that exists. */
import {
  type AccountRef,
  type Connection,
  SwitchboardError,
  toErrorRecord,
  toSwitchboardError,
} from "@switchboard/domain";
import { type Clock, type Log, timeLimit, unlessAborted } from "../ports/index.ts";
import type { LogOutAtPlatform } from "./accounts-ports.ts";

const LOGOUT_TIMEOUT_MS = 10_000;

/** Never rejects: whatever the platform says, the credential is wiped after that. */
export async function tellPlatform(
  ref: AccountRef,
  connection: Connection | undefined,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<LogOutAtPlatform> {
  if (!connection?.logout) return { told: false };
  const late = () => new SwitchboardError("CONN_007", "The platform did not log the account out in time.");
  const limit = timeLimit(clock, LOGOUT_TIMEOUT_MS, late);
  try {
    // What hangs in spite of the signal must not keep a credential from being wiped.
    await unlessAborted(connection.logout(limit.signal), limit.signal);
    return { told: true };
  } catch (thrown) {
    const error = toSwitchboardError(thrown, "CONN_001");
    log.warn({ ...ref, error: toErrorRecord(error) }, "the platform did not log the account out");
    return { told: false, error };
  } finally {
    limit.end();
  }
}
