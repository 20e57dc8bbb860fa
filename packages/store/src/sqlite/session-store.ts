/** The SessionStore port. */
import type { SessionStore } from "@switchboard/core/ports";
import { SwitchboardError } from "@switchboard/domain/errors";
import { type SessionRow, toSession, type WholeSessionRow } from "../rows/session-row.ts";
import type { Context, Sync } from "./context.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { KnownMessages } from "./known-messages.ts";
import { pageSize } from "./page.ts";
import { sessionUsage } from "./session-usage.ts";
import { wipeSession } from "./session-wipe.ts";
import type { Sessions } from "./sessions.ts";
import type { SqlValue } from "./sql.ts";
import type { Transcript } from "./transcript.ts";

const SELECT_SESSION = `SELECT *, (SELECT json_group_object(name, value) FROM preferences
    WHERE preferences.tenant = sessions.tenant AND preferences.session = sessions.key) AS preferences
  FROM sessions`;

const FROM_THE_END = Number.MAX_SAFE_INTEGER;
const LABEL = `(SELECT value FROM preferences WHERE preferences.tenant = sessions.tenant
  AND preferences.session = sessions.key AND name = 'label')`;

export function sessionStore(
  context: Context,
  sessions: Sessions,
  transcript: Transcript,
  knownMessages: KnownMessages,
  deadLetters: DeadLetters,
): Sync<SessionStore> {
  // `max` chooses the row that the other columns are of.
  const direct = context.statements.of<SessionRow & { latest: number | null }>(
    `SELECT *, max(last_active_at) AS latest FROM sessions WHERE tenant = ? AND channel = ? AND account = ?
       AND kind = 'direct' AND target ->> '$.peer' = ?`,
  );

  const whole = context.statements.of<WholeSessionRow>(`${SELECT_SESSION} WHERE tenant = ? AND key = ?`);
  const get = (tenant: string, key: string) => {
    const row = whole.get(tenant, key);
    return row && toSession(row);
  };
  return {
    get,

    create(tenant, place, now) {
      if (!sessions.state(tenant, place.key)) sessions.touch(tenant, place, undefined, false, now);
      const session = get(tenant, place.key);
      if (!session) throw new SwitchboardError("STORE_001", `The session ${place.key} was not stored.`);
      return session;
    },

    directWith(tenant, { account, channel, peer }) {
      const row = direct.get(tenant, channel, account, peer);
      return row && row.latest !== null ? get(tenant, row.key) : undefined;
    },

    list: (tenant, filter) => listSessions(context, tenant, filter),

    transcript(tenant, key, { limit, before = FROM_THE_END, sessionId }) {
      const row = sessions.find(tenant, key);
      return row ? transcript.newest(tenant, row.seq, before, limit, sessionId) : [];
    },

    ofMessage: (tenant, where) => knownMessages.sessionOf(tenant, where),

    append(tenant, key, entry) {
      const row = sessions.find(tenant, key);
      if (!row) throw new SwitchboardError("REQ_002", `There is no session ${key}.`);
      return transcript.add({ tenant, session: row.seq }, [entry]);
    },

    preferences: (tenant, key) => sessions.preferences(tenant, key),
    setPreference: (tenant, key, name, value) => sessions.setPreference(tenant, key, name, value),
    reset: (tenant, key) => sessions.reset(tenant, key),

    delete(tenant, key, now) {
      const row = sessions.find(tenant, key);
      return row ? wipeSession(context, deadLetters, row, now) : "absent";
    },

    keepNewest(tenant, key, count) {
      const row = sessions.find(tenant, key);
      if (!row) return undefined;
      const removed = transcript.keepNewest(tenant, row.seq, count);
      if (removed > 0) sessions.forgetAgentState(row.seq);
      return { removed, kept: row.entries - removed };
    },

    usage: (tenant, input) => sessionUsage(context, tenant, input),
  };
}

/** By activity. That order has no index, since it changes with every message: a tenant's sessions are sorted on demand. */
function listSessions(
  { statements }: Context,
  tenant: string,
  filter: Parameters<SessionStore["list"]>[1],
): ReturnType<Sync<SessionStore>["list"]> {
  const limit = pageSize(filter);
  const where = ["tenant = ?"];
  const values: SqlValue[] = [tenant];
  if (filter.agent !== undefined) {
    where.push("agent = ?");
    values.push(filter.agent);
  }
  if (filter.channel !== undefined) {
    where.push("channel = ?");
    values.push(filter.channel);
  }
  if (filter.id !== undefined) {
    where.push("id = ?");
    values.push(filter.id);
  }
  if (filter.label !== undefined) {
    where.push(`${LABEL} = ?`);
    values.push(filter.label);
  }
  if (filter.search) {
    const places = ["key", "title", "preview", LABEL].map((place) => `instr(casefold(${place}), ?)`);
    where.push(`(${places.join(" OR ")})`);
    values.push(...places.map(() => filter.search?.toLowerCase() ?? ""));
  }
  if (filter.cursor !== undefined) {
    where.push("(last_active_at, seq) < (?, ?)");
    values.push(...readCursor(filter.cursor));
  }
  const rows = statements
    .of<WholeSessionRow>(
      `${SELECT_SESSION} WHERE ${where.join(" AND ")} ORDER BY last_active_at DESC, seq DESC LIMIT ?`,
    )
    .all(...values, limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last;
  return { rows: shown.map(toSession), ...(more && { cursor: `${last.last_active_at}.${last.seq}` }) };
}

function readCursor(cursor: string): [number, number] {
  const [at = Number.NaN, seq = Number.NaN] = cursor.split(".").map(Number);
  if (!Number.isSafeInteger(at) || !Number.isSafeInteger(seq)) throw new SwitchboardError("REQ_001", "invalid cursor");
  return [at, seq];
}
