/** The statements that keep answers: the same on both stores. */
import type { BegunRequest, NewRequest } from "@switchboard/core/ports";

export interface AnswerRow {
  readonly fingerprint: string;
  readonly until: number;
  readonly expires_at: number;
  readonly answer: string | null;
}

export const FIND = "SELECT fingerprint, until, expires_at, answer FROM kept_answers WHERE tenant = ? AND key = ?";

/** Tenant, now, how many may be there. A row: there are as many, and the first of them ends then. */
export const FULL = `SELECT min(expires_at) AS until FROM kept_answers WHERE tenant = ?1 AND expires_at > ?2
  HAVING count(*) >= ?3`;

/**
 * Tenant, key, fingerprint, owner, until when it is under way, when the key is free again, now, the furthest end that is
 * believed. No row: somebody was faster. What ended without an answer is begun anew by the same request only.
 */
export const BEGIN = `INSERT INTO kept_answers AS held (tenant, key, fingerprint, owner, until, expires_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6)
  ON CONFLICT (tenant, key) DO UPDATE SET fingerprint = ?3, owner = ?4, until = ?5, expires_at = ?6, answer = NULL
  WHERE held.expires_at <= ?7 OR (
    held.answer IS NULL AND (held.until <= ?7 OR held.until > ?8)
    AND (held.fingerprint = ?3 OR held.fingerprint = '' OR ?3 = ''))
  RETURNING until`;

const MINE = "tenant = ? AND key = ? AND owner = ? AND answer IS NULL";
export const HOLD = `UPDATE kept_answers SET until = ? WHERE ${MINE}`;
export const FINISH = `UPDATE kept_answers SET answer = ? WHERE ${MINE}`;
export const RELEASE = `DELETE FROM kept_answers WHERE ${MINE}`;

/** What `BEGIN` is given. An end that is two leases away is none: a clock was put back. */
export function toBegin(tenant: string, key: string, request: NewRequest): (string | number)[] {
  const { expiresAt, fingerprint, leaseMs, now, owner } = request;
  return [tenant, key, fingerprint, owner, now + leaseMs, expiresAt, now, now + 2 * leaseMs];
}

/** Whether a row takes one more key of its tenant's. */
export function isNew(row: AnswerRow | undefined, { now }: NewRequest): boolean {
  return row === undefined || row.expires_at <= now;
}

/** The row that somebody else has; none if it was given back just now. */
export function begunAlready(row: AnswerRow | undefined): BegunRequest {
  const { answer, fingerprint } = row ?? { answer: null, fingerprint: "" };
  return answer === null ? { state: "running", fingerprint } : { state: "done", fingerprint, answer };
}
