/** The schema's numbered files, and whether a database was made by them. */
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { SwitchboardError } from "@switchboard/domain/errors";
import { bare, numberedFiles } from "../numbered-files.ts";
import { packageRoot } from "../package-root.ts";
import { addFunctions } from "./functions.ts";

const folder = new URL("src/sqlite/migrations/", packageRoot);

export interface Migration {
  readonly number: number;
  readonly sql: string;
  /** Of what the file does: neither comments nor white space count. 48 bits, so that it is an exact number. */
  readonly checksum: number;
}

/** All of them, in their order. */
export function migrations(): Migration[] {
  return numberedFiles(folder).map(({ bare: text, number, sql }) => ({ number, sql, checksum: checksum(text) }));
}

/**
 * What of `known` the database has: none when it is new.
 * @throws STORE_006 when a newer version made it, when its tables were made otherwise than by these files, and when
 * they are another program's.
 */
export function applied(db: DatabaseSync, known: readonly Migration[]): readonly Migration[] {
  const present = versionOf(db);
  const newest = known.at(-1)?.number ?? 0;
  if (present > newest) {
    throw refusal(`The database has schema ${present}; this version knows schemas up to ${newest}.`, present, newest);
  }
  const names = namesIn(db);
  if (present === 0) {
    if (names.length === 0) return [];
    throw refusal(`The database holds what is not Switchboard's: ${names.slice(0, 3).join(", ")}.`, present, newest);
  }
  const there = known.filter(({ number }) => number <= present);
  if (!names.includes("meta") || !isMadeBy(db, there)) {
    throw refusal(`The database's schema ${present} was made otherwise than this version makes it.`, present, newest);
  }
  return there;
}

/** Notes that a migration was applied, for `applied` to compare; the first note stays. */
export function record(db: DatabaseSync, { checksum, number }: Migration): void {
  db.prepare("INSERT OR IGNORE INTO meta (name, value) VALUES (?, ?)").run(noteOf(number), checksum);
}

function isMadeBy(db: DatabaseSync, there: readonly Migration[]): boolean {
  const recorded = db.prepare("SELECT value FROM meta WHERE name = ?");
  const checksums = there.map(({ number }) => recorded.get(noteOf(number))?.value);
  if (!there.every(({ checksum }, index) => (checksums[index] ?? checksum) === checksum)) return false;
  // Made before checksums were recorded: what stands in it tells.
  return checksums.every((each) => each !== undefined) || hasSchemaOf(db, there);
}

function hasSchemaOf(db: DatabaseSync, there: readonly Migration[]): boolean {
  const fresh = new DatabaseSync(":memory:");
  try {
    addFunctions(fresh);
    for (const { sql } of there) fresh.exec(sql);
    return JSON.stringify(schemaOf(db)) === JSON.stringify(schemaOf(fresh));
  } finally {
    fresh.close();
  }
}

/** Statistics that SQLite keeps for itself (`sqlite_stat1`) are no part of it. */
function schemaOf(db: DatabaseSync): unknown[] {
  return db
    .prepare("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite@_%' ESCAPE '@' ORDER BY name")
    .all()
    .map(({ name, sql }) => [name, bare(String(sql))]);
}

function namesIn(db: DatabaseSync): string[] {
  return db
    .prepare("SELECT name FROM sqlite_schema ORDER BY name")
    .all()
    .map(({ name }) => String(name));
}

function versionOf(db: DatabaseSync): number {
  return db.prepare("PRAGMA user_version").get()?.user_version as number;
}

function checksum(text: string): number {
  return createHash("sha256").update(text).digest().readUIntBE(0, 6);
}

function noteOf(number: number): string {
  return `migration:${number}`;
}

function refusal(message: string, present: number, newest: number): SwitchboardError {
  return new SwitchboardError("STORE_006", message, { details: { present, newest } });
}
