/** Turns whose run is not to be had now: put back for later, or ended without a word of the agent's. */
import {
  type ErrorRecord,
  type SwitchboardError,
  type TurnId,
  toErrorRecord,
  toSwitchboardError,
} from "@switchboard/domain";
import type { ClaimedTurn, Clock, CompletionResult, Lease, Store, TurnCompletion } from "../ports/index.ts";
import { nextAttemptAt } from "./failure.ts";

interface SetAsidePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly maxAttempts: number;
}

/** Puts a turn back as if it had not started. `aborted` when it was asked to stop meanwhile. */
export async function postpone(
  { lease, turn }: ClaimedTurn,
  notBefore: number,
  { clock, store }: Pick<SetAsidePorts, "store" | "clock">,
  waits: { readonly waitsUntil?: number } = {},
): Promise<"retrying" | "aborted"> {
  const now = clock.now();
  if (await store.turns.giveBack(lease, turn.id, { notBefore, now, ...waits })) return "retrying";
  await endEvenSo(store, lease, turn.id, { state: "aborted", entries: [], deliveries: [], now });
  return "aborted";
}

/**
 * What went wrong was no answer of the agent's but a mistake of ours: the turn is tried again a few times, then it lies
 * among the dead letters. `dueAt` says when its lane has something to do.
 */
export async function rescueTurn(
  { lease, turn }: ClaimedTurn,
  failure: SwitchboardError,
  { clock, maxAttempts, store }: SetAsidePorts,
): Promise<{ readonly state: "retrying" | "failed" | "aborted"; readonly dueAt: number }> {
  const now = clock.now();
  const error: ErrorRecord = toErrorRecord(failure);
  const at = nextAttemptAt(turn, failure, maxAttempts, now);
  if (at !== undefined && (await store.turns.giveBack(lease, turn.id, { error, notBefore: at, now }))) {
    return { state: "retrying", dueAt: at };
  }
  const end = { entries: [], deliveries: [], error, now };
  const { stopRequested } = await endEvenSo(store, lease, turn.id, { ...end, state: "failed" });
  if (!stopRequested) return { state: "failed", dueAt: now };
  await endEvenSo(store, lease, turn.id, { ...end, state: "aborted" });
  return { state: "aborted", dueAt: now };
}

/** The inputs themselves may be what the store refuses: then it ends without them, or it would come back for ever. */
async function endEvenSo(store: Store, lease: Lease, turn: TurnId, end: TurnCompletion): Promise<CompletionResult> {
  try {
    return await store.turns.complete(lease, turn, end);
  } catch (thrown) {
    const { code, retryable } = toSwitchboardError(thrown);
    if (retryable || code === "STORE_007") throw thrown;
    return store.turns.complete(lease, turn, { ...end, withoutInputs: true });
  }
}
