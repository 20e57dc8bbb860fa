/** What was used: written in the transactions of the facts. */
import {
  type Counts,
  dayOf,
  type Quota,
  type SettleResult,
  type Usage,
  type UsageRecord,
} from "@switchboard/core/ports";
import { COUNTER_COLUMNS, columnsOf, countsOf, isNothing } from "../rows/usage-row.ts";
import type { Context } from "./context.ts";
import type { Statement } from "./sql.ts";

export interface EndedRun {
  readonly outcome: UsageRecord["outcome"];
  readonly usage?: Usage | undefined;
  readonly costNanos?: number | undefined;
  readonly now: number;
}

export class UsageLog {
  readonly #count: Statement<never>;
  readonly #record: Statement<never>;
  readonly #statements: Context["statements"];

  constructor({ statements }: Context) {
    this.#statements = statements;
    this.#count = statements.insertInto(
      "usage_days",
      ["tenant", "day", ...COUNTER_COLUMNS],
      `ON CONFLICT (tenant, day) DO UPDATE SET
         ${COUNTER_COLUMNS.map((name) => `${name} = usage_days.${name} + excluded.${name}`).join(", ")}`,
    );
    this.#record = statements.of(
      `INSERT INTO usage_records (tenant, turn, at, channel, account, session, agent, outcome, tries, duration_ms, provider,
         model, input_tokens, output_tokens, cached_tokens, reasoning_tokens, cost_nanos)
       SELECT turns.tenant, turns.id, ?1, turns.channel, turns.account, sessions.key, turns.agent, ?2, turns.starts,
         CASE WHEN turns.started_at < ?1 THEN ?1 - turns.started_at ELSE 0 END, ?3, ?4, ?5, ?6, ?7, ?8, ?9
       FROM turns JOIN sessions ON sessions.seq = turns.session WHERE turns.seq = ?10`,
    );
  }

  /** Adds to the tenant's counters of that day. */
  count(tenant: string, counts: Counts, now: number): void {
    if (isNothing(counts)) return;
    this.#count.run(tenant, ...countsOf(counts, now));
  }

  /** What stands against taking something. The day's counters stay as they are until the transaction ends. */
  check(tenant: string, quotas: readonly Quota[], now: number): Pick<SettleResult, "refused" | "beyond"> {
    if (quotas.length === 0) return {};
    this.#count.run(tenant, ...countsOf({}, now));
    const beyond: Quota[] = [];
    for (const quota of quotas) {
      if (quota.most >= this.#used(tenant, quota, now) + quota.adds) continue;
      if (quota.hard) return { refused: quota };
      beyond.push(quota);
    }
    return { beyond };
  }

  #used(tenant: string, { counters, since }: Quota, now: number): number {
    const sum = columnsOf(counters).join(" + ");
    const row = this.#statements
      .of<{ used: number }>(
        `SELECT coalesce(sum(${sum}), 0) AS used FROM usage_days WHERE tenant = ? AND day >= ? AND day <= ?`,
      )
      .get(tenant, since, dayOf(now));
    return row?.used ?? 0;
  }

  /** Records the end of a run, with the turn's row as it is before that end. */
  ended(
    turn: { readonly seq: number; readonly tenant: string },
    { costNanos, now, outcome, usage = {} }: EndedRun,
  ): void {
    const { cachedTokens, inputTokens, model, outputTokens, provider, reasoningTokens } = usage;
    // biome-ignore format: one line a group
    this.#record.run(
      now, outcome, provider ?? null, model ?? null, inputTokens ?? null, outputTokens ?? null, cachedTokens ?? null,
      reasoningTokens ?? null, costNanos ?? null, turn.seq,
    );
    this.count(turn.tenant, { inputTokens: inputTokens ?? 0, outputTokens: outputTokens ?? 0 }, now);
  }
}
