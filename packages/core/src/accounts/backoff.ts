/** When a lost connection is tried again (CONN-2): 1, 2, 4 … 60 s, at most ten times in a row. */

export const MAX_RECONNECTS = 10;

/** Milliseconds before reconnect number `attempt` (1-based), with up to a tenth of jitter so that accounts spread. */
export function reconnectDelayMs(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(60_000, 1000 * 2 ** (attempt - 1));
  return Math.round(base * (1 - 0.1 * random()));
}
