/** Whether both sides hold the same rows of a table: their number and a hash over all that stands in them. */
import { createHash, type Hash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { SwitchboardError } from "@switchboard/domain/errors";
import type pg from "pg";
import { literal, quoted, type Roles } from "../postgres/roles.ts";
import { portable } from "./copy.ts";
import type { MovedTable } from "./tables.ts";

const BATCH = 1_000;

/** @throws STORE_005 when they differ. */
export async function compare(
  source: DatabaseSync,
  client: pg.Client,
  roles: Roles,
  table: MovedTable,
): Promise<{ readonly rows: number; readonly sha256: string }> {
  const { columns, key, name } = table;
  const tenants = source.prepare(`SELECT DISTINCT tenant FROM ${name} ORDER BY tenant`).all();
  const [here, there] = [createHash("sha256"), createHash("sha256")];
  let [count, found] = [0, 0];
  const select = source.prepare(
    `SELECT ${columns.join(", ")} FROM ${name} WHERE tenant = ? ORDER BY ${key.join(", ")}`,
  );
  for (const { tenant } of tenants) {
    for (const row of select.iterate(String(tenant))) {
      add(
        here,
        columns.map((column) => portable(row[column])),
      );
      count += 1;
    }
    await client.query(`BEGIN; SET LOCAL ROLE ${quoted(roles.app)};
      SELECT set_config('app.tenant_id', ${literal(String(tenant))}, true);
      DECLARE moved CURSOR FOR SELECT ${columns.join(", ")} FROM ${name} ORDER BY ${key.join(", ")}`);
    for (;;) {
      const { rows } = await client.query(`FETCH ${BATCH} FROM moved`);
      if (rows.length === 0) break;
      for (const row of rows)
        add(
          there,
          columns.map((column) => row[column]),
        );
      found += rows.length;
    }
    await client.query("COMMIT");
  }
  const sha256 = here.digest("hex");
  if (count !== found || sha256 !== there.digest("hex")) {
    const message = `The table ${name} is not the same on both sides: ${count} rows here, ${found} there.`;
    throw new SwitchboardError("STORE_005", message);
  }
  return { rows: count, sha256 };
}

function add(hash: Hash, values: readonly unknown[]): void {
  hash.update(`${JSON.stringify(values)}\n`);
}
