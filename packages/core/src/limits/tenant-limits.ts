/**
 * How much a tenant may use (TEN-7). Counters and limits are the store's, and are compared in the transaction that takes
 * something; only the limits themselves are kept here for a few seconds.
 */
import type { TenantId } from "@switchboard/domain";
import type { TenantLimits } from "@switchboard/protocol";
import { type Clock, type Counter, dayOf, type Quota, type Settlement, type Store } from "../ports/index.ts";

/** Another node's change is seen after this long. */
const KEEP_MS = 5_000;
const MOST_KEPT = 10_000;

type Windowed = Exclude<keyof TenantLimits, "accounts">;

interface Rule {
  readonly counters: readonly Counter[];
  readonly window: "day" | "month";
  /** What taking a message adds; 0: it is not about that. */
  readonly adds: (settlement: Pick<Settlement, "counts" | "effects">) => number;
}

const runs: Rule["adds"] = ({ effects = [] }) => effects.filter(({ type }) => type === "turn").length;
/** What a run will use nobody knows: it may begin as long as anything is left. */
const anything: Rule["adds"] = (settlement) => Math.min(1, runs(settlement));

const RULES: Readonly<Record<Windowed, Rule>> = {
  messagesPerDay: { counters: ["messagesIn"], window: "day", adds: ({ counts }) => counts?.messagesIn ?? 0 },
  mediaBytesPerDay: { counters: ["mediaIn"], window: "day", adds: ({ counts }) => counts?.mediaIn ?? 0 },
  runsPerDay: { counters: ["runs"], window: "day", adds: runs },
  tokensPerDay: { counters: ["inputTokens", "outputTokens"], window: "day", adds: anything },
  tokensPerMonth: { counters: ["inputTokens", "outputTokens"], window: "month", adds: anything },
};

export class LimitsOfTenants {
  readonly #store: Pick<Store, "usage">;
  readonly #clock: Clock;
  readonly #defaults: TenantLimits;
  readonly #kept = new Map<TenantId, { readonly limits: TenantLimits; readonly until: number }>();

  constructor(store: Pick<Store, "usage">, clock: Clock, defaults: TenantLimits) {
    this.#store = store;
    this.#clock = clock;
    this.#defaults = defaults;
  }

  /** Each limit of the tenant's own, soft or hard, goes before the one of the configuration. */
  async of(tenant: TenantId): Promise<TenantLimits> {
    const now = this.#clock.now();
    const kept = this.#kept.get(tenant);
    if (kept && kept.until > now) return kept.limits;
    // What was set has been checked; see `limits.set`.
    const own = (await this.#store.usage.limits(tenant)) as TenantLimits | undefined;
    const names = new Set([...Object.keys(this.#defaults), ...Object.keys(own ?? {})]) as Set<keyof TenantLimits>;
    const limits: TenantLimits = Object.fromEntries(
      [...names].map((name) => [name, { ...this.#defaults[name], ...own?.[name] }]),
    );
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(tenant, { limits, until: now + KEEP_MS });
    return limits;
  }

  /** They were changed through this process. */
  forget(tenant: TenantId): void {
    this.#kept.delete(tenant);
  }

  /** What a settlement has to keep to. */
  async quotas(tenant: TenantId, settlement: Pick<Settlement, "counts" | "effects">): Promise<Quota[]> {
    const limits = await this.of(tenant);
    const today = dayOf(this.#clock.now());
    return Object.entries(RULES).flatMap(([limit, { adds, counters, window }]) => {
      const { hard, soft } = limits[limit as Windowed] ?? {};
      const added = adds(settlement);
      if (added === 0) return [];
      const since = window === "day" ? today : firstOfMonth(today);
      const quota = { limit, counters, window, since, adds: added };
      return [
        ...(hard === undefined ? [] : [{ ...quota, hard: true, most: hard }]),
        ...(soft === undefined ? [] : [{ ...quota, hard: false, most: soft }]),
      ];
    });
  }
}

/** The first day of that day's month, in UTC. */
export function firstOfMonth(day: number): number {
  const date = new Date(day * 86_400_000);
  return dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1));
}
