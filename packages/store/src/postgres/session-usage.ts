/** What turns used, added up. Asked for by people: it looks through the tenant's turns. */
import type { SessionStore, SessionUsage } from "@switchboard/core/ports";
import type { SessionKey } from "@switchboard/domain";
import type { Mutable } from "../rows/json.ts";
import type { Context } from "./context.ts";
import type { SqlValue } from "./sql.ts";

const DAY_MS = 86_400_000;

interface UsageRow {
  readonly session: SessionKey;
  readonly model: string | null;
  readonly day: number;
  readonly turns: number;
  readonly untold: number;
  readonly failed: number;
  readonly input: number;
  readonly output: number;
  readonly first_at: number;
  readonly last_at: number;
}

export async function sessionUsage(
  { statements }: Context,
  tenant: string,
  { from, offsetMs, session, to }: Parameters<SessionStore["usage"]>[1],
): Promise<SessionUsage[]> {
  const values: SqlValue[] = [offsetMs, tenant, from, to, ...(session === undefined ? [] : [session])];
  return (
    await statements
      .of<UsageRow>(
        `SELECT sessions.key AS session, usage::json ->> 'model' AS model, (turns.created_at + ?::bigint) / ${DAY_MS} AS day,
         count(*) AS turns, count(*) FILTER (WHERE usage IS NULL) AS untold, count(*) FILTER (WHERE state = 'failed') AS failed,
         coalesce(sum((usage::json ->> 'inputTokens')::bigint), 0) AS input,
         coalesce(sum((usage::json ->> 'outputTokens')::bigint), 0) AS output,
         min(turns.created_at) AS first_at, max(turns.finished_at) AS last_at
       FROM turns JOIN sessions ON sessions.seq = turns.session
       WHERE turns.tenant = ? AND turns.created_at >= ? AND turns.created_at < ?
         AND turns.state NOT IN ('queued', 'running', 'cancelled')
         ${session === undefined ? "" : "AND sessions.key = ?"}
       GROUP BY 1, 2, 3 ORDER BY 1, 3, 2`,
      )
      .all(...values)
  ).map((row) => {
    const usage: Mutable<SessionUsage> = {
      session: row.session,
      day: row.day,
      turns: row.turns,
      untold: row.untold,
      failed: row.failed,
      inputTokens: row.input,
      outputTokens: row.output,
      firstAt: row.first_at,
      lastAt: row.last_at,
    };
    if (row.model !== null) usage.model = row.model;
    return usage;
  });
}
