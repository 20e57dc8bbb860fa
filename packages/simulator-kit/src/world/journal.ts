/** Where an account's world is kept over restarts. Without a file nothing is written; memory is the truth while it runs. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { SwitchboardError } from "@switchboard/domain";

export interface Journal {
  /** Marks a record as changed. `value` is asked for at the next flush, so that many changes cost one write. */
  put(kind: string, key: string, value: () => unknown): void;
  drop(kind: string, key: string): void;
  /** Writes what changed, in one transaction. Must be called before anybody is told that something happened. */
  flush(): void;
  /** What was kept, in the order of its making. */
  load(kind: string): { readonly key: string; readonly value: unknown }[];
  /** Keeps bytes at once. Returns false when there is no place for them, so that the caller keeps them. */
  putBytes(key: string, bytes: Uint8Array): boolean;
  bytes(key: string): Uint8Array | undefined;
}

/** Keeps nothing. */
export const forgetful: Journal = {
  put: () => {},
  drop: () => {},
  flush: () => {},
  load: () => [],
  putBytes: () => false,
  bytes: () => undefined,
};

const VERSION = 2;

const schema = `
  CREATE TABLE records (
    account TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (account, kind, key)
  );
  CREATE TABLE bytes (
    account TEXT NOT NULL, key TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (account, key)
  ) WITHOUT ROWID;
  PRAGMA user_version = ${VERSION};
`;

/** The first version called accounts bots, and the body of a delivery its JSON. */
const fromFirst = `
  ALTER TABLE records RENAME COLUMN bot TO account;
  ALTER TABLE bytes RENAME COLUMN bot TO account;
  UPDATE records SET value = json_object('lane', value ->> '$.lane', 'body', value ->> '$.json') WHERE kind = 'update';
  PRAGMA user_version = ${VERSION};
`;

/** One SQLite file with the worlds of any number of accounts. Survives SIGKILL: WAL, and every flush commits. */
export class JournalFile {
  readonly #database: DatabaseSync;

  /** Throws STORE_003 or STORE_004 when the file cannot be had, STORE_006 when a newer version wrote it. */
  constructor(path: string) {
    this.#database = openDatabase(path);
    const found = Number(this.#database.prepare("PRAGMA user_version").get()?.user_version);
    if (found > VERSION) {
      this.#database.close();
      throw new SwitchboardError("STORE_006", `The simulator's file ${path} is from a newer version`);
    }
    if (found === 0) this.#database.exec(schema);
    if (found === 1) this.#database.exec(`BEGIN; ${fromFirst} COMMIT;`);
  }

  /** The names of the accounts the file knows, in the order of their making. */
  accounts(): string[] {
    const rows = this.#database.prepare("SELECT account FROM records GROUP BY account ORDER BY min(rowid)").all();
    return rows.map((row) => String(row.account));
  }

  open(account: string): Journal {
    return new SqliteJournal(this.#database, account);
  }

  close(): void {
    this.#database.close();
  }
}

/** Exclusive: two simulators with one file would each believe in a world of their own. */
function openDatabase(path: string): DatabaseSync {
  try {
    const database = new DatabaseSync(path);
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
    return database;
  } catch (error) {
    const locked = error instanceof Error && /locked|busy/i.test(error.message);
    throw new SwitchboardError(
      locked ? "STORE_004" : "STORE_003",
      locked ? `Another simulator uses the file ${path}` : `The simulator's file ${path} cannot be opened`,
      { cause: error },
    );
  }
}

interface Change {
  readonly kind: string;
  readonly key: string;
  readonly value: (() => unknown) | undefined;
}

class SqliteJournal implements Journal {
  readonly #database: DatabaseSync;
  readonly #account: string;
  readonly #upsert: StatementSync;
  readonly #delete: StatementSync;
  readonly #changes = new Map<string, Change>();

  constructor(database: DatabaseSync, account: string) {
    this.#database = database;
    this.#account = account;
    this.#upsert = database.prepare(
      "INSERT INTO records (account, kind, key, value) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    );
    this.#delete = database.prepare("DELETE FROM records WHERE account = ? AND kind = ? AND key = ?");
  }

  put(kind: string, key: string, value: () => unknown): void {
    this.#changes.set(`${kind} ${key}`, { kind, key, value });
  }

  drop(kind: string, key: string): void {
    this.#changes.set(`${kind} ${key}`, { kind, key, value: undefined });
  }

  flush(): void {
    if (this.#changes.size === 0) return;
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      for (const { kind, key, value } of this.#changes.values()) {
        if (value) this.#upsert.run(this.#account, kind, key, JSON.stringify(value()));
        else this.#delete.run(this.#account, kind, key);
      }
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
    this.#changes.clear();
  }

  load(kind: string): { key: string; value: unknown }[] {
    const rows = this.#database
      .prepare("SELECT key, value FROM records WHERE account = ? AND kind = ? ORDER BY rowid")
      .all(this.#account, kind);
    return rows.map((row) => ({ key: String(row.key), value: JSON.parse(String(row.value)) }));
  }

  putBytes(key: string, bytes: Uint8Array): boolean {
    this.#database.prepare("INSERT INTO bytes (account, key, bytes) VALUES (?, ?, ?)").run(this.#account, key, bytes);
    return true;
  }

  bytes(key: string): Uint8Array | undefined {
    const row = this.#database.prepare("SELECT bytes FROM bytes WHERE account = ? AND key = ?").get(this.#account, key);
    const bytes = row?.bytes;
    return bytes instanceof Uint8Array ? bytes : undefined;
  }
}
