/** A tenant with something in every table. */
import { aDelivery, claimAs } from "@switchboard/testkit/factories";
import type { World } from "@switchboard/testkit/store";

export async function fill(world: World): Promise<void> {
  const { now, store, tenant } = world;
  const place = { channel: "test" as never, account: "default" as never };
  const ref = { tenant, ...place };
  await store.accounts.put({ ...ref, source: "store", enabled: true, config: {}, settings: {}, sealed: "sealed" }, now);
  await store.accounts.nextGeneration(ref);
  await store.accounts.memorySet(ref, "k", "v");
  await store.accounts.grant(tenant, { ...place, authority: "dm", subject: "s", grantedAt: 1, grantedBy: "x" });
  await store.devices.change(tenant, [{ kind: "device", id: "d", from: 0, body: 1 }]);
  await store.audit.append(tenant, { at: 1, actor: "a", action: "b", subject: "c", outcome: "ok" });
  await store.audit.seal(tenant, { position: 1, hash: "h", at: 1, mac: "m" });
  const key = { id: "k", purpose: "seal", generation: 1, master: "m", madeUnder: "m", wrapped: "w" } as const;
  await store.vault.add({ ...key, tenant, createdAt: 1 });
  const entry = { at: 1, actor: "a", action: "limits.changed", subject: "limits", outcome: "ok" } as const;
  await store.usage.setLimits(tenant, { runsPerDay: { hard: 1_000 } }, entry);
  await store.usage.noteFirst(tenant, "runsPerDay", 1);
  await store.rates.take(tenant, "test", { calls: 2, windowMs: 1_000, now });
  const asked = { fingerprint: "f", owner: "o", leaseMs: 60_000, expiresAt: now + 60_000, most: 9, now };
  await store.answers.begin(tenant, "key", asked);
  await store.answers.finish(tenant, "key", "o", "sealed");
  await store.traces.note(tenant, [{ subject: "trn_x" as never, at: 1, step: "s" }]);
  const conversation = "c1" as never;
  await store.outbox.receipt(tenant, { ...place, conversation, messageIds: ["early" as never], status: "read", at: 1 });
  const running = await world.run("c1");
  await store.sessions.setPreference(tenant, running.turn.session, "model", "big");
  const delivery = aDelivery("c1", { controlValues: { token: "value" } });
  const { claimedDeliveries } = await world.complete(running, {
    entries: [{ role: "assistant", text: "secret", at: now }],
    deliveries: [delivery],
    claimDeliveries: claimAs(),
  });
  for (const claimed of claimedDeliveries) await world.sent(claimed);
  await store.outbox.enqueue(tenant, { deliveries: [aDelivery("c2")], idempotencyKey: "key", now });
  await world.settle(await world.receive("c3"), { state: "dead" });
  const request = {
    ...place,
    sender: "peer" as never,
    id: "req",
    code: "CODE",
    target: delivery.target,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + 1_000,
  };
  await world.apply({ type: "pairing-request", request, most: 3, deliveries: [] });
  const cause = { event: "evt_x" as never, expiresAt: now + 1_000 };
  const audit = { at: now, actor: "a", action: "b", subject: "c", outcome: "ok" } as const;
  await store.pairing.dismiss(ref, "req", { now, audit, cause });
  await world.apply({ type: "pairing-request", request: { ...request, id: "req2" }, most: 3, deliveries: [] });
}
