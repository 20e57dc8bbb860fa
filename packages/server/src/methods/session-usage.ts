/** `sessions.usage`: what agents used, added up by session, model, agent, channel and day. */
import { agentOfSession, channelOfSession, type SessionUsage } from "@switchboard/core";
import { type SessionKey, SwitchboardError, type TenantId } from "@switchboard/domain";
import type { Params, Result } from "@switchboard/protocol";
import type { Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";
import { resolveSessionKey } from "./session-keys.ts";
import { LABEL, modelOf } from "./session-row.ts";

const DAY_MS = 86_400_000;
const RANGES = { "7d": 7, "30d": 30, "90d": 90, "1y": 365, all: Number.POSITIVE_INFINITY } as const;

type Usage = Result<"sessions.usage">;
type Totals = Usage["totals"];
type Rows = readonly SessionUsage[];

export function sessionUsageMethods(deps: MethodDeps): Handlers {
  const { engine } = deps;
  return {
    async "sessions.usage"(params, { tenant }) {
      const { agentId, key, limit = 50 } = params;
      const span = spanOf(params, engine.clock.now());
      const session = key === undefined ? undefined : resolveSessionKey(key, engine.routing, agentId);
      const read = await engine.store.sessions.usage(tenant, {
        from: span.from,
        to: span.to,
        offsetMs: span.offsetMs,
        ...(session !== undefined && { session }),
      });
      const rows = agentId === undefined ? read : read.filter((row) => agentOfSession(row.session) === agentId);
      const bySession = biggest(Map.groupBy(rows, (row) => row.session)).slice(0, limit);
      return {
        updatedAt: engine.clock.now(),
        startDate: dateOf(span.firstDay ?? Math.min(span.lastDay, ...rows.map(({ day }) => day))),
        endDate: dateOf(span.lastDay),
        sessions: await Promise.all(bySession.map(([each, used]) => sessionUsage(deps, tenant, each, used))),
        totals: totalsOf(rows),
        aggregates: {
          byModel: biggest(Map.groupBy(rows, ({ model }) => model)).map(([model, used]) => ({
            ...(model !== undefined && { model }),
            count: turnsOf(used),
            totals: totalsOf(used),
          })),
          byAgent: biggest(Map.groupBy(rows, (row) => agentOfSession(row.session) ?? "")).map(([agent, used]) => ({
            agentId: agent,
            totals: totalsOf(used),
          })),
          byChannel: biggest(Map.groupBy(rows, (row) => channelOfSession(row.session) ?? "")).map(
            ([channel, used]) => ({
              channel,
              totals: totalsOf(used),
            }),
          ),
          daily: [...Map.groupBy(rows, ({ day }) => day)]
            .sort(([a], [b]) => a - b)
            .map(([day, used]) => ({
              date: dateOf(day),
              tokens: totalsOf(used).totalTokens,
              cost: 0,
              messages: turnsOf(used),
              toolCalls: 0,
              errors: sum(used, ({ failed }) => failed),
            })),
        },
      };
    },
  };
}

async function sessionUsage(
  { engine }: MethodDeps,
  tenant: TenantId,
  key: SessionKey,
  rows: Rows,
): Promise<Usage["sessions"][number]> {
  const session = await engine.store.sessions.get(tenant, key);
  const label = session?.preferences?.[LABEL];
  return {
    key,
    ...(label !== undefined && { label }),
    ...(session && {
      sessionId: session.id,
      updatedAt: session.lastActiveAt,
      agentId: session.agent,
      channel: session.channel,
      chatType: session.kind,
      ...modelOf(session, engine.routing),
    }),
    usage: {
      ...totalsOf(rows),
      firstActivity: Math.min(...rows.map(({ firstAt }) => firstAt)),
      lastActivity: Math.max(...rows.map(({ lastAt }) => lastAt)),
    },
  };
}

/** Nothing here knows prices or caches: what is not known is 0, and `missingCostEntries` counts whose cost is missing. */
function totalsOf(rows: Rows): Totals {
  const input = sum(rows, ({ inputTokens }) => inputTokens);
  const output = sum(rows, ({ outputTokens }) => outputTokens);
  return {
    input,
    output,
    cacheRead: 0,
    cacheWrite: 0,
    totalTokens: input + output,
    totalCost: 0,
    inputCost: 0,
    outputCost: 0,
    cacheReadCost: 0,
    cacheWriteCost: 0,
    missingCostEntries: turnsOf(rows),
  };
}

function turnsOf(rows: Rows): number {
  return sum(rows, ({ turns }) => turns);
}

function sum(rows: Rows, figure: (row: SessionUsage) => number): number {
  return rows.reduce((total, row) => total + figure(row), 0);
}

function biggest<Key>(groups: Map<Key, SessionUsage[]>): [Key, SessionUsage[]][] {
  const tokens = new Map([...groups].map(([key, rows]) => [key, totalsOf(rows).totalTokens]));
  return [...groups].sort(([a], [b]) => (tokens.get(b) ?? 0) - (tokens.get(a) ?? 0));
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly offsetMs: number;
  /** Absent: from the beginning. */
  readonly firstDay: number | undefined;
  readonly lastDay: number;
}

/** @throws REQ_001 for dates that do not exist or stand the wrong way round. */
function spanOf(params: Params<"sessions.usage">, now: number): Span {
  const offsetMs = offsetOf(params, now);
  const today = Math.floor((now + offsetMs) / DAY_MS);
  const lastDay = params.endDate === undefined ? today : dayOf(params.endDate);
  const length = RANGES[params.range ?? "30d"];
  const firstDay = params.startDate === undefined ? lastDay - length + 1 : dayOf(params.startDate);
  if (firstDay > lastDay) throw new SwitchboardError("REQ_001", "startDate is after endDate.");
  const known = Number.isFinite(firstDay);
  return {
    from: known ? firstDay * DAY_MS - offsetMs : 0,
    to: (lastDay + 1) * DAY_MS - offsetMs,
    offsetMs,
    firstDay: known ? firstDay : undefined,
    lastDay,
  };
}

function offsetOf({ mode = "utc", utcOffset }: Params<"sessions.usage">, now: number): number {
  if (mode === "utc") return 0;
  if (mode === "gateway") return -new Date(now).getTimezoneOffset() * 60_000;
  if (utcOffset === undefined) throw new SwitchboardError("REQ_001", "mode specific needs utcOffset.");
  const [hours = "0", minutes = "0"] = utcOffset.slice(3).split(":");
  const sign = hours.startsWith("-") ? -1 : 1;
  const ms = (Math.abs(Number(hours)) * 60 + Number(minutes)) * 60_000;
  if (ms > 14 * 3_600_000) throw new SwitchboardError("REQ_001", `No place is ${utcOffset}.`);
  return sign * ms;
}

function dayOf(date: string): number {
  const at = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(at) || dateOf(at / DAY_MS) !== date) throw new SwitchboardError("REQ_001", `${date} is no date.`);
  return at / DAY_MS;
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
