/** Brings the schema up to date: numbered files, forward only, each in one transaction. */
import { readdirSync, readFileSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { SwitchboardError } from "@switchboard/domain/errors";
import { packageRoot } from "./package-root.ts";

const folder = new URL("src/sqlite/migrations/", packageRoot);

interface Migration {
  readonly number: number;
  readonly file: string;
}

function migrations(): Migration[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .map((file) => ({ number: Number.parseInt(file, 10), file }))
    .sort((a, b) => a.number - b.number);
}

/** The schema's number in a database file; 0 when it is new. */
function schemaVersion(db: DatabaseSync): number {
  return db.prepare("PRAGMA user_version").get()?.user_version as number;
}

/** @throws STORE_006 when the file was written by a newer version than this one. */
export function migrate(db: DatabaseSync): void {
  const known = migrations();
  const newest = known.at(-1)?.number ?? 0;
  const present = schemaVersion(db);
  if (present > newest) {
    throw new SwitchboardError(
      "STORE_006",
      `The database has schema ${present}; this version knows schemas up to ${newest}.`,
      { details: { present, newest } },
    );
  }
  for (const { number, file } of known) {
    if (number <= present) continue;
    const sql = readFileSync(new URL(file, folder), "utf8");
    db.exec("BEGIN IMMEDIATE");
    try {
      db.exec(sql);
      db.exec(`PRAGMA user_version = ${number}`);
      db.exec("COMMIT");
    } catch (error) {
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
  }
}
