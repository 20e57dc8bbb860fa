/**
 * Wake-ups between nodes, by LISTEN and NOTIFY, on a connection of their own. The same connection shows that this node
 * is there. Rows are the truth: whatever is not heard while the connection is away, the sweeper finds.
 */
import { randomUUID } from "node:crypto";
import { localWakeUps, type WakeUp, type WakeUps } from "@switchboard/core/ports";
import type pg from "pg";
import { type Connected, connect } from "./connection.ts";
import { LOCKS } from "./opening.ts";

const CHANNEL = "switchboard_wake_ups";
/** Wake-ups of this long are told to the others together, each once, in milliseconds. */
const GATHER_MS = 10;
/** The server needs a moment to notice that a process was killed: so long a node that seems to be there is asked about. */
const FAREWELL_MS = 500;
const LOOK_EVERY_MS = 50;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** PostgreSQL takes no longer texts; one that says so much about its account is left to the sweeper. */
const LONGEST_TEXT = 7_900;

export interface Neighbourhood extends WakeUps {
  /** Whether no other node is connected to the database at this moment. */
  alone(): Promise<boolean>;
  close(): Promise<void>;
}

/** @throws as `connect` when the server cannot be reached now; later it is tried until it can. */
export async function joinNeighbourhood(url: string): Promise<Neighbourhood> {
  const node = randomUUID();
  const local = localWakeUps();
  const waiting = new Set<string>();
  let connected: Connected | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const open = async () => {
    const next = await connect(url, "switchboard node");
    try {
      next.client.on("notification", ({ payload }) => {
        const heard = payload === undefined ? undefined : parse(payload);
        if (heard && heard.from !== node) local.send(heard.wakeUp);
      });
      await next.client.query(
        `SET idle_session_timeout TO 0; SELECT pg_advisory_lock_shared(${LOCKS.nodes}, 0); LISTEN ${CHANNEL}`,
      );
      next.client.once("end", () => reopen(FIRST_PAUSE_MS));
    } catch (error) {
      void next.client.end().catch(() => {});
      throw error;
    }
    if (closed) await next.client.end();
    else connected = next;
  };

  const reopen = (pause: number) => {
    connected = undefined;
    if (closed) return;
    setTimeout(() => {
      if (!closed) open().catch(() => reopen(Math.min(2 * pause, LONGEST_PAUSE_MS)));
    }, pause).unref();
  };

  const tell = () => {
    timer = undefined;
    const texts = [...waiting];
    waiting.clear();
    // A node that cannot be told finds the work by itself.
    connected?.client
      .query("SELECT pg_notify($1, text) FROM unnest($2::text[]) AS text", [CHANNEL, texts])
      .catch(() => {});
  };

  await open();
  return {
    send(wakeUp) {
      local.send(wakeUp);
      if (closed) return;
      const { account, channel, kind, tenant } = wakeUp;
      const text = JSON.stringify([node, kind, tenant, channel, account]);
      if (Buffer.byteLength(text) > LONGEST_TEXT) return;
      waiting.add(text);
      timer ??= setTimeout(tell, GATHER_MS);
      timer.unref();
    },
    listen: (listener) => local.listen(listener),
    async alone() {
      for (let waited = 0; ; waited += LOOK_EVERY_MS) {
        if (connected === undefined) return false;
        if ((await others(connected.client)) === 0) return true;
        if (waited >= FAREWELL_MS) return false;
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      if (waiting.size > 0) tell();
      await connected?.client.end().catch(() => {});
    },
  };
}

async function others(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    `SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()
       AND classid = ${LOCKS.nodes} AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return rows[0].n;
}

function parse(text: string): { readonly from: string; readonly wakeUp: WakeUp } | undefined {
  try {
    const [from, kind, tenant, channel, account] = JSON.parse(text);
    return { from, wakeUp: { kind, tenant, channel, account } };
  } catch {
    return undefined;
  }
}
