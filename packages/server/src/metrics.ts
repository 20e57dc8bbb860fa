/** Prometheus metrics (CONN-5, OPS-4). Counters carry tenant, channel and account; histograms the channel only. */
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import type { Store, Telemetry } from "@switchboard/core";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { GatewayTelemetry } from "./ws/index.ts";

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const ACCOUNT = ["tenant", "channel", "account"] as const;

export interface LoopFigures {
  readonly intervalMs: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** 0…1: how much of the time the event loop was busy. */
  readonly utilization: number;
  /** Processor time over time; above 1 when several threads work. */
  readonly cpuCoreRatio: number;
}

/** What the figures tell of agents outside. */
export interface WatchedAgents {
  /** How the endpoint of each does, by the agent's id. */
  circuits(): ReadonlyMap<string, string>;
  /** Which are connected to this process, and how often. */
  readonly links: {
    all(): readonly { readonly tenant: string; readonly agent: string; readonly connections: number }[];
  };
}

export interface Metrics {
  readonly telemetry: Telemetry;
  readonly gateway: GatewayTelemetry;
  /** From now on agents outside are among the figures. */
  watchAgents(agents: WatchedAgents): void;
  /** The text a Prometheus server reads; of these figures only, if any are named. */
  scrape(names?: readonly string[]): Promise<{ readonly contentType: string; readonly body: string }>;
  /** How busy the process was since the last call: event-loop delay in milliseconds, shares of one core. */
  loop(): LoopFigures;
  close(): void;
}

export function createMetrics(store: Pick<Store, "upkeep">, now: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "switchboard_" });
  // One for those who scrape, one that begins anew with each look at the health.
  const [sinceStart, sinceLast] = [
    monitorEventLoopDelay({ resolution: 10 }),
    monitorEventLoopDelay({ resolution: 10 }),
  ];
  sinceStart.enable();
  sinceLast.enable();
  let last = lookAtProcess();

  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name: `switchboard_${name}`, help, labelNames: [...labelNames], registers });
  const histogram = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Histogram({ name: `switchboard_${name}`, help, labelNames: [...labelNames], buckets: SECONDS, registers });

  const received = counter("received_events_total", "Platform updates stored", ACCOUNT);
  const duplicates = counter("duplicate_events_total", "Platform updates that were stored already", ACCOUNT);
  const settled = counter("settled_events_total", "Platform updates decided about", [...ACCOUNT, "state"]);
  const admission = histogram("admission_seconds", "From storing an update to the decision about it", []);
  const turns = histogram("turn_seconds", "Runs of agents", ["agent", "state"]);
  const attempts = counter("send_attempts_total", "Attempts to send", [...ACCOUNT, "outcome"]);
  const sends = histogram("send_seconds", "How long platforms take for one send", ["channel"]);
  const latency = histogram("delivery_seconds", "From queueing a message to having sent it", ["channel"]);
  const reconnects = counter("reconnects_total", "Connections that failed or were lost", [...ACCOUNT, "code"]);
  const renewals = counter("credential_renewals_total", "Renewals of credentials that expire", [...ACCOUNT, "outcome"]);
  const connected = new Gauge({
    name: "switchboard_connected",
    help: "1 while the account is connected",
    labelNames: [...ACCOUNT],
    registers,
  });
  const storeFailures = counter("store_failures_total", "Writes that the store refused", ["code"]);
  const connections = new Gauge({ name: "switchboard_ws_connections", help: "Connected clients", registers });
  const refused = counter("ws_refused_total", "Connects that were not accepted", ["code"]);
  const closed = counter("ws_closed_total", "Ended connections by close code", ["code"]);
  const requests = histogram("ws_request_seconds", "Answered requests", ["method", "outcome"]);
  const events = counter("ws_events_total", "Events for clients", ["event", "outcome"]);
  collectStore(store, now, registry);
  collectLoop(sinceStart, registry);

  return {
    telemetry: {
      received({ tenant, channel, account }, events, doubled) {
        received.inc({ tenant, channel, account }, events - doubled);
        if (doubled > 0) duplicates.inc({ tenant, channel, account }, doubled);
      },
      settled: ({ tenant, channel, account }, state) => settled.inc({ tenant, channel, account, state }),
      admission: (ms) => admission.observe(ms / 1000),
      turn: (agent, state, ms) => turns.observe({ agent, state }, ms / 1000),
      attempt({ tenant, channel, account }, outcome, ms) {
        attempts.inc({ tenant, channel, account, outcome });
        sends.observe({ channel }, ms / 1000);
      },
      answered: ({ channel }, ms) => latency.observe({ channel }, ms / 1000),
      reconnect: ({ tenant, channel, account }, code) => reconnects.inc({ tenant, channel, account, code }),
      renewal: ({ tenant, channel, account }, outcome) => renewals.inc({ tenant, channel, account, outcome }),
      connection: ({ tenant, channel, account }, state) =>
        connected.set({ tenant, channel, account }, state === "CONNECTED" ? 1 : 0),
      storeFailure: (code) => storeFailures.inc({ code }),
    },
    gateway: {
      connections: (count) => connections.set(count),
      refused: (code) => refused.inc({ code }),
      closed: (code) => closed.inc({ code: String(code) }),
      request: (method, outcome, ms) => requests.observe({ method, outcome }, ms / 1000),
      event: (event, outcome, clients) => events.inc({ event, outcome }, clients),
    },
    watchAgents: (agents) => collectAgents(agents, registry),
    async scrape(names = []) {
      const { contentType } = registry;
      if (names.length === 0) return { contentType, body: await registry.metrics() };
      // It reads the store for all figures that come from there.
      await registry.getSingleMetric("switchboard_queue_depth")?.get();
      const known = names.filter((name) => registry.getSingleMetric(name) !== undefined);
      const texts = await Promise.all(known.map((name) => registry.getSingleMetricAsString(name)));
      return { contentType, body: texts.map((text) => `${text}\n`).join("") };
    },
    loop() {
      const ms = (percentage: number) => sinceLast.percentile(percentage) / 1e6;
      const before = last;
      last = lookAtProcess();
      const intervalMs = Math.max(1, last.at - before.at);
      const figures = {
        intervalMs,
        p50: ms(50),
        p99: ms(99),
        max: sinceLast.max / 1e6,
        utilization: performance.eventLoopUtilization(last.loop, before.loop).utilization,
        cpuCoreRatio: (last.cpuMs - before.cpuMs) / intervalMs,
      };
      sinceLast.reset();
      return figures;
    },
    close() {
      sinceStart.disable();
      sinceLast.disable();
      registry.clear();
    },
  };
}

