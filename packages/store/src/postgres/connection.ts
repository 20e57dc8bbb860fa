/** Connections to the server, with what every one of them is told at its beginning. */

import { SwitchboardError } from "@switchboard/domain/errors";
/** Connections to the server, with what every one of them is told at its beginning. */
import pg, { type ClientConfig, types } from "pg";
import { toPostgresError } from "./errors.ts";

/** Everything of ours is in a schema of this name. */
export const SCHEMA = "switchboard";

/** How long to try to reach the server, and how long an answer may take, in milliseconds. */
const CONNECT_MS = 10_000;
const STATEMENT_MS = 60_000;
/** How long to wait for a lock that another node holds, and how long a transaction may stand still. */
const LOCK_MS = 15_000;
const IDLE_MS = 30_000;

const INT8 = 20;
const NUMERIC = 1700;
/** Whole numbers of eight bytes and sums of them come as numbers: none of ours is beyond 2^53. */
const numbers: ClientConfig["types"] = {
  getTypeParser(id: number, format?: "text" | "binary") {
    return id === INT8 || id === NUMERIC ? Number : types.getTypeParser(id, format as "text");
  },
} as ClientConfig["types"];

/** An open connection; `lost` from the moment it is of no use any more. */
export interface Connected {
  readonly client: pg.Client;
  readonly lost: () => boolean;
}

/** @throws STORE_001 when the server does not answer, STORE_003 when it lets nobody in. */
export async function connect(url: string, name: string): Promise<Connected> {
  const where = placeOf(url);
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: CONNECT_MS,
    // A server that fell silent is given up; the statement's own limit comes before.
    query_timeout: STATEMENT_MS + 10_000,
    keepAlive: true,
    // A statement need not wait for the answer to the one before.
    pipeline: true,
    types: numbers,
  });
  let lost = false;
  const lose = () => {
    lost = true;
  };
  // Without a listener the end of an idle connection would end the process.
  client.on("error", lose);
  client.on("end", lose);
  try {
    await client.connect();
    await client.query(
      `SET search_path TO ${SCHEMA}; SET statement_timeout TO ${STATEMENT_MS}; SET lock_timeout TO ${LOCK_MS};
       SET idle_in_transaction_session_timeout TO ${IDLE_MS}; SET timezone TO 'UTC'`,
    );
    return { client, lost: () => lost };
  } catch (error) {
    void client.end().catch(lose);
    throw toPostgresError(error, where);
  }
}

/** The database as people may read it: host, port and name, nothing else of the address. */
export function placeOf(url: string): string {
  try {
    const { hostname, pathname, port, searchParams } = new URL(url);
    const host = hostname || searchParams.get("host") || "localhost";
    return `PostgreSQL ${host}${port === "" ? "" : `:${port}`}${pathname}`;
  } catch {
    return "PostgreSQL";
  }
}

/** @throws CFG_001 for what is no address of a PostgreSQL database. */
export function checkedUrl(url: string): string {
  let protocol = "";
  try {
    protocol = new URL(url).protocol;
  } catch {
    // Said below: the text itself may hold a password and is not repeated.
  }
  if (protocol === "postgres:" || protocol === "postgresql:") return url;
  throw new SwitchboardError("CFG_001", "The database's address is no postgresql://user:password@host:port/name.");
}
