/** What a database error means to the rest of the system. */
import { type ErrorCode, SwitchboardError } from "@switchboard/domain/errors";

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html */
const codes: Readonly<Record<number, ErrorCode>> = {
  3: "STORE_003", // PERM
  5: "STORE_004", // BUSY
  6: "STORE_004", // LOCKED
  8: "STORE_003", // READONLY
  11: "STORE_005", // CORRUPT
  13: "STORE_002", // FULL
  14: "STORE_003", // CANTOPEN
  19: "REQ_004", // CONSTRAINT
  26: "STORE_005", // NOTADB
};

/** Extended codes that say more than their primary one: growing the shared-memory file fails when the disk is full. */
const extended: Readonly<Record<number, ErrorCode>> = { 4874: "STORE_002" };

const fileCodes: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: "STORE_002",
  EDQUOT: "STORE_002",
  EACCES: "STORE_003",
  EPERM: "STORE_003",
  EROFS: "STORE_003",
  ENOTDIR: "STORE_003",
  // Making a folder on a read-only disk ends so.
  ENOENT: "STORE_003",
  EEXIST: "STORE_003",
  EISDIR: "STORE_003",
};

/** Wraps what SQLite or the file system threw; `where` is the file or directory it was about. */
export function toStoreError(thrown: unknown, where: string): SwitchboardError {
  if (thrown instanceof SwitchboardError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const { errcode, code } = thrown as { errcode?: unknown; code?: unknown };
  if (typeof errcode === "number") {
    const known = extended[errcode] ?? codes[errcode & 0xff] ?? "STORE_001";
    return new SwitchboardError(known, `${where}: ${message}`, { cause: thrown, details: { sqlite: errcode } });
  }
  if (typeof code === "string" && fileCodes[code]) {
    return new SwitchboardError(fileCodes[code], `${where}: ${message}`, { cause: thrown, details: { errno: code } });
  }
  // A mistake of ours, e.g. a value SQLite cannot take: trying again would not help.
  const ours = thrown instanceof TypeError || code === "ERR_INVALID_ARG_TYPE";
  return new SwitchboardError(ours ? "SYS_005" : "STORE_001", message, { cause: thrown });
}
