/** The embedded driver: one SQLite file in the state directory, owned by a worker thread. */
import type { Store } from "@switchboard/core/ports";
import { openStore, type SqliteStoreOptions } from "./open.ts";

export type { SqliteStoreOptions } from "./open.ts";
export { type Restored, restoreSqliteBackup } from "./restore.ts";

/**
 * Opens the store and brings its schema up to date.
 * @throws STORE_003 when the directory cannot be written, STORE_004 when the file is locked, STORE_005 when it is
 * damaged, STORE_006 when this version did not make it, SYS_002 when another store has the directory.
 */
export function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  return openStore(options);
}
