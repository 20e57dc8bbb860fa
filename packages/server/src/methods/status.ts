/** `status`: what the gateway does right now, and what is not as it should be. */
import type { AccountStatus } from "@switchboard/core";
import type { Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";
import { sessionRow } from "./session-row.ts";

/** Rows that waited this long are a problem. */
const STALE_MS = 60_000;

export function statusMethods(deps: MethodDeps): Handlers {
  const { engine, version } = deps;
  return {
    async status({ includeChannelSummary = true }, { tenant, holds }) {
      const now = engine.clock.now();
      const admin = holds("operator.admin");
      const [stats, sessions] = await Promise.all([
        engine.store.upkeep.stats(now, tenant),
        engine.store.sessions.list(tenant, { limit: 5 }),
      ]);
      const accounts = engine.accounts.statuses(tenant);
      const [agent] = engine.routing.agents;
      const connections = deps.agentLinks.connections(tenant);
      const connecting = engine.routing.agents
        .filter(({ runtime }) => runtime === "websocket")
        .map(({ id }) => ({ id, connections: connections.get(id) ?? 0 }));
      return {
        runtimeVersion: version,
        ...(admin && { pid: process.pid }),
        uptimeMs: now - engine.startedAt,
        startedAt: engine.startedAt,
        heartbeat: { defaultAgentId: agent.id, agents: [] },
        channelSummary: includeChannelSummary ? accounts.map(line) : [],
        queuedSystemEvents: [],
        sessions: {
          paths: [admin ? deps.stateDirectory : "[redacted]"],
          count: stats.sessions,
          defaults: { model: agent.model ?? null, contextTokens: agent.contextTokens },
          recent: admin ? sessions.rows.map((session) => sessionRow(session, deps.runs, deps.engine.routing)) : [],
          byAgent: [],
        },
        queues: stats.queues,
        scheduled: stats.scheduled,
        unknown: stats.unknown,
        deadLetters: stats.deadLetters,
        agents: connecting,
        storeSize: stats.size,
        rss: process.memoryUsage.rss(),
        problems: [
          ...(deps.keeper.trouble === undefined ? [] : [`vault: ${deps.keeper.trouble}`]),
          ...accounts.filter(isInTrouble).map(line),
          ...connecting
            .filter((each) => each.connections === 0)
            .map(({ id }) => `agent ${id}: not connected to this gateway; its turns wait`),
          ...Object.entries(stats.queues)
            .filter(([, { oldestAgeMs }]) => oldestAgeMs > STALE_MS)
            .map(
              ([queue, { depth, oldestAgeMs }]) =>
                `${queue}: ${depth} waiting, the oldest for ${Math.round(oldestAgeMs / 1000)} s`,
            ),
          ...(stats.unknown > 0 ? [`${stats.unknown} sends of unknown fate`] : []),
          ...(stats.deadLetters > 0 ? [`${stats.deadLetters} dead letters wait for a decision`] : []),
        ],
      };
    },
  };
}

/** An account that does not get by without somebody. */
export function isInTrouble({ breaker, state }: AccountStatus): boolean {
  return state === "ERROR" || state === "PERMANENTLY_FAILED" || breaker !== "closed";
}

function line({ channel, account, state, transport, lastError }: AccountStatus): string {
  const how = transport ? ` by ${transport}` : "";
  const why = lastError ? ` (${lastError.code}: ${lastError.message})` : "";
  return `${channel}:${account} ${state}${how}${why}`;
}
