/** What follows a failed send. Pure. */
import { type RetryPolicy, retryDelayMs, SwitchboardError, toErrorRecord } from "@switchboard/domain";
import type { SendOutcome } from "../ports/index.ts";

export interface FailureContext {
  /** Counted attempts before this one. */
  readonly attempts: number;
  readonly now: number;
  readonly policy: RetryPolicy;
  /** Sends of unknown fate wait for a person instead of being repeated. */
  readonly holdUnknown: boolean;
  /** The platform can be asked whether a message arrived, which comes before anything is given up. */
  readonly asks: boolean;
  /** The platform or the breaker allows nothing before this. */
  readonly notBefore: number;
}

/**
 * Permanent errors are never retried. A rate limit, a dead connection or a refused credential is not the message's
 * fault and costs it no attempt; its time to live bounds the waiting. Everything else has `policy.maxAttempts`.
 */
export function judgeFailure(error: SwitchboardError, context: FailureContext): SendOutcome {
  const record = toErrorRecord(error);
  const attempt = context.attempts + 1;
  const notBefore = Math.max(context.notBefore, context.now + retryDelayMs(context.policy, attempt));
  if (error.delivered === "unknown") {
    if (context.asks) return { state: "unknown", error: record, notBefore };
    if (context.holdUnknown) {
      return {
        state: "dead",
        error: toErrorRecord(new SwitchboardError("MSG_007", error.message, { delivered: "unknown" })),
      };
    }
    return attempt >= context.policy.maxAttempts
      ? { state: "dead", error: record }
      : { state: "unknown", error: record, notBefore };
  }
  if (error.code === "CONN_003") return { state: "retry", error: record, notBefore: context.notBefore, counts: false };
  if (error.scope === "account") return { state: "retry", error: record, notBefore, counts: false };
  if (!error.retryable) return { state: "dead", error: record };
  return attempt >= context.policy.maxAttempts
    ? { state: "dead", error: record }
    : { state: "retry", error: record, notBefore, counts: true };
}
