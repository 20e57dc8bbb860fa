/** Puts a backup in the database's place. */
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SwitchboardError } from "@switchboard/domain/errors";
import { toStoreError } from "../failure.ts";
import { checkIdentityBackup, restoreIdentity } from "../identity/restore.ts";
import { lockDirectory } from "./directory-lock.ts";
import { applied, migrations } from "./schema.ts";

const DATABASE = "switchboard.db";
const LOGS = ["-wal", "-shm"];

export interface Restored {
  readonly restored: string;
  /** Where the database that stood there before is now. */
  readonly kept?: string;
}

/**
 * Checks the backup, keeps the present database beside it and puts the backup in its place. Whenever it breaks off, one
 * of the two stands there whole.
 * @throws SYS_002 while a gateway uses the directory, STORE_005 for a backup that is damaged, STORE_006 for one that
 * this version cannot open.
 */
export function restoreSqliteBackup(directory: string, backup: string, now: number = Date.now()): Restored {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = lockDirectory(directory);
  try {
    check(backup);
    checkIdentityBackup(backup);
    const database = join(directory, DATABASE);
    const partial = partialRestore(directory);
    copyFileSync(backup, partial);
    chmodSync(partial, 0o600);
    sync(partial);
    const kept = existsSync(database) ? `${database}.before-restore-${now}` : undefined;
    if (kept) {
      finishLog(database);
      keep(database, kept);
      sync(directory);
    }
    // A log that stayed would be played into the file that comes now.
    for (const suffix of LOGS) rmSync(database + suffix, { force: true });
    renameSync(partial, database);
    restoreIdentity(directory, backup, now);
    sync(directory);
    return { restored: basename(backup), ...(kept && { kept }) };
  } catch (error) {
    throw error instanceof SwitchboardError ? error : toStoreError(error, directory);
  } finally {
    dropPartialRestore(directory);
    lock.release();
  }
}

/** Removes what a restore left that was killed. The caller holds the directory's lock. */
export function dropPartialRestore(directory: string): void {
  rmSync(partialRestore(directory), { force: true });
}

function partialRestore(directory: string): string {
  return join(directory, `${DATABASE}.restoring`);
}

/** Copies the log of a gateway that was killed into the database: then the file is whole without it. */
function finishLog(database: string): void {
  try {
    const db = new DatabaseSync(database);
    try {
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } finally {
      db.close();
    }
  } catch {
    // It is damaged, which may be why somebody restores: it is kept as it is, with its log.
  }
}

/** A second name for the same file, where the file system has such. */
function keep(database: string, kept: string): void {
  for (const suffix of ["", ...LOGS]) {
    if (!existsSync(database + suffix)) continue;
    try {
      linkSync(database + suffix, kept + suffix);
    } catch {
      copyFileSync(database + suffix, kept + suffix);
      sync(kept + suffix);
    }
  }
}

function check(backup: string): void {
  try {
    const db = new DatabaseSync(backup, { readOnly: true });
    try {
      const row = db.prepare("PRAGMA quick_check(1)").get() as { quick_check?: string } | undefined;
      if (row?.quick_check === "ok" && applied(db, migrations()).length > 0) return;
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof SwitchboardError) throw error;
    // Falls through: whatever cannot be read is no backup.
  }
  throw new SwitchboardError("STORE_005", `${backup} is damaged, or no backup of a store.`);
}

function sync(path: string): void {
  const file = openSync(path, "r");
  fsyncSync(file);
  closeSync(file);
}
