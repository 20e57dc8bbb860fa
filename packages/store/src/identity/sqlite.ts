/** People and tenants of an install with an embedded database: a file of its own, so that nobody waits for messages. */
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { Kysely, SqliteDialect, sql } from "kysely";
import { backUp } from "../sqlite/backup.ts";
import type { IdentityDatabase, IdentityTables } from "./database.ts";
import { IDENTITY_FILE } from "./file-name.ts";
import { type Applied, migrations, missing } from "./schema.ts";

/** How long to wait for another process, e.g. a command, that writes. */
const BUSY_MS = 10_000;

/** Any number of processes may have it open. @throws STORE_006. */
export async function openIdentityFile(directory: string): Promise<IdentityDatabase> {
  const path = join(directory, IDENTITY_FILE);
  // Made before SQLite would, so that nobody else can read it.
  closeSync(openSync(path, "a", 0o600));
  const file = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    file.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
    migrate(file);
  } catch (error) {
    file.close();
    throw error;
  }
  const db = new Kysely<IdentityTables>({ dialect: new SqliteDialect({ database: asKyselyWants(file) }) });
  return {
    kind: "sqlite",
    db,
    soon: (work) =>
      // Nobody else has the connection meanwhile, so that nothing else is written without waiting for the disk.
      db.connection().execute(async (only) => {
        await sql`PRAGMA synchronous = NORMAL`.execute(only);
        try {
          return await work(only);
        } finally {
          await sql`PRAGMA synchronous = FULL`.execute(only);
        }
      }),
    backup: (target) => backUp(path, target, () => {}),
    close: () => db.destroy(),
  };
}

function migrate(file: DatabaseSync): void {
  file.exec("BEGIN IMMEDIATE");
  try {
    file.exec("CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY, checksum text NOT NULL)");
    const there = file.prepare("SELECT number, checksum FROM migrations").all() as unknown as Applied[];
    for (const { checksum, number, sql } of missing(migrations("sqlite"), there)) {
      file.exec(sql);
      file.prepare("INSERT INTO migrations (number, checksum) VALUES (?, ?)").run(number, checksum);
    }
    file.exec("COMMIT");
  } catch (error) {
    file.exec("ROLLBACK");
    throw error;
  }
}

type Wanted = ConstructorParameters<typeof SqliteDialect>[0]["database"];

/** Kysely knows another library for SQLite, whose statements are used a little otherwise. */
function asKyselyWants(file: DatabaseSync): Exclude<Wanted, () => unknown> {
  return {
    close: () => file.close(),
    prepare(sql) {
      // Who reads first and writes later would be refused when somebody else wrote meanwhile.
      const statement = file.prepare(sql === "begin" ? "begin immediate" : sql);
      return {
        reader: statement.columns().length > 0,
        all: (values) => statement.all(...(values as SQLInputValue[])),
        run: (values) => statement.run(...(values as SQLInputValue[])),
        iterate: (values) => statement.iterate(...(values as SQLInputValue[])),
      };
    },
  };
}
