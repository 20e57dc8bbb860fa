/** The UsageStore port. */
import { dateOf, type UsageGroup, type UsageStore } from "@switchboard/core/ports";
import type { Json } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain/errors";
import { fromJson } from "../rows/json.ts";
import {
  type DayRow,
  type SumRow,
  toDayCounts,
  toUsageRecord,
  toUsageSum,
  USAGE_SUMS,
  type UsageRow,
} from "../rows/usage-row.ts";
import type { AuditLog } from "./audit-store.ts";
import type { Context } from "./context.ts";
import { pageSize } from "./page.ts";

const GROUPS: Readonly<Record<UsageGroup, string>> = {
  day: "at / 86400000",
  account: "channel || ':' || account",
  agent: "agent",
  session: "session",
  model: "coalesce(model, '')",
};

export function usageStore({ statements }: Context, audit: AuditLog): UsageStore {
  const page = statements.of<UsageRow>(
    `SELECT * FROM usage_records WHERE tenant = ? AND at >= ? AND at < ? AND (at, seq) > (?::bigint, ?::bigint)
     ORDER BY at, seq LIMIT ?`,
  );
  const days = statements.of<DayRow>("SELECT * FROM usage_days WHERE tenant = ? AND day >= ? AND day < ? ORDER BY day");
  const limits = statements.of<{ body: string }>("SELECT body FROM tenant_limits WHERE tenant = ?");
  const clear = statements.of("DELETE FROM tenant_limits WHERE tenant = ?");
  const set = statements.insertInto(
    "tenant_limits",
    ["tenant", "body"],
    "ON CONFLICT (tenant) DO UPDATE SET body = excluded.body",
  );
  const note = statements.insertInto("usage_notices", ["tenant", "day", "name"], "ON CONFLICT DO NOTHING");
  return {
    async records(tenant, filter) {
      const limit = pageSize(filter);
      const [at, seq] = filter.cursor === undefined ? [0, 0] : readCursor(filter.cursor);
      const rows = await page.all(tenant, filter.from, filter.to, at, seq, limit + 1);
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      const more = rows.length > limit && last;
      return { rows: shown.map(toUsageRecord), ...(more && { cursor: `${last.at}.${last.seq}` }) };
    },

    async sums(tenant, { by, from, to }) {
      const rows = await statements
        .of<SumRow>(
          `SELECT ${GROUPS[by]} AS key, ${USAGE_SUMS} FROM usage_records WHERE tenant = ? AND at >= ? AND at < ?
           GROUP BY 1 ORDER BY 1`,
        )
        .all(tenant, from, to);
      return rows.map((row) => toUsageSum(row, typeof row.key === "number" ? dateOf(row.key) : (row.key ?? "")));
    },

    async days(tenant, { from, to }) {
      return (await days.all(tenant, from, to)).map(toDayCounts);
    },

    async limits(tenant) {
      const row = await limits.get(tenant);
      return row && fromJson<Json>(row.body);
    },

    async setLimits(tenant, body, entry) {
      if (body === null) await clear.run(tenant);
      else await set.run(tenant, JSON.stringify(body));
      await audit.append(tenant, entry);
    },

    async noteFirst(tenant, name, day) {
      return (await note.run(tenant, day, name)) > 0;
    },
  };
}

function readCursor(cursor: string): [number, number] {
  const [at = Number.NaN, seq = Number.NaN] = cursor.split(".").map(Number);
  if (!Number.isSafeInteger(at) || !Number.isSafeInteger(seq)) throw new SwitchboardError("REQ_001", "invalid cursor");
  return [at, seq];
}
