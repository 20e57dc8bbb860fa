/** Puts a backup in the database's place. */
import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SwitchboardError } from "@switchboard/domain/errors";
import { toStoreError } from "../failure.ts";
import { lockDirectory } from "./directory-lock.ts";

const DATABASE = "switchboard.db";

export interface Restored {
  readonly restored: string;
  /** Where the database that stood there before is now. */
  readonly kept?: string;
}

/**
 * Checks the backup, moves the present database aside and puts the backup in its place.
 * @throws SYS_002 while a gateway uses the directory, STORE_005 for a backup that is damaged.
 */
export function restoreSqliteBackup(directory: string, backup: string, now: number = Date.now()): Restored {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = lockDirectory(directory);
  try {
    check(backup);
    const database = join(directory, DATABASE);
    const partial = `${database}.restoring`;
    copyFileSync(backup, partial);
    sync(partial);
    const kept = existsSync(database) ? `${database}.before-restore-${now}` : undefined;
    if (kept) {
      // The write-ahead log belongs to the database it stands beside: both move, or the copy would not open.
      for (const suffix of ["-wal", "-shm", ""]) {
        if (existsSync(database + suffix)) renameSync(database + suffix, kept + suffix);
      }
    }
    renameSync(partial, database);
    sync(directory);
    return { restored: basename(backup), ...(kept && { kept }) };
  } catch (error) {
    throw error instanceof SwitchboardError ? error : toStoreError(error, directory);
  } finally {
    rmSync(join(directory, `${DATABASE}.restoring`), { force: true });
    lock.release();
  }
}

function check(backup: string): void {
  try {
    const db = new DatabaseSync(backup, { readOnly: true });
    try {
      const row = db.prepare("PRAGMA quick_check(1)").get() as { quick_check?: string } | undefined;
      const tables = db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'inbox'").get() as { n: number };
      if (row?.quick_check === "ok" && tables.n === 1) return;
    } finally {
      db.close();
    }
  } catch {
    // Falls through: whatever cannot be read is no backup.
  }
  throw new SwitchboardError("STORE_005", `${backup} is damaged, or no backup of a store.`);
}

function sync(path: string): void {
  const file = openSync(path, "r");
  fsyncSync(file);
  closeSync(file);
}
