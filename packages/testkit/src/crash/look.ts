/** A look into a gateway's database from beside it: everything that one look sees is of the same moment. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TestServer } from "../postgres-server/index.ts";

export type Row = Record<string, string | number | null>;
/** Rows of a statement; values are marked `?`. */
export type All = (sql: string, ...values: string[]) => Promise<Row[]>;
export type Look = <T>(read: (all: All) => Promise<T>) => Promise<T>;

export function lookIntoSqlite(directory: string): Look {
  return async (read) => {
    const db = new DatabaseSync(join(directory, "switchboard.db"), { readOnly: true, timeout: 5_000 });
    try {
      db.exec("BEGIN");
      return await read(async (sql, ...values) => db.prepare(sql).all(...values) as Row[]);
    } finally {
      db.close();
    }
  };
}

/** As the server's administrator, who sees every tenant. */
export function lookIntoPostgres(server: TestServer, database: string): Look {
  return async (read) => {
    await using client = await server.connect(database);
    await client.query("SET search_path TO switchboard; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    return await read(async (sql, ...values) => {
      let count = 0;
      const { rows } = await client.query(
        sql.replace(/\?/g, () => `$${++count}`),
        values,
      );
      return rows;
    });
  };
}
