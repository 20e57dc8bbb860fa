/**
 * How many complete messages a second the store carries on a server of its own, which writes every commit to the disk,
 * for one tenant and for several; and how many updates a second are stored. A message is four calls, as in the embedded
 * driver's bench. Run it:
 *
 *   node --conditions=@switchboard/source packages/store/src/postgres/throughput.bench.ts [messages]
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Store } from "@switchboard/core/ports";
import { newId, type TenantId } from "@switchboard/domain";
import { ACCOUNT, aDelivery, aRawEvent, aTurn, CHANNEL, COLLECT, claimAs } from "@switchboard/testkit/factories";
import { startServer } from "@switchboard/testkit/postgres-server";
import { openPostgresStore } from "./index.ts";

const TTL = 86_400_000;
const text = "The quick brown fox jumps over the lazy dog. ".repeat(4);
const payload = { update_id: 1, message: { message_id: 7, from: { id: 42, first_name: "Ann" }, date: 0, text } };
const claim = claimAs("bench", 300_000);

/** One message on its whole way, in chat `chat`. */
async function carry(store: Store, tenant: TenantId, chat: string): Promise<void> {
  const now = Date.now();
  const raw = aRawEvent(chat, { payload });
  const ingested = await store.inbox.ingest(tenant, {
    channel: CHANNEL,
    account: ACCOUNT,
    events: [raw],
    now,
    ttlMs: TTL,
    claim,
  });
  const [event] = ingested.claimed;
  if (!event) throw new Error("the event was not claimed");
  const turn = aTurn(chat, { expiresAt: now + TTL, input: { event: event.event.id, text, at: now } });
  const settled = await store.inbox.settle(event.lease, event.event.id, {
    state: "admitted",
    kind: "message",
    preview: text,
    effects: [{ type: "turn", turn, queue: COLLECT, claim }],
    now,
    next: claim,
  });
  const running = settled.turns[0]?.claimed;
  if (!running) throw new Error("the turn was not claimed");
  const delivery = aDelivery(chat, {
    expiresAt: now + TTL,
    session: running.turn.session,
    turn: turn.id,
    part: { payload: { text }, preview: text },
  });
  const completed = await store.turns.complete(running.lease, turn.id, {
    state: "done",
    entries: [{ role: "assistant", text, at: now }],
    deliveries: [delivery],
    now,
    claimDeliveries: claim,
    next: claim,
  });
  const [sending] = completed.claimedDeliveries;
  if (!sending) throw new Error("the delivery was not claimed");
  const receipt = { messageIds: [newId("inbox") as never] };
  const outcome = { state: "sent", receipt } as const;
  await store.outbox.settle(sending.lease, delivery.id, sending.attempt ?? 0, outcome, { now, next: claim });
}

async function measure(
  store: Store,
  tenants: number,
  chats: number,
  messages: number,
): Promise<Record<string, number>> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const latencies: number[] = [];
  let left = messages;
  const cpu = process.cpuUsage();
  const main = process.threadCpuUsage();
  const start = performance.now();
  await Promise.all(
    Array.from({ length: chats }, async (_, chat) => {
      while (left-- > 0) {
        const began = performance.now();
        await carry(store, `tenant-${chat % tenants}` as TenantId, `chat-${chat}`);
        latencies.push(performance.now() - began);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  const mainUsed = process.threadCpuUsage(main);
  delay.disable();
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  return {
    tenants,
    chats,
    "messages/s": Math.round(messages / seconds),
    "calls/s": Math.round((4 * messages) / seconds),
    "CPU us/message": Math.round((used.user + used.system) / messages),
    "of it main": Math.round((mainUsed.user + mainUsed.system) / messages),
    "p50 ms": Number(at(0.5).toFixed(2)),
    "p99 ms": Number(at(0.99).toFixed(2)),
    "loop p99 ms": Number((delay.percentile(99) / 1e6).toFixed(2)),
  };
}

/** Updates that arrive one by one from many connections. */
async function measureIngest(store: Store, chats: number, messages: number): Promise<number> {
  let left = messages;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: chats }, async (_, chat) => {
      while (left-- > 0) {
        const input = { channel: CHANNEL, account: ACCOUNT, now: Date.now(), ttlMs: TTL, claim };
        await store.inbox.ingest("ingest" as TenantId, { ...input, events: [aRawEvent(`chat-${chat}`, { payload })] });
      }
    }),
  );
  return Math.round((1_000 * messages) / (performance.now() - start));
}

const messages = Number(process.argv[2] ?? 2_000);
const server = await startServer({ durable: true });
try {
  const store = await openPostgresStore({ url: server.url(await server.createDatabase()) });
  await measure(store, 1, 16, 200);
  const rows = [];
  for (const [tenants, chats] of [
    [1, 1],
    [1, 16],
    [1, 64],
    [4, 64],
    [16, 64],
    [64, 64],
  ] as const) {
    rows.push(await measure(store, tenants, chats, chats === 1 ? messages / 10 : messages));
  }
  console.table(rows);
  for (const chats of [16, 64, 256]) {
    process.stdout.write(`${chats} at a time: ${await measureIngest(store, chats, 2 * messages)} updates/s stored\n`);
  }
  await store.close();
} finally {
  await server.stop();
}
