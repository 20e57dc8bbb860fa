/** The SessionStore port. */
import type { SessionStore } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain/errors";
import { sql } from "kysely";
import { type SessionRow, toSession, type WholeSessionRow } from "../rows/session-row.ts";
import type { Context } from "./context.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { KnownMessages } from "./known-messages.ts";
import { pageSize } from "./page.ts";
import { sessionUsage } from "./session-usage.ts";
import { wipeSession } from "./session-wipe.ts";
import type { Sessions } from "./sessions.ts";
import { tables } from "./tables.ts";
import type { Transcript } from "./transcript.ts";

const FROM_THE_END = Number.MAX_SAFE_INTEGER;
const PREFERENCES = sql<string>`(SELECT json_object_agg(name, value)::text FROM preferences
  WHERE preferences.tenant = sessions.tenant AND preferences.session = sessions.key)`;
const LABEL = sql<string>`(SELECT value FROM preferences WHERE preferences.tenant = sessions.tenant
  AND preferences.session = sessions.key AND name = 'label')`;

export function sessionStore(
  context: Context,
  sessions: Sessions,
  transcript: Transcript,
  knownMessages: KnownMessages,
  deadLetters: DeadLetters,
): SessionStore {
  const direct = context.statements.of<Pick<SessionRow, "key">>(
    `SELECT key FROM sessions WHERE tenant = ? AND channel = ? AND account = ?
       AND kind = 'direct' AND target::json ->> 'peer' = ? ORDER BY last_active_at DESC LIMIT 1`,
  );

  const whole = context.statements.of<WholeSessionRow>(
    `SELECT *, coalesce((SELECT json_object_agg(name, value)::text FROM preferences
       WHERE preferences.tenant = sessions.tenant AND preferences.session = sessions.key), '{}') AS preferences
     FROM sessions WHERE tenant = ? AND key = ?`,
  );
  const get = async (tenant: string, key: string) => {
    const row = await whole.get(tenant, key);
    return row && toSession(row);
  };
  return {
    get,

    async create(tenant, place, now) {
      if (!(await sessions.state(tenant, place.key))) await sessions.touch(tenant, place, undefined, false, now);
      const session = await get(tenant, place.key);
      if (!session) throw new SwitchboardError("STORE_001", `The session ${place.key} was not stored.`);
      return session;
    },

    async directWith(tenant, { account, channel, peer }) {
      const row = await direct.get(tenant, channel, account, peer);
      return row && (await get(tenant, row.key));
    },

    list: async (tenant, filter) => await listSessions(context, tenant, filter),

    async transcript(tenant, key, { limit, before = FROM_THE_END, sessionId }) {
      const row = await sessions.find(tenant, key);
      return row ? await transcript.newest(tenant, row.seq, before, limit, sessionId) : [];
    },

    ofMessage: async (tenant, where) => await knownMessages.sessionOf(tenant, where),

    async append(tenant, key, entry) {
      const row = await sessions.find(tenant, key);
      if (!row) throw new SwitchboardError("REQ_002", `There is no session ${key}.`);
      return await transcript.add({ tenant, session: row.seq }, [entry]);
    },

    preferences: async (tenant, key) => await sessions.preferences(tenant, key),
    setPreference: async (tenant, key, name, value) => await sessions.setPreference(tenant, key, name, value),
    reset: async (tenant, key) => await sessions.reset(tenant, key),

    async delete(tenant, key, now) {
      const row = await sessions.find(tenant, key);
      return row ? await wipeSession(context, deadLetters, row, now) : "absent";
    },

    async keepNewest(tenant, key, count) {
      const row = await sessions.find(tenant, key);
      if (!row) return undefined;
      const removed = await transcript.keepNewest(tenant, row.seq, count);
      if (removed > 0) await sessions.forgetAgentState(row.seq);
      return { removed, kept: row.entries - removed };
    },

    usage: async (tenant, input) => await sessionUsage(context, tenant, input),
  };
}

/** By activity. That order has no index, since it changes with every message: a tenant's sessions are sorted on demand. */
async function listSessions(
  { statements }: Context,
  tenant: TenantId,
  filter: Parameters<SessionStore["list"]>[1],
): ReturnType<SessionStore["list"]> {
  const limit = pageSize(filter);
  let rows = tables
    .selectFrom("sessions")
    .selectAll()
    .select(sql<string>`coalesce(${PREFERENCES}, '{}')`.as("preferences"))
    .where("tenant", "=", tenant);
  if (filter.agent !== undefined) rows = rows.where("agent", "=", filter.agent);
  if (filter.channel !== undefined) rows = rows.where("channel", "=", filter.channel);
  if (filter.id !== undefined) rows = rows.where("id", "=", filter.id);
  if (filter.label !== undefined) rows = rows.where(LABEL, "=", filter.label);
  const search = filter.search?.toLowerCase();
  if (search) {
    const places = [sql`key`, sql`title`, sql`preview`, LABEL];
    const found = places.map((place) => sql<boolean>`strpos(lower(${place} COLLATE "und-x-icu"), ${search}) > 0`);
    rows = rows.where(sql<boolean>`(${sql.join(found, sql` OR `)})`);
  }
  if (filter.cursor !== undefined) {
    const [at, seq] = readCursor(filter.cursor);
    rows = rows.where(sql<boolean>`(last_active_at, seq) < (${at}::bigint, ${seq}::bigint)`);
  }
  const found = await statements.select(
    rows
      .orderBy("last_active_at", "desc")
      .orderBy("seq", "desc")
      .limit(limit + 1)
      .compile(),
  );
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const more = found.length > limit && last;
  return { rows: shown.map(toSession), ...(more && { cursor: `${last.last_active_at}.${last.seq}` }) };
}

function readCursor(cursor: string): [number, number] {
  const [at = Number.NaN, seq = Number.NaN] = cursor.split(".").map(Number);
  if (!Number.isSafeInteger(at) || !Number.isSafeInteger(seq)) throw new SwitchboardError("REQ_001", "invalid cursor");
  return [at, seq];
}
