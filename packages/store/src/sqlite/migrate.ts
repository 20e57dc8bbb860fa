/** Brings the schema up to date: numbered files, forward only, each in one transaction. */
import type { DatabaseSync } from "node:sqlite";
import { addFunctions } from "./functions.ts";
import { applied, migrations, record } from "./schema.ts";

/** @throws STORE_006 when the file was made by a newer version than this one, otherwise than by it, or by no version. */
export function migrate(db: DatabaseSync): void {
  addFunctions(db);
  const known = migrations();
  const there = applied(db, known);
  inTransaction(db, () => {
    for (const migration of there) record(db, migration);
  });
  for (const migration of known.slice(there.length)) {
    inTransaction(db, () => {
      db.exec(migration.sql);
      record(db, migration);
      db.exec(`PRAGMA user_version = ${migration.number}`);
    });
  }
}

function inTransaction(db: DatabaseSync, work: () => void): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    work();
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
