/**
 * One gateway for many tenants, each with one bot by webhook, on the embedded store and on PostgreSQL: what a tenant
 * costs at the start and in memory, and whether ingest and answers get slower with them.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { missingServer, startServer, type TestServer } from "@switchboard/testkit/postgres-server";
import { type BenchGateway, connected, type Installation, install } from "../gateway.ts";
import { addTenants } from "../load/add-tenants.ts";
import { Chats } from "../load/chats.ts";
import { busy, until } from "../load/conversing.ts";
import { ingest } from "../load/ingest.ts";
import { type Receiver, webhookOf } from "../load/receivers.ts";
import { median, percentile } from "../report/statistics.ts";
import type { Bench } from "./bench.ts";
import { residentMb } from "./process-figures.ts";
import { oneByOne } from "./unloaded.ts";

const CONNECTIONS = 64;
/** Long enough for what start-up left to be collected. */
const REST_MS = 8_000;

interface Store {
  readonly name: "sqlite" | "postgres";
  /** Further variables of a gateway with a database of its own. */
  env(): Promise<NodeJS.ProcessEnv>;
}

export async function measureTenants(bench: Bench): Promise<void> {
  const missing = missingServer();
  if (missing) bench.say(`tenants: without PostgreSQL, because ${missing}`);
  const server = missing ? undefined : await startServer({ durable: true });
  try {
    for (const store of storesOn(server)) {
      let one: number | undefined;
      for (const tenants of bench.quick ? [1, 100, 1_000] : [1, 100, 1_000, 10_000]) {
        const resident = await withTenants(bench, store, tenants);
        one ??= resident;
        if (tenants === 1 || resident === undefined || one === undefined) continue;
        const kilobytes = ((resident - one) * 1_000) / (tenants - 1);
        bench.metrics.set(`tenants.${store.name}.${tenants}.kb_per_tenant`, kilobytes, "kB");
      }
    }
  } finally {
    await server?.stop();
  }
}

function storesOn(server: TestServer | undefined): Store[] {
  const embedded: Store = { name: "sqlite", env: async () => ({}) };
  if (!server) return [embedded];
  return [
    embedded,
    { name: "postgres", env: async () => ({ DATABASE_URL: server.url(await server.createDatabase()) }) },
  ];
}

/** Returns the resident memory at rest, in MB. */
async function withTenants(bench: Bench, store: Store, tenants: number): Promise<number | undefined> {
  const { directory, gatewayArgs, metrics, platform, say } = bench;
  const group = `tenants.${store.name}.${tenants}`;
  const installation = await install(join(directory, group), {});
  const env = await store.env();
  say(`${group}: adding accounts`);
  await addTenants(installation.directory, platform, tenants, env);
  const { connectedMs, gateway, ready } = await starts(bench, installation, tenants, env);
  try {
    metrics.set(`${group}.ready_ms`, median(ready), "ms", ready);
    metrics.set(`${group}.connected_ms`, connectedMs, "ms");
    await sleep(REST_MS);
    const resident = residentMb(gateway.process.pid);
    metrics.set(`${group}.idle_rss_mb`, resident, "MB");
    say(`${group}: ready after ${Math.round(median(ready))} ms, ${resident?.toFixed(0)} MB`);
    await carries(bench, group, gateway, tenants);
    return resident;
  } finally {
    await gateway.process.stop();
  }

  /** The first start makes everything ready and is not counted; the last one stays. */
  async function starts({ quick }: Bench, { start }: Installation, accounts: number, variables: NodeJS.ProcessEnv) {
    const times: number[] = [];
    for (let turn = 0; ; turn++) {
      platform.forget();
      const running = await start(gatewayArgs, variables);
      if (turn > 0) times.push(running.readyMs);
      const since = performance.now();
      await connected(platform, accounts);
      if (turn === (quick ? 2 : 4)) {
        return { connectedMs: running.readyMs + performance.now() - since, gateway: running, ready: times };
      }
      await running.process.stop();
    }
  }
}

/** Updates a second over all tenants, one message at a time, and turns a second. */
async function carries(
  { metrics, platform, quick, say }: Bench,
  group: string,
  gateway: BenchGateway,
  tenants: number,
): Promise<void> {
  const receivers = receiversOf(tenants, (bot) => webhookOf(platform, bot));
  const durationMs = quick ? 1_500 : 5_000;
  const rounds = quick ? 2 : 3;
  const chats = await Chats.open(platform, receivers, CONNECTIONS);
  chats.listen();
  await ingest(receivers, CONNECTIONS, 1_000);
  await busy(chats, until(1_000));
  const stored: number[] = [];
  const turns: number[] = [];
  const p50: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await gateway.settled();
    const { acknowledged, seconds } = await ingest(receivers, CONNECTIONS, durationMs);
    stored.push(acknowledged / seconds);
    await gateway.settled();
    p50.push(percentile(await oneByOne(quick ? 100 : 400, (index) => chats.say(index % CONNECTIONS)), 0.5));
    const since = performance.now();
    turns.push(((await busy(chats, until(durationMs))) * 1_000) / (performance.now() - since));
  }
  chats.close();
  metrics.set(`${group}.ingest_per_s`, median(stored), "updates/s", stored);
  metrics.set(`${group}.p50_ms`, median(p50), "ms", p50);
  metrics.set(`${group}.turns_per_s`, median(turns), "turns/s", turns);
  say(`${group}: ${Math.round(median(stored))} updates/s, ${Math.round(median(turns))} turns/s`);
}

function receiversOf(tenants: number, receiver: (bot: string) => Receiver): [Receiver, ...Receiver[]] {
  const others = Array.from({ length: tenants - 1 }, (_, index) => receiver(String(index + 2)));
  return [receiver("1"), ...others];
}
