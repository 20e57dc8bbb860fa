/** Backups of people and tenants lie beside those of the store. */
import { chmodSync, copyFileSync, existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SwitchboardError } from "@switchboard/domain/errors";
import { IDENTITY_FILE } from "./file-name.ts";

/** Where the copy of people and tenants is that belongs to a backup of the store. */
export function identityBackupOf(backup: string): string {
  return `${backup}.identity`;
}

/** @throws STORE_005 when the copy beside this backup is damaged; without one nothing is wrong. */
export function checkIdentityBackup(backup: string): void {
  const copy = identityBackupOf(backup);
  if (!existsSync(copy)) return;
  try {
    const file = new DatabaseSync(copy, { readOnly: true });
    try {
      const row = file.prepare("PRAGMA quick_check(1)").get() as { quick_check?: string } | undefined;
      if (row?.quick_check === "ok" && file.prepare("SELECT number FROM migrations").all().length > 0) return;
    } finally {
      file.close();
    }
  } catch {
    // Falls through: whatever cannot be read is no backup.
  }
  throw new SwitchboardError("STORE_005", `${copy} is damaged, or no backup of people and tenants.`);
}

/** Puts the copy in place, if the backup has one, and keeps what stood there. The caller holds the directory's lock. */
export function restoreIdentity(directory: string, backup: string, now: number): void {
  const copy = identityBackupOf(backup);
  if (!existsSync(copy)) return;
  const file = join(directory, IDENTITY_FILE);
  const partial = `${file}.restoring`;
  copyFileSync(copy, partial);
  chmodSync(partial, 0o600);
  if (existsSync(file)) {
    const before = new DatabaseSync(file);
    before.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    before.close();
    renameSync(file, `${file}.before-restore-${now}`);
  }
  // A log that stayed would be played into the file that comes now.
  for (const suffix of ["-wal", "-shm"]) rmSync(file + suffix, { force: true });
  renameSync(partial, file);
}
