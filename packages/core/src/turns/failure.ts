/** What follows a run that went wrong: another try, or an end that the person learns of. */
import { DEFAULT_RETRY, ERRORS, retryDelayMs, type SwitchboardError } from "@switchboard/domain";
import type { Turn } from "../ports/index.ts";

/** Starts of one turn, crashes included, before it counts as what kills the process. */
export const MAX_STARTS = 25;

/** When to run the turn again; `undefined` when it is given up. */
export function retryTurnAt(turn: Turn, error: SwitchboardError, maxAttempts: number, now: number): number | undefined {
  return error.retryable ? nextAttemptAt(turn, error, maxAttempts, now) : undefined;
}

/** When the next attempt is due, if there is one more and its time is not up. */
export function nextAttemptAt(
  turn: Turn,
  error: SwitchboardError,
  maxAttempts: number,
  now: number,
): number | undefined {
  if (turn.attempts + 1 >= maxAttempts) return undefined;
  const at = now + Math.max(error.retryAfterMs ?? 0, retryDelayMs(DEFAULT_RETRY, turn.attempts + 1));
  return at < turn.expiresAt ? at : undefined;
}

/** What the person is told. Never the provider's own words: they may hold what is not theirs to see. */
export function failureText(error: SwitchboardError): string {
  const { title, action } = ERRORS[error.code];
  const forOperator =
    error.retryable ||
    error.code === "AGENT_006" ||
    error.code === "AGENT_008" ||
    error.code === "AGENT_009" ||
    error.code === "MSG_006";
  const operator = forOperator ? " The operator can see it and send it again." : ` ${action}`;
  return `⚠️ I could not answer this: ${title.toLowerCase()} (${error.code}).${operator}`;
}
