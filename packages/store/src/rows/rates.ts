/** The statements that count requests: the same on both stores. */
import type { RateTaken, RateWindow } from "@switchboard/core/ports";

type RateRequest = RateWindow & { readonly now: number };

/**
 * One more: tenant, name, the new window's end, now, how many are let through, the furthest end that is believed. No
 * row: there are no more.
 */
export const TAKE = `INSERT INTO rate_windows AS held (tenant, name, until, count) VALUES (?1, ?2, ?3, 1)
  ON CONFLICT (tenant, name) DO UPDATE SET
    count = CASE WHEN held.until <= ?4 OR held.until > ?6 THEN 1 ELSE held.count + 1 END,
    until = CASE WHEN held.until <= ?4 OR held.until > ?6 THEN ?3 ELSE held.until END
  WHERE held.until <= ?4 OR held.until > ?6 OR held.count < ?5
  RETURNING count, until`;

export const LOOK = "SELECT count, until FROM rate_windows WHERE tenant = ? AND name = ?";

/**
 * What `TAKE` is given. Nodes' clocks differ a little; an end that is two windows away is none: a clock was put back, or
 * the window was made shorter.
 */
export function toTake(tenant: string, name: string, { calls, now, windowMs }: RateRequest): (string | number)[] {
  return [tenant, name, now + windowMs, now, calls, now + 2 * windowMs];
}

export interface RateRow {
  readonly count: number;
  readonly until: number;
}

export function taken({ count, until }: RateRow, { calls }: RateRequest): RateTaken {
  return { allowed: true, left: Math.max(0, calls - count), until };
}

/** The row that let no more through; none if it was forgotten just now. */
export function refused(row: RateRow | undefined, { now }: RateRequest): RateTaken {
  return { allowed: false, left: 0, until: row?.until ?? now };
}
