/** Copies a table's rows, batch by batch, each in one transaction. */
import type { DatabaseSync } from "node:sqlite";
import type pg from "pg";
import { literal, quoted, type Roles } from "../postgres/roles.ts";
import type { MovedTable } from "./tables.ts";

const BATCH = 500;

type Row = Readonly<Record<string, unknown>>;

/** PostgreSQL's texts hold everything but this one character. */
export function portable(value: unknown): unknown {
  return typeof value === "string" ? value.replaceAll("\0", "\ufffd") : value;
}

/** Goes on behind the last number that is there; rows without numbers that are there already stay as they are. */
export async function copyTable(
  source: DatabaseSync,
  client: pg.Client,
  roles: Roles,
  table: MovedTable,
  progress: (rows: number) => void,
): Promise<void> {
  const from = table.numbered ? await lastThere(client, roles, table) : 0;
  const where = table.numbered ? "WHERE seq > ?" : "";
  const select = source.prepare(
    `SELECT ${table.columns.join(", ")} FROM ${table.name} ${where} ORDER BY ${table.key.join(", ")}`,
  );
  let batch: Row[] = [];
  let copied = 0;
  const flush = async () => {
    await insert(client, roles, table, batch);
    copied += batch.length;
    batch = [];
    progress(copied);
  };
  for (const row of table.numbered ? select.iterate(from) : select.iterate()) {
    batch.push(row as Row);
    if (batch.length >= BATCH) await flush();
  }
  if (batch.length > 0) await flush();
}

async function lastThere(client: pg.Client, roles: Roles, { name }: MovedTable): Promise<number> {
  await client.query(`BEGIN; SET LOCAL ROLE ${quoted(roles.engine)}`);
  const { rows } = await client.query(`SELECT coalesce(max(seq), 0) AS last FROM ${name}`);
  await client.query("COMMIT");
  return rows[0].last;
}

/** As each tenant its own rows. */
async function insert(client: pg.Client, roles: Roles, table: MovedTable, batch: readonly Row[]): Promise<void> {
  const { columns, name, numbered, types } = table;
  const lists = types.map((type, index) => `$${index + 1}::${type}[]`).join(", ");
  const text = `INSERT INTO ${name} (${columns.join(", ")}) ${numbered ? "OVERRIDING SYSTEM VALUE" : ""}
    SELECT * FROM unnest(${lists}) ON CONFLICT DO NOTHING`;
  await client.query(`BEGIN; SET LOCAL ROLE ${quoted(roles.app)}`);
  try {
    for (const [tenant, rows] of Map.groupBy(batch, (row) => String(row.tenant))) {
      await client.query(`SELECT set_config('app.tenant_id', ${literal(tenant)}, true)`);
      await client.query(
        text,
        columns.map((column) => rows.map((row) => portable(row[column]))),
      );
    }
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}
