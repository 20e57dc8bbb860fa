/** `sessions.list`, `sessions.get` and `agents.list`. */
import type { Session } from "@switchboard/core";
import { type ChannelId, type SessionKey, SwitchboardError, type TenantId } from "@switchboard/domain";
import type { Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";
import { MAIN_KEY, resolveSessionKey } from "./session-keys.ts";
import { sessionRow } from "./session-row.ts";

const STORE_PAGE = 500;
const MOST_SESSIONS = 10_000;

export function sessionMethods(deps: MethodDeps): Handlers {
  const { engine, runs } = deps;
  return {
    async "sessions.list"({ limit = 100, offset = 0, activeMinutes, agentId, channel, search }, { tenant, holds }) {
      const now = engine.clock.now();
      const oldest = activeMinutes === undefined ? 0 : now - activeMinutes * 60_000;
      const filter = {
        ...(agentId !== undefined && { agent: agentId }),
        ...(channel !== undefined && { channel: channel as ChannelId }),
        ...(search !== undefined && { search }),
      };
      const all = await readSessions(deps, tenant, filter, oldest);
      const shown = all.slice(offset, offset + limit);
      const hasMore = offset + shown.length < all.length;
      const [agent] = engine.routing.agents;
      return {
        ts: now,
        path: holds("operator.admin") ? deps.stateDirectory : "[redacted]",
        count: shown.length,
        totalCount: all.length,
        limitApplied: limit,
        offset,
        nextOffset: hasMore ? offset + shown.length : null,
        hasMore,
        defaults: { modelProvider: agent.runtime, model: agent.model ?? null, contextTokens: agent.contextTokens },
        sessions: shown.map((session) => sessionRow(session, runs)),
      };
    },

    async "sessions.get"({ key, limit = 50, before }, { tenant }) {
      const wanted = resolveSessionKey(key, engine.routing);
      const session = await engine.store.sessions.get(tenant, wanted);
      if (!session) throw new SwitchboardError("REQ_002", `There is no session ${key}.`);
      const [entries, preferences] = await Promise.all([
        engine.store.sessions.transcript(tenant, wanted, { limit: limit + 1, ...(before !== undefined && { before }) }),
        engine.store.sessions.preferences(tenant, wanted),
      ]);
      const hasMore = entries.length > limit;
      return {
        session: sessionRow(session, runs),
        entries: hasMore ? entries.slice(1) : entries,
        preferences,
        hasMore,
      };
    },

    "agents.list"() {
      const { agents } = engine.routing;
      return {
        defaultId: agents[0].id,
        mainKey: MAIN_KEY,
        scope: "per-sender",
        agents: agents.map(({ id, name, model }) => ({
          id,
          ...(name !== undefined && { name }),
          ...(model !== undefined && { model: { primary: model } }),
        })),
      };
    },
  };
}

async function readSessions(
  { engine }: MethodDeps,
  tenant: TenantId,
  filter: { agent?: string; channel?: ChannelId; search?: string },
  oldest: number,
): Promise<Session[]> {
  const all: Session[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await engine.store.sessions.list(tenant, { ...filter, limit: STORE_PAGE, ...(cursor && { cursor }) });
    const recent = page.rows.filter(({ lastActiveAt }) => lastActiveAt >= oldest);
    all.push(...recent);
    cursor = page.cursor;
    if (cursor === undefined || recent.length < page.rows.length || all.length >= MOST_SESSIONS) return all;
  }
}

/** A session that must exist. */
export async function requireSession({ engine }: MethodDeps, tenant: TenantId, key: SessionKey): Promise<Session> {
  const session = await engine.store.sessions.get(tenant, key);
  if (!session) throw new SwitchboardError("REQ_002", `There is no session ${key}.`);
  return session;
}
