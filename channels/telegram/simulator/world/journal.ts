/** Where a bot's world is kept over restarts. Without a file nothing is written; memory is the truth while it runs. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { SwitchboardError } from "@switchboard/domain";

export type RecordKind = "bot" | "counter" | "person" | "chat" | "message" | "update" | "file";

export interface Journal {
  /** Marks a record as changed. `value` is asked for at the next flush, so that many changes cost one write. */
  put(kind: RecordKind, key: string, value: () => unknown): void;
  drop(kind: RecordKind, key: string): void;
  /** Writes what changed, in one transaction. Must be called before anybody is told that something happened. */
  flush(): void;
  /** What was kept, in the order of its making. */
  load(kind: RecordKind): { readonly key: string; readonly value: unknown }[];
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

const VERSION = 1;

const schema = `
  CREATE TABLE records (
    bot TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (bot, kind, key)
  );
  CREATE TABLE bytes (bot TEXT NOT NULL, key TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (bot, key)) WITHOUT ROWID;
  PRAGMA user_version = ${VERSION};
`;

/** One SQLite file with the worlds of any number of bots. Survives SIGKILL: WAL, and every flush commits. */
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
  }

  /** The bots the file knows, by key. */
  bots(): string[] {
    const rows = this.#database.prepare("SELECT bot FROM records WHERE kind = 'bot' ORDER BY rowid").all();
    return rows.map((row) => String(row.bot));
  }

  open(bot: string): Journal {
    return new SqliteJournal(this.#database, bot);
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
  readonly kind: RecordKind;
  readonly key: string;
  readonly value: (() => unknown) | undefined;
}

class SqliteJournal implements Journal {
  readonly #database: DatabaseSync;
  readonly #bot: string;
  readonly #upsert: StatementSync;
  readonly #delete: StatementSync;
  readonly #changes = new Map<string, Change>();

  constructor(database: DatabaseSync, bot: string) {
    this.#database = database;
    this.#bot = bot;
    this.#upsert = database.prepare(
      "INSERT INTO records (bot, kind, key, value) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    );
    this.#delete = database.prepare("DELETE FROM records WHERE bot = ? AND kind = ? AND key = ?");
  }

  put(kind: RecordKind, key: string, value: () => unknown): void {
    this.#changes.set(`${kind} ${key}`, { kind, key, value });
  }

  drop(kind: RecordKind, key: string): void {
    this.#changes.set(`${kind} ${key}`, { kind, key, value: undefined });
  }

  flush(): void {
    if (this.#changes.size === 0) return;
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      for (const { kind, key, value } of this.#changes.values()) {
        if (value) this.#upsert.run(this.#bot, kind, key, JSON.stringify(value()));
        else this.#delete.run(this.#bot, kind, key);
      }
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
    this.#changes.clear();
  }

  load(kind: RecordKind): { key: string; value: unknown }[] {
    const rows = this.#database
      .prepare("SELECT key, value FROM records WHERE bot = ? AND kind = ? ORDER BY rowid")
      .all(this.#bot, kind);
    return rows.map((row) => ({ key: String(row.key), value: JSON.parse(String(row.value)) }));
  }

  putBytes(key: string, bytes: Uint8Array): boolean {
    this.#database.prepare("INSERT INTO bytes (bot, key, bytes) VALUES (?, ?, ?)").run(this.#bot, key, bytes);
    return true;
  }

  bytes(key: string): Uint8Array | undefined {
    const row = this.#database.prepare("SELECT bytes FROM bytes WHERE bot = ? AND key = ?").get(this.#bot, key);
    const bytes = row?.bytes;
    return bytes instanceof Uint8Array ? bytes : undefined;
  }
}
