/** `usage.*`: what was used, from the records and counters that are kept for it. */
import { dateOf, dayOf, type UsageRecord, type UsageSum } from "@switchboard/core";
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import type { Params, Result } from "@switchboard/protocol";
import type { Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";
import { tenantAskedAbout } from "./gateway-operator.ts";

const DAY_MS = 86_400_000;
const NANO = 1e9;
/** More than that is asked for in parts: nobody is to make the store add up years at once. */
const MOST_DAYS = 800;

type CostTotals = Result<"usage.cost">["totals"];

export function usageMethods(deps: MethodDeps): Handlers {
  const { engine } = deps;
  const { usage } = engine.store;
  const faces = usageFaces(deps);
  const now = () => engine.clock.now();
  return {
    async "usage.cost"({ days = 30, endDate, startDate, tenant: named }, caller) {
      const tenant = tenantAskedAbout(caller, named);
      const span = usageSpan({ from: startDate, to: endDate }, now(), days);
      const sums = await usage.sums(tenant, { ...timesOf(span), by: "day" });
      return {
        updatedAt: now(),
        days: span.last - span.first + 1,
        daily: sums.map((sum) => ({ date: sum.key, ...costTotals([sum]) })),
        totals: costTotals(sums),
      };
    },

    "usage.report": (params, caller) => faces.report(params, tenantAskedAbout(caller, params.tenant)),
    "usage.records": (params, caller) => faces.records(params, tenantAskedAbout(caller, params.tenant)),
    "usage.days": (params, caller) => faces.days(params, tenantAskedAbout(caller, params.tenant)),
  };
}

/** The answers that the WebSocket and REST have in common. */
export function usageFaces({ engine, settings }: Pick<MethodDeps, "engine" | "settings">) {
  const { currency } = settings.config.usage;
  const { usage } = engine.store;
  const now = () => engine.clock.now();
  return {
    async report({ by = "day", ...dates }: Params<"usage.report">, tenant: TenantId): Promise<Result<"usage.report">> {
      const span = usageSpan(dates, now());
      const rows = await usage.sums(tenant, { ...timesOf(span), by });
      return { from: dateOf(span.first), to: dateOf(span.last), currency, rows: rows.map(reported) };
    },

    async records(
      { cursor, limit, ...dates }: Params<"usage.records">,
      tenant: TenantId,
    ): Promise<Result<"usage.records">> {
      const page = await usage.records(tenant, {
        ...timesOf(usageSpan(dates, now())),
        ...(limit !== undefined && { limit }),
        ...(cursor !== undefined && { cursor }),
      });
      return {
        currency,
        records: page.rows.map(recorded),
        ...(page.cursor !== undefined && { cursor: page.cursor }),
      };
    },

    async days(dates: Params<"usage.days">, tenant: TenantId): Promise<Result<"usage.days">> {
      const { first, last } = usageSpan(dates, now());
      const days = await usage.days(tenant, { from: first, to: last + 1 });
      return { days: days.map(({ day, ...counts }) => ({ date: dateOf(day), ...counts })) };
    },
  };
}

interface Dates {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Both days inclusive, counted from 1970 in UTC. @throws REQ_001 for dates that do not exist or stand the wrong way round. */
function usageSpan({ from, to }: Dates, now: number, length = 30): { readonly first: number; readonly last: number } {
  const last = to === undefined ? dayOf(now) : dayOfDate(to);
  const first = from === undefined ? last - length + 1 : dayOfDate(from);
  if (first > last) throw new SwitchboardError("REQ_001", "The first day is after the last.");
  if (last - first < MOST_DAYS) return { first, last };
  throw new SwitchboardError("REQ_001", `One answer is about ${MOST_DAYS} days at most.`, {
    action: "Ask for parts of the time, one after the other.",
  });
}

function timesOf({ first, last }: ReturnType<typeof usageSpan>) {
  return { from: first * DAY_MS, to: (last + 1) * DAY_MS };
}

function dayOfDate(date: string): number {
  const at = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(at) || dateOf(at / DAY_MS) !== date) throw new SwitchboardError("REQ_001", `${date} is no date.`);
  return at / DAY_MS;
}

function reported({ costNanos, ...sum }: UsageSum): Result<"usage.report">["rows"][number] {
  return { ...sum, cost: costNanos / NANO };
}

function recorded(record: UsageRecord): Result<"usage.records">["records"][number] {
  const { account, agent, costNanos, seq: _, ...rest } = record;
  return { ...rest, accountId: account, agentId: agent, ...(costNanos !== undefined && { cost: costNanos / NANO }) };
}

/** What is not known is 0: which part of a cost was for what, and what was written into caches. */
function costTotals(sums: readonly UsageSum[]): CostTotals {
  const sum = (figure: (row: UsageSum) => number) => sums.reduce((total, row) => total + figure(row), 0);
  const [input, output] = [sum(({ inputTokens }) => inputTokens), sum(({ outputTokens }) => outputTokens)];
  return {
    input,
    output,
    cacheRead: sum(({ cachedTokens }) => cachedTokens),
    cacheWrite: 0,
    totalTokens: input + output,
    totalCost: sum(({ costNanos }) => costNanos) / NANO,
    inputCost: 0,
    outputCost: 0,
    cacheReadCost: 0,
    cacheWriteCost: 0,
    missingCostEntries: sum(({ unpriced }) => unpriced),
  };
}
