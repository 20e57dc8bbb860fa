/** What an error of PostgreSQL, or of the way to it, means to the rest of the system. */
import { type ErrorCode, SwitchboardError } from "@switchboard/domain/errors";
import pg from "pg";

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const codes: Readonly<Record<string, ErrorCode>> = {
  "42501": "STORE_003", // insufficient_privilege
  "28000": "STORE_003", // invalid_authorization_specification
  "28P01": "STORE_003", // invalid_password
  "3D000": "STORE_003", // invalid_catalog_name: no such database
  "25006": "STORE_003", // read_only_sql_transaction
  "55P03": "STORE_004", // lock_not_available
  "53100": "STORE_002", // disk_full
  "0A000": "SYS_005", // feature_not_supported
};

const classes: Readonly<Record<string, ErrorCode>> = {
  "22": "REQ_001", // data exception
  "23": "REQ_004", // integrity constraint violation
  "42": "SYS_005", // syntax error or access rule violation: a mistake of ours
  XX: "STORE_005", // internal error, data or index corrupted
};

/** The transaction was given up for another's sake; done again it may succeed. */
const again = new Set(["40001", "40P01"]);

/** SQLSTATE of what the server said. A code of the operating system, e.g. EPIPE, may look like one. */
export function sqlState(thrown: unknown): string | undefined {
  return thrown instanceof pg.DatabaseError ? thrown.code : undefined;
}

export function isGivenUp(thrown: unknown): boolean {
  return again.has(sqlState(thrown) ?? "");
}

/** Somebody else inserted the same row at the same moment, or it was there all the time. */
export function isTaken(thrown: unknown): boolean {
  return sqlState(thrown) === "23505";
}

/** The server stopped, ended this connection, or is not there yet: nothing that was asked is wrong. */
export function isAway(thrown: unknown): boolean {
  // What we say ourselves may hold any word.
  if (thrown instanceof SwitchboardError) return false;
  const state = sqlState(thrown);
  if (state !== undefined) return /^(08|57P0|53300)/.test(state);
  const { code, message = "" } = (thrown ?? {}) as { code?: unknown; message?: string };
  if (typeof code === "string" && /^E[A-Z]+$/.test(code)) return true;
  return /connection terminated|connection ended|timeout|client has encountered|not queryable|socket/i.test(message);
}

/** Wraps what the client or the server threw; `where` names the database without a secret. */
export function toPostgresError(thrown: unknown, where: string): SwitchboardError {
  if (thrown instanceof SwitchboardError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const state = sqlState(thrown);
  const known = state === undefined ? undefined : (codes[state] ?? classes[state.slice(0, 2)]);
  const details = state === undefined ? {} : { details: { sqlState: state } };
  if (known) return new SwitchboardError(known, `${where}: ${message}`, { cause: thrown, ...details });
  if (isAway(thrown) || state !== undefined) {
    return new SwitchboardError("STORE_001", `${where}: ${message}`, { cause: thrown, ...details });
  }
  const ours = thrown instanceof TypeError;
  return new SwitchboardError(ours ? "SYS_005" : "STORE_001", message, { cause: thrown });
}
