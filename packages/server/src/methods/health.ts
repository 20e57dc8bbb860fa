/** The health summary: for `health`, `hello-ok` and the `health` event. */
import type { AccountRuntime } from "@switchboard/core";
import type { TenantId } from "@switchboard/domain";
import type { Health } from "@switchboard/protocol";
import type { MethodDeps } from "./deps.ts";
import { isInTrouble } from "./status.ts";

/** An event loop that is late by this much makes people wait, in milliseconds. */
const SLOW_LOOP_MS = 200;
const PROBE_TIMEOUT_MS = 10_000;
const RECENT_SESSIONS = 5;

/** `probe` asks the platforms first. */
export async function healthSummary(deps: MethodDeps, tenant: TenantId, probe: boolean): Promise<Health> {
  if (probe) await Promise.allSettled(deps.engine.accounts.list(tenant).map(probeAccount));
  return summarise(deps, tenant);
}

async function probeAccount({ connection }: AccountRuntime): Promise<void> {
  await connection?.probe?.(AbortSignal.timeout(PROBE_TIMEOUT_MS));
}

async function summarise(deps: MethodDeps, tenant: TenantId): Promise<Health> {
  const { engine, metrics } = deps;
  const ts = engine.clock.now();
  const [sessions, stats] = await Promise.all([
    engine.store.sessions.list(tenant, { limit: RECENT_SESSIONS }),
    engine.store.upkeep.stats(ts, tenant),
  ]);
  const loop = metrics.loop();
  const recent = sessions.rows.map(({ key, lastActiveAt }) => ({
    key,
    updatedAt: lastActiveAt,
    age: Math.max(0, ts - lastActiveAt),
  }));
  const count = stats.sessions;
  const byChannel = Map.groupBy(engine.accounts.list(tenant), ({ ref }) => ref.channel);
  const [defaultAgent] = engine.routing.agents;
  return {
    ok: loop.p99 <= SLOW_LOOP_MS && !engine.accounts.statuses(tenant).some(isInTrouble),
    ts,
    durationMs: engine.clock.now() - ts,
    eventLoop: {
      degraded: loop.p99 > SLOW_LOOP_MS,
      reasons: loop.p99 > SLOW_LOOP_MS ? ["event_loop_delay"] : [],
      intervalMs: loop.intervalMs,
      delayP99Ms: loop.p99,
      delayMaxMs: loop.max,
      utilization: loop.utilization,
      cpuCoreRatio: loop.cpuCoreRatio,
    },
    deliveryQueues: { failed: stats.deadLetters > 0 ? [{ queueName: "dead-letters", count: stats.deadLetters }] : [] },
    channels: Object.fromEntries([...byChannel].map(([channel, accounts]) => [channel, channelHealth(accounts)])),
    channelOrder: [...byChannel.keys()],
    channelLabels: Object.fromEntries(
      [...byChannel].map(([channel, [first]]) => [channel, first?.channel.label ?? channel]),
    ),
    heartbeatSeconds: 0,
    defaultAgentId: defaultAgent.id,
    agents: engine.routing.agents.map((agent) => ({
      agentId: agent.id,
      ...(agent.name !== undefined && { name: agent.name }),
      isDefault: agent === defaultAgent,
      heartbeat: { enabled: false, every: "off", everyMs: null, prompt: "", target: "none", ackMaxChars: 0 },
      sessions: { path: "", count: agent === defaultAgent ? count : 0, recent: agent === defaultAgent ? recent : [] },
    })),
    sessions: { path: "", count, recent },
  };
}

function channelHealth(accounts: readonly AccountRuntime[]): Health["channels"][string] {
  const failed = accounts.map(({ supervisor }) => supervisor.status().lastError).find((error) => error !== undefined);
  return {
    configured: true,
    linked: accounts.some(({ self }) => self !== undefined),
    accounts: Object.fromEntries(
      accounts.map(({ ref, supervisor }) => [ref.account, { connected: supervisor.status().state === "CONNECTED" }]),
    ),
    ...(failed && { lastError: `${failed.code}: ${failed.message}` }),
  };
}
