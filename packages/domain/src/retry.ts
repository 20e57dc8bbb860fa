/** When to try again: 2^attempt × 1000 ms and three attempts unless the channel says otherwise. */

export interface RetryPolicy {
  readonly strategy: "fixed" | "linear" | "exponential";
  /** Attempts in all, the first included. */
  readonly maxAttempts: number;
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  strategy: "exponential",
  maxAttempts: 3,
  initialDelayMs: 1000,
  maxDelayMs: 60_000,
};

/**
 * Milliseconds to wait after attempt number `attempt` (1-based) failed.
 * Exponential is `2^attempt × initialDelayMs`: 2 s after the first failure, 4 s after the second.
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number): number {
  const raw =
    policy.strategy === "fixed"
      ? policy.initialDelayMs
      : policy.strategy === "linear"
        ? policy.initialDelayMs * attempt
        : policy.initialDelayMs * 2 ** attempt;
  return Math.min(raw, policy.maxDelayMs);
}

/** A token bucket: `burst` at once, refilled at `perSecond`. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** What a platform allows, for the whole account and inside one conversation. */
export interface RateLimits {
  readonly account: RateLimit;
  readonly direct?: RateLimit;
  readonly group?: RateLimit;
}
