/**
 * Moves an install from the embedded database to PostgreSQL. Rows keep their numbers. It may break off at any moment: run
 * again, it goes on where it was. At the end both sides are read once more and compared.
 */
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SwitchboardError } from "@switchboard/domain/errors";
import type pg from "pg";
import { checkedUrl, connect, placeOf } from "../postgres/connection.ts";
import { toPostgresError } from "../postgres/errors.ts";
import { migrate } from "../postgres/migrate.ts";
import { quoted, type Roles } from "../postgres/roles.ts";
import { lockDirectory } from "../sqlite/directory-lock.ts";
import { applied, migrations } from "../sqlite/schema.ts";
import { compare } from "./compare.ts";
import { copyTable } from "./copy.ts";
import { movePeople } from "./people.ts";
import { type MovedTable, tablesOf } from "./tables.ts";

export interface MoveOptions {
  /** The state directory; no gateway may use it. */
  readonly directory: string;
  readonly url: string;
  /** As whom tables are made, when `url` names somebody who may not. */
  readonly ownerUrl?: string | undefined;
  /** Told after every batch: how many rows of a table are there now. */
  readonly progress?: (table: string, rows: number) => void;
}

export interface Moved {
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly sha256: string }[];
}

/**
 * @throws SYS_002 while a gateway uses the directory, STORE_006 when either side was not made by this version, REQ_004
 * when the database holds something else already, STORE_005 when the two sides differ in the end.
 */
export async function moveToPostgres(options: MoveOptions): Promise<Moved> {
  const url = checkedUrl(options.url);
  const ownerUrl = options.ownerUrl === undefined ? url : checkedUrl(options.ownerUrl);
  const lock = lockDirectory(options.directory);
  try {
    const source = openSource(options.directory);
    try {
      const roles = await migrate(url, ownerUrl, { moving: true });
      const { client } = await connect(ownerUrl, "switchboard move");
      try {
        await claimTarget(source, client, roles);
        await movePeople(options.directory, { url, ownerUrl });
        return await move(source, client, roles, options.progress ?? (() => {}));
      } catch (error) {
        throw toPostgresError(error, placeOf(url));
      } finally {
        await client.end().catch(() => {});
      }
    } finally {
      source.close();
    }
  } finally {
    lock.release();
  }
}

function openSource(directory: string): DatabaseSync {
  const source = new DatabaseSync(join(directory, "switchboard.db"));
  try {
    const known = migrations();
    if (applied(source, known).length === known.length) return source;
    throw new SwitchboardError("STORE_006", "Start this version once on the state directory before moving it.");
  } catch (error) {
    source.close();
    throw error;
  }
}

async function move(
  source: DatabaseSync,
  client: pg.Client,
  roles: Roles,
  progress: (table: string, rows: number) => void,
): Promise<Moved> {
  const tables = await tablesOf(source, client);
  for (const table of tables) await copyTable(source, client, roles, table, (rows) => progress(table.name, rows));
  await setCounters(source, client, tables);
  const compared: Moved["tables"][number][] = [];
  for (const table of tables) compared.push({ table: table.name, ...(await compare(source, client, roles, table)) });
  await client.query("UPDATE moves SET finished = true");
  return { tables: compared };
}

/** Notes on both sides which move this is, so that another one never mixes with it. */
async function claimTarget(source: DatabaseSync, client: pg.Client, roles: Roles): Promise<void> {
  source.prepare("INSERT OR IGNORE INTO meta (name, value) VALUES ('move', ?)").run(randomInt(2 ** 47));
  const id = Number(source.prepare("SELECT value FROM meta WHERE name = 'move'").get()?.value);
  const { rows } = await client.query("SELECT source, finished FROM moves");
  const [known] = rows;
  if (known?.finished) throw new SwitchboardError("REQ_004", "The move into this database has ended already.");
  if (known?.source === id) return;
  await client.query(`BEGIN; SET LOCAL ROLE ${quoted(roles.engine)}`);
  const used = await client.query(
    "SELECT 1 FROM accounts UNION ALL SELECT 1 FROM inbox UNION ALL SELECT 1 FROM sessions LIMIT 1",
  );
  await client.query("COMMIT");
  if (known || used.rows.length > 0) {
    throw new SwitchboardError("REQ_004", "The database holds something else already; move into an empty one.");
  }
  await client.query("INSERT INTO moves (source, finished) VALUES ($1, false)", [id]);
}

/** What is numbered from now on begins behind what was moved. */
async function setCounters(source: DatabaseSync, client: pg.Client, tables: readonly MovedTable[]): Promise<void> {
  for (const { name, numbered } of tables) {
    if (!numbered) continue;
    const last = source.prepare(`SELECT max(seq) AS last FROM ${name}`).get()?.last;
    if (last === null || last === undefined) continue;
    await client.query("SELECT setval(pg_get_serial_sequence($1, 'seq'), $2)", [`switchboard.${name}`, last]);
  }
  const epochs = Number(source.prepare("SELECT value FROM meta WHERE name = 'epochs'").get()?.value ?? 1);
  await client.query("SELECT setval('epochs', greatest($1::bigint, (SELECT last_value FROM epochs)))", [epochs]);
}
