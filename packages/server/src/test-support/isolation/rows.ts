/** Everything that is kept of a tenant: its rows in every table that has a tenant, and its files. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TestServer } from "@switchboard/testkit/postgres-server";

const DATABASES = ["switchboard.db", "identity.db"];
/** What the gateway writes by the hour, whatever anybody asks. */
const BY_ITSELF = ["audit_seals"];

/** A database that several gateways could share. */
export interface SharedDatabase {
  readonly url: string;
  /** The rows of a tenant as JSON, by table, whoever may see them. */
  rowsOf(tenant: string): Promise<Map<string, string>>;
}

/** By table or file name: the rows as JSON, in an order of their own. */
export async function keptOf(
  directory: string,
  tenant: string,
  database: SharedDatabase | undefined,
): Promise<Map<string, string>> {
  const kept = database ? await database.rowsOf(tenant) : rowsIn(directory, tenant);
  for (const { name, parentPath } of filesIn(directory)) {
    const path = join(parentPath, name);
    // What is stored for a tenant is in folders that have its id in their name.
    if (!path.slice(directory.length).includes(tenant)) continue;
    kept.set(path.slice(directory.length), createHash("sha256").update(readFileSync(path)).digest("hex"));
  }
  return kept;
}

/** A new database on this server. */
export async function databaseOn(server: TestServer): Promise<SharedDatabase> {
  const name = await server.createDatabase();
  return {
    url: server.url(name),
    async rowsOf(tenant) {
      await using client = await server.connect(name);
      const found = await client.query(
        `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.columns
         JOIN information_schema.tables USING (table_schema, table_name)
         WHERE column_name = 'tenant' AND table_type = 'BASE TABLE' AND NOT table_name = ANY ($1) ORDER BY 1`,
        [BY_ITSELF],
      );
      const kept = new Map<string, string>();
      for (const table of found.rows.map((row) => String(row.name))) {
        const rows = await client.query(`SELECT to_jsonb(t)::text AS row FROM ${table} t WHERE tenant = $1`, [tenant]);
        if (rows.rows.length > 0)
          kept.set(
            table,
            rows.rows
              .map(({ row }) => steady(row))
              .sort()
              .join("\n"),
          );
      }
      return kept;
    },
  };
}

/** Without the lease that a node extends every few seconds. */
function steady(row: string): string {
  return row.replace(/"lease_until": \d+/, '"lease_until": 0');
}

function rowsIn(directory: string, tenant: string): Map<string, string> {
  const kept = new Map<string, string>();
  for (const name of DATABASES.filter((each) => existsSync(join(directory, each)))) {
    using file = new DatabaseSync(join(directory, name), { readOnly: true });
    for (const table of tablesOf(file)) {
      const rows = file.prepare(`SELECT * FROM "${table}" WHERE tenant = ?`).all(tenant);
      if (rows.length > 0) kept.set(`${name} ${table}`, rows.map(readable).sort().join("\n"));
    }
  }
  return kept;
}

/** Our own ids that stand there. */
export function idsIn(kept: ReadonlyMap<string, string>): string[] {
  const found = [...kept.values()].flatMap((rows) => rows.match(/\b(evt|trn|dlv|dead|ses)_[0-9a-z]{26}\b/g) ?? []);
  return [...new Set(found)];
}

/** The tables and files whose content differs. */
export function changesBetween(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name}: ${lines(before.get(name), after.get(name)).join(" -> ")}`);
}

function lines(before = "", after = ""): string[] {
  const [was, is] = [before.split("\n"), after.split("\n")];
  return [was.filter((line) => !is.includes(line)).join("\n"), is.filter((line) => !was.includes(line)).join("\n")];
}

function tablesOf(file: DatabaseSync): string[] {
  const tables = file.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
  return tables
    .map(({ name }) => String(name))
    .filter((name) => !BY_ITSELF.includes(name))
    .filter((name) => file.prepare(`SELECT 1 FROM pragma_table_info('${name}') WHERE name = 'tenant'`).get());
}

function filesIn(directory: string) {
  return readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
}

function readable(row: object): string {
  return JSON.stringify(row, (_key, value: unknown) => (value instanceof Uint8Array ? [...value] : value));
}
