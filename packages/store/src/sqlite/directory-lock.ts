/**
 * One gateway per state directory. The lock is an open transaction on a tiny SQLite file of its own: the operating
 * system lets go of it when the process dies, however it dies.
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SwitchboardError } from "@switchboard/domain/errors";

const SQLITE_BUSY = 5;
/** A process that is being replaced may need a moment to end. */
const PATIENCE_MS = 250;

export interface DirectoryLock {
  release(): void;
}

/** @throws SYS_002 when another store, in this process or another, has the directory. */
export function lockDirectory(directory: string): DirectoryLock {
  const db = new DatabaseSync(join(directory, "switchboard.lock"), { timeout: PATIENCE_MS });
  try {
    db.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    const { errcode } = error as { errcode?: number };
    if (errcode !== SQLITE_BUSY) throw error;
    throw new SwitchboardError("SYS_002", `Another gateway uses the state directory ${directory}.`, {
      details: { directory },
    });
  }
  return { release: () => db.close() };
}
