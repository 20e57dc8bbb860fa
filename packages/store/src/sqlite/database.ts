/** Opens the database file with the settings that everything else relies on. */
import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

export interface DatabaseOptions {
  /** How long a statement waits for another process that holds the file, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** For tests of a full disk: the most pages the file may have. */
  readonly maxPages?: number;
}

/** A commit that reaches this many pages of log copies them into the file; idle moments do it earlier. */
const CHECKPOINT_PAGES = 4_000;

/** `check` throws before the file is touched, e.g. because it is another program's. */
export function openDatabase(
  path: string,
  options: DatabaseOptions,
  check: (db: DatabaseSync) => void = () => {},
): DatabaseSync {
  // Made before SQLite would, so that nobody else can read it; SQLite gives its other files the same mode.
  closeSync(openSync(path, "a", 0o600));
  const db = new DatabaseSync(path, { timeout: options.busyTimeoutMs, enableForeignKeyConstraints: false });
  try {
    check(db);
    // FULL: a commit is on the disk when it returns. That is what "stored before acknowledged" rests on.
    // FAST: what is wiped is overwritten, in the pages that are written anyway.
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA secure_delete = FAST;
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
      PRAGMA journal_size_limit = ${64 * 1024 * 1024};
      PRAGMA cache_size = -32000;
      PRAGMA temp_store = MEMORY;
    `);
    // SQLite's own lower() knows ASCII only.
    db.function("casefold", { deterministic: true }, (text) => (typeof text === "string" ? text.toLowerCase() : null));
    if (options.maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${options.maxPages}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
