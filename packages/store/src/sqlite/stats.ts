/** Figures for metrics and health. */
import type { LaneKind, ReadyWork, Upkeep } from "@switchboard/core/ports";
import type { Context, Sync } from "./context.ts";

interface QueueRow {
  readonly kind: LaneKind;
  readonly depth: number;
  readonly since: number;
}

export function figures({ statements }: Context): Pick<Sync<Upkeep>, "stats" | "ready" | "nextDueAt" | "probe"> {
  // `all`: over every tenant.
  const figuresOf = (all: boolean) => {
    const whose = all ? "TRUE" : "tenant = ?";
    const count = (from: string) => statements.of<{ n: number }>(`SELECT count(*) AS n FROM ${from} AND ${whose}`);
    return {
      queues: statements.of<QueueRow>(
        `SELECT kind, sum(critical + high + normal + low) AS depth, min(since) AS since FROM lanes WHERE ${whose}
         GROUP BY kind`,
      ),
      scheduled: count("deliveries WHERE state = 'scheduled'"),
      unknown: count("deliveries WHERE state = 'unknown'"),
      deadLetters: count("dead_letters WHERE resolution IS NULL"),
      sessions: count("sessions WHERE TRUE"),
    };
  };
  const [everybody, one] = [figuresOf(true), figuresOf(false)];
  const pages = statements.of<{ n: number }>(
    "SELECT page_count * page_size AS n FROM pragma_page_count, pragma_page_size",
  );
  const ready = statements.of<ReadyWork>(
    `SELECT tenant, kind, channel, account, count(*) AS lanes FROM lanes INDEXED BY lanes_ready
     WHERE owner IS NULL AND ready_at <= ? GROUP BY tenant, kind, channel, account`,
  );
  const nextLane = statements.of<{ at: number }>(
    "SELECT ready_at AS at FROM lanes WHERE owner IS NULL AND ready_at > ? ORDER BY ready_at LIMIT 1",
  );
  const nextScheduled = statements.of<{ at: number }>(
    "SELECT due_at AS at FROM deliveries WHERE state = 'scheduled' AND due_at > ? ORDER BY due_at LIMIT 1",
  );

  const write = statements.of<{ value: number }>(
    `INSERT INTO meta (name, value) VALUES ('probe', ?) ON CONFLICT DO UPDATE SET value = excluded.value
     RETURNING value`,
  );

  return {
    probe(now) {
      write.get(now);
    },

    stats(now, tenant) {
      const { deadLetters, queues, scheduled, sessions, unknown } = tenant === undefined ? everybody : one;
      const whose = tenant === undefined ? [] : [tenant];
      const rows = queues.all(...whose);
      const queue = (kind: LaneKind) => {
        const row = rows.find((each) => each.kind === kind);
        return { depth: row?.depth ?? 0, oldestAgeMs: row ? Math.max(0, now - row.since) : 0 };
      };
      return {
        queues: { inbox: queue("inbox"), turn: queue("turn"), delivery: queue("delivery") },
        scheduled: scheduled.get(...whose)?.n ?? 0,
        unknown: unknown.get(...whose)?.n ?? 0,
        deadLetters: deadLetters.get(...whose)?.n ?? 0,
        sessions: sessions.get(...whose)?.n ?? 0,
        size: pages.get()?.n ?? 0,
      };
    },

    ready: (now) =>
      ready.all(now).map(({ tenant, kind, channel, account, lanes }) => ({ tenant, kind, channel, account, lanes })),

    nextDueAt(now) {
      const times = [nextLane.get(now)?.at, nextScheduled.get(now)?.at].filter((at) => at !== undefined);
      return times.length > 0 ? Math.min(...times) : undefined;
    },
  };
}
