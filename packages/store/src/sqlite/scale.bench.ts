/**
 * What claiming costs when much waits: 100,000 events in 64 lanes, and 50,000 lanes. Run it:
 *
 *   node --conditions=@switchboard/source packages/store/src/sqlite/scale.bench.ts
 */
import type { ClaimedEvent, Store } from "@switchboard/core/ports";
import { ACCOUNT, aRawEvent, CHANNEL, claimAs, DAY, TENANT } from "@switchboard/testkit/factories";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { openSqliteStore } from "./index.ts";

const now = Date.now();
const claim = claimAs("bench", 300_000);

async function timed<T>(work: () => Promise<T>): Promise<[ms: number, result: T]> {
  const start = performance.now();
  const result = await work();
  return [performance.now() - start, result];
}

async function fill(store: Store, rows: number, lanes: number): Promise<void> {
  for (let done = 0; done < rows; done += 1_000) {
    const events = Array.from({ length: Math.min(1_000, rows - done) }, (_, number) =>
      aRawEvent(`lane-${(done + number) % lanes}`, { payload: "x".repeat(300) }),
    );
    await store.inbox.ingest(TENANT, { channel: CHANNEL, account: ACCOUNT, events, now, ttlMs: DAY });
  }
}

/** Milliseconds per claim of one lane with its settlement, and of one settlement that keeps the lane. */
async function measure(store: Store): Promise<[claimed: number, kept: number]> {
  const rounds = 500;
  const [claims] = await timed(async () => {
    for (let round = 0; round < rounds; round += 1) {
      const [event] = await store.inbox.claim(TENANT, { ...claim, limit: 1, now });
      if (event) await store.inbox.settle(event.lease, event.event.id, { state: "handled", now });
    }
  });
  const [settles] = await timed(async () => {
    let [event]: (ClaimedEvent | undefined)[] = [...(await store.inbox.claim(TENANT, { ...claim, limit: 1, now }))];
    for (let round = 0; round < rounds && event; round += 1) {
      event = (await store.inbox.settle(event.lease, event.event.id, { state: "handled", now, next: claim })).next;
    }
  });
  return [claims / rounds, settles / rounds];
}

const rows = [];
for (const [count, lanes] of [
  [2_000, 64],
  [100_000, 64],
  [2_000, 2_000],
  [50_000, 50_000],
] as const) {
  await using directory = await temporaryDirectory();
  const store = await openSqliteStore({ directory: directory.path });
  const [filled] = await timed(() => fill(store, count, lanes));
  const [claims, kept] = await measure(store);
  const [tick] = await timed(() => store.upkeep.tick(now));
  const [ready] = await timed(() => store.upkeep.ready(now));
  const [due] = await timed(() => store.upkeep.nextDueAt(now));
  const [broken] = await timed(() => store.upkeep.breakLeases({ now }));
  const [stats] = await timed(() => store.upkeep.stats(now));
  const [wide] = await timed(() => store.inbox.claim(TENANT, { ...claim, limit: 64, now }));
  const [rare] = await timed(() => store.inbox.list(TENANT, { state: "dead" }));
  const ms = (value: number) => Number(value.toFixed(2));
  rows.push({
    rows: count,
    lanes,
    "stored/s": Math.round((1_000 * count) / filled),
    "claim+settle ms": ms(claims),
    "settle, next ms": ms(kept),
    "claim 64 ms": ms(wide),
    "tick ms": ms(tick),
    "ready ms": ms(ready),
    "nextDueAt ms": ms(due),
    "breakLeases ms": ms(broken),
    "stats ms": ms(stats),
    "list of a rare state ms": ms(rare),
  });
  await store.close();
}
console.table(rows);
