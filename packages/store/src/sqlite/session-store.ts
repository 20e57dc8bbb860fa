/** The SessionStore port. */
import type { SessionStore } from "@switchboard/core/ports";
import { SwitchboardError } from "@switchboard/domain/errors";
import type { Context, Sync } from "./context.ts";
import type { KnownMessages } from "./known-messages.ts";
import { pageSize } from "./page.ts";
import { type SessionRow, toSession } from "./session-row.ts";
import type { Sessions } from "./sessions.ts";
import type { SqlValue } from "./sql.ts";
import type { Transcript } from "./transcript.ts";

const FROM_THE_END = Number.MAX_SAFE_INTEGER;

export function sessionStore(
  context: Context,
  sessions: Sessions,
  transcript: Transcript,
  knownMessages: KnownMessages,
): Sync<SessionStore> {
  // `max` chooses the row that the other columns are of.
  const direct = context.statements.of<SessionRow & { latest: number | null }>(
    `SELECT *, max(last_active_at) AS latest FROM sessions WHERE tenant = ? AND channel = ? AND account = ?
       AND kind = 'direct' AND target ->> '$.peer' = ?`,
  );

  return {
    get(tenant, key) {
      const row = sessions.find(tenant, key);
      return row && toSession(row);
    },

    directWith(tenant, { account, channel, peer }) {
      const row = direct.get(tenant, channel, account, peer);
      return row && row.latest !== null ? toSession(row) : undefined;
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
  if (filter.search) {
    where.push("(instr(casefold(key), ?) OR instr(casefold(title), ?) OR instr(casefold(preview), ?))");
    const sought = filter.search.toLowerCase();
    values.push(sought, sought, sought);
  }
  if (filter.cursor !== undefined) {
    where.push("(last_active_at, seq) < (?, ?)");
    values.push(...readCursor(filter.cursor));
  }
  const rows = statements
    .of<SessionRow>(
      `SELECT * FROM sessions WHERE ${where.join(" AND ")} ORDER BY last_active_at DESC, seq DESC LIMIT ?`,
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
