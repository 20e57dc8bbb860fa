/** Records and counters of use as rows. */
import {
  COUNTERS,
  type Counter,
  type Counts,
  type DayCounts,
  dayOf,
  type UsageRecord,
  type UsageSum,
} from "@switchboard/core/ports";
import type { AccountId, ChannelId, SessionKey, TurnId } from "@switchboard/domain";
import type { Mutable } from "./json.ts";

/** The columns of `usage_days`, in the order of `COUNTERS`. */
const COLUMNS: Readonly<Record<Counter, string>> = {
  messagesIn: "messages_in",
  messagesOut: "messages_out",
  mediaIn: "media_in",
  mediaOut: "media_out",
  runs: "runs",
  inputTokens: "input_tokens",
  outputTokens: "output_tokens",
};
export const COUNTER_COLUMNS: readonly string[] = COUNTERS.map((name) => COLUMNS[name]);

export function columnsOf(counters: readonly Counter[]): string[] {
  return counters.map((name) => COLUMNS[name]);
}

export function isNothing(counts: Counts): boolean {
  return COUNTERS.every((name) => (counts[name] ?? 0) === 0);
}

/** The day, and a value for each of its counters. */
export function countsOf(counts: Counts, now: number): number[] {
  return [dayOf(now), ...COUNTERS.map((name) => counts[name] ?? 0)];
}

export type DayRow = Readonly<Record<string, number>>;

export function toDayCounts(row: DayRow): DayCounts {
  const counts = Object.fromEntries(COUNTERS.map((name) => [name, row[COLUMNS[name]] ?? 0]));
  return { day: row.day ?? 0, ...(counts as Record<Counter, number>) };
}

export interface UsageRow {
  readonly seq: number;
  readonly turn: TurnId;
  readonly at: number;
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly session: SessionKey;
  readonly agent: string;
  readonly outcome: UsageRecord["outcome"];
  readonly tries: number;
  readonly duration_ms: number;
  readonly provider: string | null;
  readonly model: string | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cached_tokens: number | null;
  readonly reasoning_tokens: number | null;
  readonly cost_nanos: number | null;
}

export function toUsageRecord(row: UsageRow): UsageRecord {
  const { account, agent, at, channel, outcome, seq, session, tries, turn } = row;
  const record: Mutable<UsageRecord> = {
    seq,
    turn,
    at,
    channel,
    account,
    session,
    agent,
    outcome,
    tries,
    durationMs: row.duration_ms,
  };
  if (row.provider !== null) record.provider = row.provider;
  if (row.model !== null) record.model = row.model;
  if (row.input_tokens !== null) record.inputTokens = row.input_tokens;
  if (row.output_tokens !== null) record.outputTokens = row.output_tokens;
  if (row.cached_tokens !== null) record.cachedTokens = row.cached_tokens;
  if (row.reasoning_tokens !== null) record.reasoningTokens = row.reasoning_tokens;
  if (row.cost_nanos !== null) record.costNanos = row.cost_nanos;
  return record;
}

/** What `UsageStore.sums` selects besides its key, the same in both databases. */
export const USAGE_SUMS = `
  count(CASE WHEN outcome <> 'retried' THEN 1 END) AS runs, count(CASE WHEN outcome = 'failed' THEN 1 END) AS failed,
  count(CASE WHEN outcome = 'retried' THEN 1 END) AS retried, sum(duration_ms) AS duration,
  coalesce(sum(input_tokens), 0) AS input, coalesce(sum(output_tokens), 0) AS output,
  coalesce(sum(cached_tokens), 0) AS cached, coalesce(sum(reasoning_tokens), 0) AS reasoning,
  coalesce(sum(cost_nanos), 0) AS cost,
  count(CASE WHEN cost_nanos IS NULL AND coalesce(input_tokens, output_tokens) IS NOT NULL THEN 1 END) AS unpriced`;

export interface SumRow {
  readonly key: string | number | null;
  readonly runs: number;
  readonly failed: number;
  readonly retried: number;
  readonly duration: number;
  readonly input: number;
  readonly output: number;
  readonly cached: number;
  readonly reasoning: number;
  readonly cost: number;
  readonly unpriced: number;
}

export function toUsageSum(row: SumRow, key: string): UsageSum {
  const { failed, retried, runs, unpriced } = row;
  return {
    key,
    runs,
    failed,
    retried,
    durationMs: row.duration,
    inputTokens: row.input,
    outputTokens: row.output,
    cachedTokens: row.cached,
    reasoningTokens: row.reasoning,
    costNanos: row.cost,
    unpriced,
  };
}