function lookAtProcess() {
  const { user, system } = process.cpuUsage();
  return { at: performance.now(), cpuMs: (user + system) / 1_000, loop: performance.eventLoopUtilization() };
}

/** Figures that are read from the store when somebody scrapes. */
function collectStore(store: Pick<Store, "upkeep">, now: () => number, registry: Registry): void {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `switchboard_${name}`, help, labelNames, registers: [registry] });
  const age = gauge("queue_oldest_age_seconds", "Age of the oldest waiting row", ["queue"]);
  const deadLetters = gauge("dead_letters", "Dead letters nobody has decided about");
  const unknown = gauge("unknown_sends", "Sends of unknown fate");
  const scheduled = gauge("scheduled_deliveries", "Messages waiting for their time");
  const size = gauge("store_bytes", "Size of the database");
  new Gauge({
    name: "switchboard_queue_depth",
    help: "Rows that wait to be worked on",
    labelNames: ["queue"],
    registers: [registry],
    async collect() {
      const stats = await store.upkeep.stats(now());
      for (const [queue, { depth, oldestAgeMs }] of Object.entries(stats.queues)) {
        this.set({ queue }, depth);
        age.set({ queue }, oldestAgeMs / 1000);
      }
      deadLetters.set(stats.deadLetters);
      unknown.set(stats.unknown);
      scheduled.set(stats.scheduled);
      size.set(stats.size);
    },
  });
}

function collectAgents({ circuits, links }: WatchedAgents, registry: Registry): void {
  new Gauge({
    name: "switchboard_agent_connections",
    help: "Connections that agents opened to this process",
    labelNames: ["tenant", "agent"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { agent, connections, tenant } of links.all()) this.set({ tenant, agent }, connections);
    },
  });
  new Gauge({
    name: "switchboard_agent_resting",
    help: "1 while the endpoint of an agent is left alone because it failed or is gone",
    labelNames: ["agent"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [agent, state] of circuits()) this.set({ agent }, state === "open" || state === "gone" ? 1 : 0);
    },
  });
}

function collectLoop(delay: ReturnType<typeof monitorEventLoopDelay>, registry: Registry): void {
  new Gauge({
    name: "switchboard_event_loop_delay_seconds",
    help: "Event-loop delay since the process started",
    labelNames: ["quantile"],
    registers: [registry],
    collect() {
      for (const quantile of [0.5, 0.9, 0.99]) this.set({ quantile }, delay.percentile(quantile * 100) / 1e9);
    },
  });
}
