/** People, tenants and keys move along: all of them in one transaction, so that doing it again changes nothing. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SwitchboardError } from "@switchboard/domain/errors";
import { sql } from "kysely";
import { IDENTITY_FILE } from "../identity/file-name.ts";
import { type IdentityAddress, openIdentityDatabase } from "../identity/postgres.ts";

/** Whoever is referred to comes before who refers. */
export const PEOPLE_TABLES: readonly string[] = [
  "user",
  "session",
  "account",
  "verification",
  "tenants",
  "members",
  "invitations",
  "keys",
  "passkeys",
  "challenges",
  "tries",
];
/** SQLite keeps these as 0 and 1. */
export const TRUTHS: readonly string[] = ["emailVerified"];

/** @throws REQ_004 when the database has people of its own. */
export async function movePeople(directory: string, address: IdentityAddress): Promise<void> {
  const path = join(directory, IDENTITY_FILE);
  if (!existsSync(path)) return;
  const source = new DatabaseSync(path, { readOnly: true });
  const target = await openIdentityDatabase(address);
  try {
    await target.db.transaction().execute(async (work) => {
      const foreign = await work.selectFrom("user").select("id").execute();
      const known = new Set(
        source
          .prepare(`SELECT id FROM "user"`)
          .all()
          .map(({ id }) => id),
      );
      if (foreign.some(({ id }) => !known.has(id))) {
        throw new SwitchboardError("REQ_004", "The database has people of another install; move into an empty one.");
      }
      for (const table of PEOPLE_TABLES.toReversed()) await sql`DELETE FROM ${sql.table(table)}`.execute(work);
      for (const table of PEOPLE_TABLES) {
        for (const row of source.prepare(`SELECT * FROM "${table}"`).all()) {
          const columns = Object.keys(row);
          const values = columns.map((column) => (TRUTHS.includes(column) ? row[column] === 1 : row[column]));
          await sql`INSERT INTO ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
            VALUES (${sql.join(values)})`.execute(work);
        }
      }
    });
  } finally {
    source.close();
    await target.close();
  }
}
