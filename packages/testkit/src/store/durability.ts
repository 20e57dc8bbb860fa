/** What was answered is there for good; what takes long does not hold up the rest. */
import { join } from "node:path";
import { describe, expect } from "vitest";
import { aDelivery, aRawEvent, aSessionKey, claimAs, DAY, HOUR } from "../factories.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import type { Suite } from "./suite.ts";
import { given } from "./world.ts";

export function durabilityContract({ alone }: Suite): void {
  describe("durability", () => {
    alone("Q-1 everything is there after the store was opened again", async (world, opened) => {
      const event = await world.receive("a");
      await world.ingest([aRawEvent("a")]);
      const turn = await world.run("b");
      await world.store.sessions.setPreference(world.tenant, aSessionKey("b"), "model", "big");
      const scheduled = aDelivery("c", { dueAt: world.now + HOUR });
      await world.post(aDelivery("c"), scheduled);
      await world.refused(await world.sending("d"));
      const before = await world.store.upkeep.stats(world.now);
      const after = world.in(await opened.reopen());
      expect(await after.store.upkeep.stats(after.now)).toMatchObject({ ...before, size: expect.any(Number) });
      // Leases hold over a restart of the same owner: what it settles counts.
      await after.settle(event);
      await after.complete(turn);
      expect((await after.claimEvents()).length).toBe(1);
      expect((await after.claimDeliveries()).length).toBe(1);
      expect(await after.store.sessions.preferences(after.tenant, aSessionKey("b"))).toEqual({ model: "big" });
      const letter = given((await after.deadLetters())[0]);
      expect(await after.store.deadLetters.replay(after.tenant, letter.id, { now: after.now, ttlMs: DAY })).toBe(true);
      after.now += HOUR;
      expect(await after.store.upkeep.tick(after.now)).toMatchObject({ promoted: 1 });
    });

    alone("answers what was asked before it was closed, and nothing afterwards", async (world) => {
      const asked = Array.from({ length: 50 }, () => world.ingest([aRawEvent("a")]));
      const closed = world.store.close();
      const late = world.ingest([aRawEvent("a")]);
      await expect(late).rejects.toMatchObject({ code: "SYS_001" });
      expect((await Promise.all(asked)).every(({ results }) => results.length === 1)).toBe(true);
      await closed;
      await world.store.close();
    });

    alone("Q-6 calls that arrive together succeed or fail each on its own", async (world) => {
      const known = aDelivery("known");
      await world.post(known);
      const outcomes = await Promise.allSettled([
        world.post(aDelivery("a")),
        world.post(aDelivery("b"), known),
        world.enqueue("c"),
        world.ingest([aRawEvent("d", { lane: null as never })]),
        world.ingest([aRawEvent("e")]),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([
        "fulfilled",
        "rejected",
        "fulfilled",
        "rejected",
        "fulfilled",
      ]);
      expect((await world.store.upkeep.stats(world.now)).queues).toMatchObject({
        inbox: { depth: 1 },
        turn: { depth: 1 },
        delivery: { depth: 2 },
      });
    });

    alone("a call sees what the calls before it did", async (world) => {
      const delivery = aDelivery("a");
      const [, found, claimed] = await Promise.all([
        world.post(delivery),
        world.store.outbox.get(world.tenant, delivery.id),
        world.claimDeliveries(),
      ]);
      expect(found?.id).toBe(delivery.id);
      expect(claimed).toHaveLength(1);
    });

    alone("keeps its data apart from what the caller does with an object later", async (world) => {
      const payload = { text: "as it was" };
      const asked = world.ingest([aRawEvent("a", { payload })]);
      payload.text = "changed";
      await asked;
      const [claimed] = await world.claimEvents();
      expect(JSON.parse(given(claimed).event.payload)).toEqual({ text: "as it was" });
    });

    alone("backs up while everything runs, telling how far it is", async (world, opened) => {
      const text = "x".repeat(2_000);
      const some = (count: number) => Array.from({ length: count }, () => aRawEvent("a", { payload: { text } }));
      for (let round = 0; round < 10; round += 1) await world.ingest(some(200));
      await using directory = await temporaryDirectory();
      const path = join(directory.path, "copy");
      const steps: [number, number][] = [];
      let running = true;
      const backup = world.store.upkeep
        .backup(path, (done, total) => steps.push([done, total]))
        .finally(() => {
          running = false;
        });
      let written = 0;
      while (running) {
        await world.ingest(some(1));
        written += 1;
      }
      await backup;
      expect(written).toBeGreaterThan(0);
      expect(steps.length).toBeGreaterThan(0);
      expect(steps.every(([done, total]) => done >= 0 && done <= total)).toBe(true);
      expect((await world.store.upkeep.stats(world.now)).queues.inbox.depth).toBe(2_000 + written);
      expect((await opened.reopen()).close).toBeDefined();
    });

    alone("Q-5 a claim keeps the lane for one owner, however many ask at once", async (world) => {
      await world.ingest(Array.from({ length: 30 }, (_, index) => aRawEvent(`lane-${index % 10}`)));
      const owners = ["p1", "p2", "p3", "p4"];
      const claims = await Promise.all(owners.map((owner) => world.claimEvents(10, owner)));
      const lanes = claims.flat().map(({ event }) => event.lane);
      expect(lanes).toHaveLength(10);
      expect(new Set(lanes).size).toBe(10);
      const [first] = claims.flat();
      await world.settle(given(first), { next: claimAs("p9") });
    });
  });
}
