/** Calls that share a transaction: one that fails takes nothing of the others along. */
import type { InboxId } from "@switchboard/domain";
import { aDelivery, aRawEvent, TENANT } from "@switchboard/testkit/factories";
import { World } from "@switchboard/testkit/store";
import { expect, it } from "vitest";
import { temporaryStores } from "./test-support/temporary-store.ts";

const open = temporaryStores();

it("Q-1 Q-6 a call that fails after it wrote is undone alone; what shared its transaction is stored once", async () => {
  const opened = await open();
  try {
    const world = new World(opened.store);
    const held = await world.receive("c1");
    const unknown = { ...held, event: { ...held.event, id: "evt_unknown" as InboxId } };
    const [lost, kept] = [aDelivery("c1"), aDelivery("c2")];
    const outcomes = await Promise.allSettled([
      world.ingest([aRawEvent("before", { key: "before" })], "process-1"),
      world.settle(unknown, { effects: [{ type: "deliver", deliveries: [lost] }] }),
      world.post(kept),
      world.ingest([aRawEvent("after", { key: "after" })], "process-1"),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
    expect(outcomes[1]).toMatchObject({ reason: { code: "REQ_004" } });
    const { rows: events } = await world.store.inbox.list(TENANT, {});
    expect(events.map(({ key }) => key)).toEqual(["after", "before", held.event.key]);
    const { rows: deliveries } = await world.store.outbox.list(TENANT, {});
    expect(deliveries.map(({ id }) => id)).toEqual([kept.id]);
    // The lease that the failed call was made under still stands.
    await world.settle(held);
    expect(await world.store.inbox.get(TENANT, held.event.id)).toMatchObject({ state: "handled" });
  } finally {
    await opened.dispose();
  }
});

it("Q-1 Q-4 an event claimed as it is stored is what the store has of it, also under a key that was in use", async () => {
  const opened = await open();
  try {
    const world = new World(opened.store);
    const key = "reused";
    const payload = { text: "a\u0000b\ud83d \u2028", list: [1, null, { deep: -0.5 }] };
    const first = await world.receive("c1", "process-1", { key, fingerprint: "a", payload, priority: "high" });
    const other = await world.receive("c2", "process-1", { key, fingerprint: "b", payload });
    for (const { event, lease } of [first, other]) {
      expect(event).toEqual(await world.store.inbox.get(TENANT, event.id));
      expect(lease).toMatchObject({ kind: "inbox", lane: event.lane, owner: "process-1" });
    }
    expect([first.event.priority, other.event.key]).toEqual(["high", "reused~b"]);
    const again = await world.ingest([aRawEvent("c1", { key, fingerprint: "a", payload })], "process-1");
    expect(again).toEqual({ results: [{ id: first.event.id, duplicate: true }], claimed: [] });
    await world.settle(first);
    await world.settle(other);
  } finally {
    await opened.dispose();
  }
});
