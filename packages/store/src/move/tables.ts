/** The tables that a move goes through: the same on both sides. */
import type { DatabaseSync } from "node:sqlite";
import { SwitchboardError } from "@switchboard/domain/errors";
import type pg from "pg";

export interface MovedTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** PostgreSQL's types of the columns, in their order. */
  readonly types: readonly string[];
  /** Rows have numbers of their own, in `seq`. */
  readonly numbered: boolean;
  /** What rows are ordered by within a tenant, and found by. */
  readonly key: readonly string[];
}

/** @throws STORE_006 when they are not the same. */
export async function tablesOf(source: DatabaseSync, client: pg.Client): Promise<MovedTable[]> {
  const { rows } = await client.query(
    `SELECT table_name AS "table", column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_schema = 'switchboard' ORDER BY table_name, ordinal_position`,
  );
  const there = Map.groupBy(rows as { table: string; name: string; type: string }[], ({ table }) => table);
  const names = source
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@' AND name <> 'meta' ORDER BY name",
    )
    .all()
    .map(({ name }) => String(name));
  return names.map((name) => {
    const info = source.prepare("SELECT name, pk FROM pragma_table_info(?)").all(name);
    const columns = info.map((column) => String(column.name)).sort();
    const target = [...(there.get(name) ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
    if (columns.join() !== target.map((column) => column.name).join()) {
      throw new SwitchboardError("STORE_006", `The two databases do not have the same table ${name}.`);
    }
    const numbered = columns.includes("seq");
    const keys = info.filter(({ pk }) => pk !== 0).sort((a, b) => Number(a.pk) - Number(b.pk));
    return {
      name,
      columns,
      types: target.map(({ type }) => type),
      numbered,
      key: numbered ? ["seq"] : keys.map((column) => String(column.name)),
    };
  });
}
