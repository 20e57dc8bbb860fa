/** What was used: a record for every run of an agent, and counters for every day. */
import type { AccountId, ChannelId, Json, SessionKey, TenantId, TurnId } from "@switchboard/domain";
import type { AuditEntry } from "./audit.ts";
import type { Page, Paged } from "./common.ts";

/** What is counted for a tenant on a day (UTC). */
export const COUNTERS = [
  /** Messages, commands and presses of people that were let in. */
  "messagesIn",
  /** Messages that a platform took; one that only changes an earlier one is none. */
  "messagesOut",
  /** Bytes of the files with what came in and with what was queued, as far as their sizes are known. */
  "mediaIn",
  "mediaOut",
  /** Turns that were queued. */
  "runs",
  "inputTokens",
  "outputTokens",
] as const;
export type Counter = (typeof COUNTERS)[number];
export type Counts = Readonly<Partial<Record<Counter, number>>>;

export interface DayCounts extends Readonly<Record<Counter, number>> {
  /** Days since 1970 in UTC. */
  readonly day: number;
}

/**
 * One run of an agent that ended. Every completed turn has exactly one that is not `retried`; a try that failed, and used
 * something that the provider told of, has one more.
 */
export interface UsageRecord {
  readonly seq: number;
  readonly turn: TurnId;
  readonly at: number;
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly session: SessionKey;
  readonly agent: string;
  readonly outcome: "done" | "failed" | "aborted" | "expired" | "retried";
  /** How often the turn had been started by then. */
  readonly tries: number;
  readonly durationMs: number;
  readonly provider?: string;
  readonly model?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Part of the input tokens. */
  readonly cachedTokens?: number;
  /** Part of the output tokens. */
  readonly reasoningTokens?: number;
  /** Billionths of the configuration's currency. Absent when the model's price, or what it used, is not known. */
  readonly costNanos?: number;
}

export const USAGE_GROUPS = ["day", "account", "agent", "session", "model"] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

export interface UsageSum {
  /** `2026-01-31`, `channel:account`, or the agent, session or model; empty for no model. */
  readonly key: string;
  /** Records that are not `retried`. */
  readonly runs: number;
  readonly failed: number;
  readonly retried: number;
  readonly durationMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  readonly reasoningTokens: number;
  readonly costNanos: number;
  /** Records with tokens whose cost is not known. */
  readonly unpriced: number;
}

/** Something may be taken as long as its counters since a day, with what it adds, are not beyond `most`. */
export interface Quota {
  /** The limit's name; `hard` ones refuse. */
  readonly limit: string;
  readonly hard: boolean;
  readonly counters: readonly Counter[];
  readonly window: "day" | "month";
  /** The first day that counts; days since 1970 in UTC. */
  readonly since: number;
  readonly most: number;
  readonly adds: number;
}

/** `from` inclusive, `to` exclusive. */
export interface UsageSpan {
  readonly from: number;
  readonly to: number;
}

export interface UsageStore {
  /** Oldest first. */
  records(tenant: TenantId, filter: Page & UsageSpan): Promise<Paged<UsageRecord>>;
  /** Sums by day (UTC), account, agent, session or model; ordered by key. */
  sums(tenant: TenantId, span: UsageSpan & { readonly by: UsageGroup }): Promise<readonly UsageSum[]>;
  /** Counters of the days within, oldest first; days without anything are left out. Days since 1970 in UTC. */
  days(tenant: TenantId, days: UsageSpan): Promise<readonly DayCounts[]>;

  /** The limits that an operator gave the tenant, as they were set. */
  limits(tenant: TenantId): Promise<Json | undefined>;
  /** `null`: those of the configuration hold again. Audited in the same transaction. */
  setLimits(tenant: TenantId, limits: Json, audit: AuditEntry): Promise<void>;
  /** Whether something of that name was not noted on that day before; notes it. */
  noteFirst(tenant: TenantId, name: string, day: number): Promise<boolean>;
}

const DAY_MS = 86_400_000;

/** The day of a time: days since 1970 in UTC. */
export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS);
}

/** `2026-01-31`. */
export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
