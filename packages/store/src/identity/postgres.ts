/**
 * People and tenants on PostgreSQL: in a schema and under a role of their own, which the roles of tenants' data cannot
 * read (ADR 46).
 */
import { CompiledQuery, Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { checkedUrl, connect, placeOf } from "../postgres/connection.ts";
import { sqlState, toPostgresError } from "../postgres/errors.ts";
import { LOCKS } from "../postgres/opening.ts";
import { identityRoleOf, quoted } from "../postgres/roles.ts";
import type { IdentityDatabase, IdentityTables } from "./database.ts";
import { type Applied, migrations, missing } from "./schema.ts";

const SCHEMA = "identity";
/** Requests for people are few beside messages. */
const CONNECTIONS = 4;
const CONNECT_MS = 10_000;
const STATEMENT_MS = 15_000;
const INT8 = 20;

export interface IdentityAddress {
  readonly url: string;
  /** As whom tables are made, when `url` names somebody who may not. */
  readonly ownerUrl?: string | undefined;
}

/** Nodes that start together take turns to make the tables. @throws CFG_001, STORE_001, STORE_003, STORE_006. */
export async function openIdentityDatabase({ ownerUrl, url }: IdentityAddress): Promise<IdentityDatabase> {
  const role = await migrate(checkedUrl(url), ownerUrl === undefined ? url : checkedUrl(ownerUrl));
  const pool = new pg.Pool({
    connectionString: url,
    application_name: "switchboard identity",
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    types: { getTypeParser: numbers },
  });
  // Without a listener the end of an idle connection would end the process.
  pool.on("error", () => {});
  const db = new Kysely<IdentityTables>({
    dialect: new PostgresDialect({
      pool,
      onCreateConnection: async (connection) => {
        await connection.executeQuery(CompiledQuery.raw(`SET search_path TO ${SCHEMA}`));
        await connection.executeQuery(CompiledQuery.raw(`SET ROLE ${quoted(role)}`));
      },
    }),
  });
  return {
    kind: "postgres",
    db,
    // Waits for the server, not on this thread.
    soon: (work) => work(db),
    close: () => db.destroy(),
  };
}

/** Returns the role to work as. */
async function migrate(url: string, ownerUrl: string): Promise<string> {
  const { client } = await connect(ownerUrl, "switchboard identity migration");
  try {
    const { rows } = await client.query("SELECT current_database() AS name");
    const done = await applied(client);
    // A copy of the database under another name keeps the role that its tables were given to.
    const role = done[0]?.role ?? identityRoleOf(rows[0].name);
    if (missing(migrations("postgres"), done).length === 0) return role;
    await client.query("SET lock_timeout TO 0; SET statement_timeout TO 0");
    await client.query(`SELECT pg_advisory_lock(${LOCKS.migrations}, 1)`);
    await makeRole(client, role, decodeURIComponent(new URL(url).username));
    await client.query(
      `CREATE SCHEMA IF NOT EXISTS ${SCHEMA}; SET search_path TO ${SCHEMA};
       CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY, checksum text NOT NULL, role text NOT NULL);
       GRANT USAGE ON SCHEMA ${SCHEMA} TO PUBLIC; GRANT SELECT ON migrations TO PUBLIC`,
    );
    for (const migration of missing(migrations("postgres"), await applied(client))) {
      await client.query("BEGIN");
      await client.query(migration.sql.replaceAll("{identity}", quoted(role)));
      await client.query("INSERT INTO migrations (number, checksum, role) VALUES ($1, $2, $3)", [
        migration.number,
        migration.checksum,
        role,
      ]);
      await client.query("COMMIT");
    }
    return role;
  } catch (error) {
    throw toPostgresError(error, placeOf(ownerUrl));
  } finally {
    await client.end().catch(() => {});
  }
}

async function applied(client: pg.Client): Promise<(Applied & { readonly role: string })[]> {
  const { rows } = await client.query(`SELECT to_regclass('${SCHEMA}.migrations') IS NOT NULL AS there`);
  if (!rows[0].there) return [];
  return (await client.query(`SELECT number, checksum, role FROM ${SCHEMA}.migrations ORDER BY number`)).rows;
}

async function makeRole(client: pg.Client, role: string, user: string): Promise<void> {
  const { rows } = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [role]);
  if (rows.length === 0) await client.query(`CREATE ROLE ${quoted(role)} NOLOGIN NOINHERIT`);
  const members = ["CURRENT_USER", ...(user === "" ? [] : [quoted(user)])];
  for (const member of members) {
    try {
      await client.query(`GRANT ${quoted(role)} TO ${member}`);
    } catch (error) {
      // Granted by somebody else already, which is all that is needed.
      if (!["42710", "0LP01"].includes(sqlState(error) ?? "")) throw error;
    }
  }
}

function numbers(id: number, format?: "text" | "binary") {
  return id === INT8 ? Number : pg.types.getTypeParser(id, format as "text");
}
