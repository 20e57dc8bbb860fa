/** Figures for metrics and health: of one tenant, or of all together. The same questions, asked as different roles. */
import type { LaneKind, StoreStats } from "@switchboard/core/ports";
import type { Statements } from "./sql.ts";

interface QueueRow {
  readonly kind: LaneKind;
  readonly depth: number;
  readonly since: number;
}

/** `tenant` absent: of every one that the role sees. */
export function figures(statements: Statements): (now: number, tenant?: string) => Promise<StoreStats> {
  return async (now, tenant) => {
    const whose = tenant === undefined ? "true" : "tenant = ?";
    const values = tenant === undefined ? [] : [tenant];
    const count = async (from: string) => {
      const row = await statements.of<{ n: number }>(`SELECT count(*) AS n FROM ${from} AND ${whose}`).get(...values);
      return row?.n ?? 0;
    };
    const rows = await statements
      .of<QueueRow>(
        `SELECT kind, sum(critical + high + normal + low) AS depth, min(since) AS since FROM lanes WHERE ${whose}
         GROUP BY kind`,
      )
      .all(...values);
    const queue = (kind: LaneKind) => {
      const row = rows.find((each) => each.kind === kind);
      return { depth: row?.depth ?? 0, oldestAgeMs: row ? Math.max(0, now - row.since) : 0 };
    };
    const size = await statements.of<{ n: number }>("SELECT pg_database_size(current_database()) AS n").get();
    return {
      queues: { inbox: queue("inbox"), turn: queue("turn"), delivery: queue("delivery") },
      scheduled: await count("deliveries WHERE state = 'scheduled'"),
      unknown: await count("deliveries WHERE state = 'unknown'"),
      deadLetters: await count("dead_letters WHERE resolution IS NULL"),
      sessions: await count("sessions WHERE seq > 0"),
      size: size?.n ?? 0,
    };
  };
}
