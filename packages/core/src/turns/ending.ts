/** How a run ended: completed one way or another, or to be tried again. */
import { SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import type { Turn, TurnCompletion } from "../ports/index.ts";
import { retryTurnAt } from "./failure.ts";

/** Why a running turn was told to end. */
export type Stop = "asked" | "draining";

export interface Completed {
  readonly kind: "completed";
  readonly state: TurnCompletion["state"];
  readonly error?: SwitchboardError;
}

/** It was told to stop. */
export const stopped = (): Completed => ({
  kind: "completed",
  state: "aborted",
  error: new SwitchboardError("AGENT_005"),
});

export interface Again {
  readonly kind: "again";
  readonly at: number;
  /** Absent when nothing went wrong: the process ends, or the agent answers later or is not here. */
  readonly error?: SwitchboardError;
  /** It waits for its agent, no longer than this. */
  readonly waitsUntil?: number;
  readonly awaits?: { readonly until: number; readonly token: string };
}

export function judge(
  turn: Turn,
  thrown: unknown,
  stop: Stop | undefined,
  { maxAttempts, now }: { readonly maxAttempts: number; readonly now: number },
): Completed | Again {
  if (thrown === undefined) return { kind: "completed", state: "done" };
  if (stop === "draining") return { kind: "again", at: now };
  if (stop === "asked") return stopped();
  const error = toSwitchboardError(thrown, "AGENT_001");
  const at = retryTurnAt(turn, error, maxAttempts, now);
  if (at !== undefined) return { kind: "again", at, error };
  return { kind: "completed", state: error.code === "MSG_006" ? "expired" : "failed", error };
}
