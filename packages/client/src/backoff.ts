/** How long to wait before the next attempt to connect. */

export interface Backoff {
  /** First delay, in milliseconds. */
  readonly minMs: number;
  readonly maxMs: number;
  /** A connection that lasted this long makes the next delay the first again. */
  readonly stableMs: number;
}

export const BACKOFF: Backoff = { minMs: 1_000, maxMs: 30_000, stableMs: 10_000 };

/**
 * Doubles with each attempt up to the longest, then takes a random point in its upper half: clients that lost the same
 * gateway do not all come back at the same moment. `attempt` is 0-based.
 */
export function delayBefore(attempt: number, { minMs, maxMs }: Backoff, random: () => number): number {
  const whole = Math.min(minMs * 2 ** Math.min(attempt, 30), maxMs);
  return Math.round(whole * (0.5 + random() / 2));
}
