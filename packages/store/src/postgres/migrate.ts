/**
 * Brings the schema up to date: numbered files, forward only, each in one transaction. Nodes that start together take
 * turns; whoever comes second finds it done.
 */
import { SwitchboardError } from "@switchboard/domain/errors";
import type pg from "pg";
import { connect, placeOf, SCHEMA } from "./connection.ts";
import { sqlState, toPostgresError } from "./errors.ts";
import { LOCKS } from "./opening.ts";
import { literal, quoted, type Roles, rolesOf } from "./roles.ts";
import { type Applied, type Migration, migrations, missing } from "./schema.ts";

/** The oldest server whose features are used. */
const OLDEST_SERVER = 15;
/** How often making a role is tried: roles belong to the whole server, and other databases' nodes may make theirs. */
const MOST_ATTEMPTS = 5;

/**
 * `url`: as whom the gateway will work; `ownerUrl`: as whom tables are made, when that is somebody else. Returns the
 * roles to work as.
 * @throws STORE_003 when somebody may not do what is needed, STORE_006 when this version did not make the schema.
 */
export async function migrate(
  url: string,
  ownerUrl: string = url,
  { moving = false }: { readonly moving?: boolean } = {},
): Promise<Roles> {
  const { client } = await connect(ownerUrl, "switchboard migration");
  try {
    const database = await checkServer(client);
    const known = migrations();
    // Who only works here need not be the owner once everything is in place.
    if (missing(known, await applied(client)).length === 0) {
      if (!moving) await checkMove(client);
      return await rolesIn(client, database);
    }
    // Waiting for another node's migration may take longer than any other lock.
    await client.query("SET lock_timeout TO 0; SET statement_timeout TO 0");
    await client.query(`SELECT pg_advisory_lock(${LOCKS.migrations}, 0)`);
    const roles = rolesOf(database);
    await makeRoles(client, roles, userOf(url));
    await client.query(
      `CREATE SCHEMA IF NOT EXISTS ${SCHEMA}; CREATE TABLE IF NOT EXISTS migrations (
         number integer PRIMARY KEY, checksum text NOT NULL, app text NOT NULL, engine text NOT NULL)`,
    );
    for (const migration of missing(known, await applied(client))) await apply(client, migration, roles);
    return await rolesIn(client, database);
  } catch (error) {
    throw toPostgresError(error, placeOf(ownerUrl));
  } finally {
    await client.end().catch(() => {});
  }
}

/** @throws REQ_004 while an install is being moved here. */
async function checkMove(client: pg.Client): Promise<void> {
  const { rows } = await client.query(`SELECT 1 FROM ${SCHEMA}.moves WHERE NOT finished`);
  if (rows.length === 0) return;
  throw new SwitchboardError("REQ_004", "An install is being moved into this database; let that end first.");
}

/** @throws STORE_003 when the roles could go past the policies after all. */
async function checkRoles(client: pg.Client, { app, engine }: Roles): Promise<void> {
  const { rows } = await client.query(
    `SELECT rolname AS name FROM pg_roles WHERE rolname IN ($1, $2) AND (rolsuper OR rolbypassrls OR oid IN (
       SELECT relowner FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = $3))`,
    [app, engine, SCHEMA],
  );
  const [first] = rows;
  if (!first) return;
  const message = `The role ${first.name} may go past row-level security. Take SUPERUSER, BYPASSRLS and its tables from it.`;
  throw new SwitchboardError("STORE_003", message);
}

async function checkServer(client: pg.Client): Promise<string> {
  const { rows } = await client.query(
    "SELECT current_setting('server_version_num')::integer / 10000 AS version, current_database() AS name",
  );
  const [{ name, version }] = rows;
  if (version >= OLDEST_SERVER) return name;
  throw new SwitchboardError("STORE_006", `PostgreSQL ${version} is too old; ${OLDEST_SERVER} or newer is needed.`, {
    details: { version },
  });
}

async function applied(client: pg.Client): Promise<Applied[]> {
  const { rows } = await client.query(`SELECT to_regclass('${SCHEMA}.migrations') IS NOT NULL AS there`);
  if (!rows[0].there) return [];
  return (await client.query(`SELECT number, checksum FROM ${SCHEMA}.migrations ORDER BY number`)).rows;
}

/** The names the tables were given to: a copy of the database under another name keeps them. */
async function rolesIn(client: pg.Client, database: string): Promise<Roles> {
  const { rows } = await client.query(`SELECT app, engine FROM ${SCHEMA}.migrations ORDER BY number LIMIT 1`);
  const roles = rows[0] ?? rolesOf(database);
  await checkRoles(client, roles);
  return roles;
}

async function makeRoles(client: pg.Client, roles: Roles, user: string): Promise<void> {
  const grants = [`GRANT ${quoted(roles.app)}, ${quoted(roles.engine)} TO CURRENT_USER`];
  if (user !== "") grants.push(`GRANT ${quoted(roles.app)}, ${quoted(roles.engine)} TO ${quoted(user)}`);
  for (const role of [roles.app, roles.engine]) {
    await tryOften(async () => {
      const { rows } = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [role]);
      if (rows.length === 0) await client.query(`CREATE ROLE ${quoted(role)} NOLOGIN NOINHERIT`);
    });
  }
  for (const grant of grants) await tryOften(() => client.query(grant));
}

/** Two that make or grant the same role in the same moment: the second is told so and finds it done. */
async function tryOften(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      const disturbed = ["42710", "23505", "XX000"].includes(sqlState(error) ?? "");
      if (!disturbed || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

async function apply(client: pg.Client, { checksum, number, sql }: Migration, roles: Roles): Promise<void> {
  const text = sql
    .replaceAll("{app}", quoted(roles.app))
    .replaceAll("{engine}", quoted(roles.engine))
    .replaceAll("{engine name}", literal(roles.engine));
  await client.query("BEGIN");
  try {
    await client.query(text);
    await client.query("INSERT INTO migrations (number, checksum, app, engine) VALUES ($1, $2, $3, $4)", [
      number,
      checksum,
      roles.app,
      roles.engine,
    ]);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

function userOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}
