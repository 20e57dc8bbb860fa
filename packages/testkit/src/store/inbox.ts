/** Storing platform updates, and deciding about them one by one. */
import { SwitchboardError } from "@switchboard/domain";
import { describe, expect } from "vitest";
import { ACCOUNT, aDelivery, aLane, aRawEvent, aTurn, CHANNEL, COLLECT, claimAs, DAY, unique } from "../factories.ts";
import { lost } from "./expectations.ts";
import type { Suite } from "./suite.ts";
import { FAILURE, given } from "./world.ts";

export function inboxContract({ alone, test }: Suite): void {
  describe("inbox", () => {
    test("Q-4 finds what was stored first under a key", async (world) => {
      const raw = aRawEvent("c1", { fingerprint: "one" });
      const { results } = await world.ingest([raw, { ...raw, fingerprint: "two" }]);
      const where = { channel: CHANNEL, account: ACCOUNT, key: raw.key };
      expect(await world.store.inbox.find(world.tenant, where)).toMatchObject({ id: results[0]?.id });
      expect(await world.store.inbox.find(world.tenant, { ...where, key: "other" })).toBeUndefined();
      expect(await world.store.inbox.find("stranger" as typeof world.tenant, where)).toBeUndefined();
    });

    test("Q-1 keeps an update as it came", async (world) => {
      const raw = aRawEvent("c1", { priority: "high", payload: { text: "hé 👋 \u2028", nested: [1, null, true] } });
      const { claimed, results } = await world.ingest([raw]);
      const [result] = results;
      expect(results).toEqual([{ id: expect.stringMatching(/^evt_/), duplicate: false }]);
      expect(claimed).toEqual([]);
      const event = given(await world.store.inbox.get(world.tenant, given(result).id));
      expect(JSON.parse(event.payload)).toEqual(raw.payload);
      expect(event).toMatchObject({
        tenant: world.tenant,
        channel: CHANNEL,
        account: ACCOUNT,
        key: raw.key,
        lane: raw.lane,
        priority: "high",
        state: "new",
        attempts: 0,
        receivedAt: world.now,
        expiresAt: world.now + DAY,
      });
    });

    test("Q-4 oc#42681 takes an update with a known key for a duplicate, also inside one batch", async (world) => {
      const raw = aRawEvent();
      const first = await world.ingest([raw, raw]);
      const again = await world.ingest([raw], "process-1");
      const ids = [...first.results, ...again.results].map(({ id }) => id);
      expect(new Set(ids).size).toBe(1);
      expect([...first.results, ...again.results].map(({ duplicate }) => duplicate)).toEqual([false, true, true]);
      expect((await world.store.inbox.list(world.tenant, {})).rows).toHaveLength(1);
    });

    test("Q-4 decides once when the same update arrives many times at the same moment", async (world) => {
      const raw = aRawEvent();
      const all = await Promise.all(Array.from({ length: 20 }, () => world.ingest([raw])));
      expect(all.filter(({ results }) => results[0]?.duplicate === false)).toHaveLength(1);
      expect((await world.store.inbox.list(world.tenant, {})).rows).toHaveLength(1);
    });

    test("NanoClaw#3226 takes a known key with another fingerprint for a new event", async (world) => {
      const key = unique("reused");
      const said = (fingerprint?: string) =>
        world.ingest([aRawEvent("c1", { key, ...(fingerprint !== undefined && { fingerprint }) })]);
      const ids: string[] = [];
      for (const fingerprint of ["a", "b", "c", undefined]) {
        const { results } = await said(fingerprint);
        expect(results[0]?.duplicate).toBe(false);
        ids.push(given(results[0]).id);
      }
      expect(new Set(ids).size).toBe(4);
      for (const [index, fingerprint] of ["a", "b", "c", undefined].entries()) {
        expect((await said(fingerprint)).results).toEqual([{ id: ids[index], duplicate: true }]);
      }
      const second = given(await world.store.inbox.get(world.tenant, given(ids[1]) as never));
      expect(second.key).toBe(`${key}~b`);
    });

    test("Q-1 stores a batch whole or not at all", async (world) => {
      const broken = aRawEvent("c1", { lane: null as never });
      await expect(world.ingest([aRawEvent(), broken, aRawEvent()])).rejects.toBeInstanceOf(SwitchboardError);
      expect((await world.store.inbox.list(world.tenant, {})).rows).toEqual([]);
      expect(await world.claimEvents()).toEqual([]);
    });

    test("Q-5 hands out one event a lane, in the order they came", async (world) => {
      const raws = [aRawEvent("a"), aRawEvent("b"), aRawEvent("a"), aRawEvent("a"), aRawEvent("b")];
      const { claimed } = await world.ingest(raws, "process-1");
      expect(claimed.map(({ event }) => event.key)).toEqual([raws[0]?.key, raws[1]?.key]);
      expect(await world.claimEvents()).toEqual([]);
      const second = given((await world.settle(given(claimed[0]), { next: claimAs() })).next);
      expect(second.event.key).toBe(raws[2]?.key);
      const third = given((await world.settle(second, { next: claimAs() })).next);
      expect(third.event.key).toBe(raws[3]?.key);
      expect((await world.settle(third, { next: claimAs() })).next).toBeUndefined();
      await world.settle(given(claimed[1]));
      expect((await world.claimEvents()).map(({ event }) => event.key)).toEqual([raws[4]?.key]);
    });

    test("Q-5 leaves a lane that is in work to whom it belongs", async (world) => {
      const first = await world.receive("c1", "process-1");
      const { claimed } = await world.ingest([aRawEvent("c1")], "process-2");
      expect(claimed).toEqual([]);
      expect(await world.claimEvents(10, "process-2")).toEqual([]);
      await world.settle(first);
      expect(await world.claimEvents(10, "process-2")).toHaveLength(1);
    });

    test("Q-3 leaves an event that is to be tried again at the head of its lane until then", async (world) => {
      const first = await world.receive("c1");
      await world.ingest([aRawEvent("c1")]);
      const notBefore = world.now + 2_000;
      const result = await world.settle(first, { state: "retry", notBefore, error: FAILURE, next: claimAs() });
      expect(result.next).toBeUndefined();
      expect(await world.claimEvents()).toEqual([]);
      world.now = notBefore;
      const [again] = await world.claimEvents();
      expect(given(again).event).toMatchObject({ id: first.event.id, attempts: 1, error: FAILURE, state: "new" });
      // Waiting for something that is not its fault costs nothing.
      await world.settle(given(again), { state: "retry", notBefore, reason: "waiting" });
      const [last] = await world.claimEvents();
      expect(given(last).event).toMatchObject({ attempts: 1, error: FAILURE, reason: "waiting" });
    });

    test("Q-2 serves the lane with the most urgent event first, and the longest waiting of equals", async (world) => {
      await world.ingest([aRawEvent("low", { priority: "low" }), aRawEvent("first"), aRawEvent("second")]);
      await world.ingest([aRawEvent("behind"), aRawEvent("behind", { priority: "critical" })]);
      world.now += 1;
      await world.ingest([aRawEvent("high", { priority: "high" })]);
      const order: string[] = [];
      for (let [next] = await world.claimEvents(1); next; [next] = await world.claimEvents(1)) {
        order.push(next.event.lane);
        if (order.length > 6) break;
      }
      const lanes = ["behind", "high", "first", "second", "low"].map(aLane);
      expect([...order].sort()).toEqual([...lanes].sort());
      expect(order.slice(0, 2)).toEqual(lanes.slice(0, 2));
      expect(order.at(-1)).toBe(lanes.at(-1));
    });

    test("Q-2 forgets an urgent event's priority once it is settled", async (world) => {
      await world.ingest([aRawEvent("a", { priority: "critical" }), aRawEvent("a", { priority: "low" })]);
      const [first] = await world.claimEvents();
      await world.settle(given(first));
      await world.ingest([aRawEvent("b")]);
      expect((await world.claimEvents(1)).map(({ event }) => event.lane)).toEqual([aLane("b")]);
    });

    test("records what became of an event", async (world) => {
      const claimed = await world.receive();
      const session = aTurn().session.key;
      const details = { reason: "said hello", kind: "message", session, preview: "hello" } as const;
      await world.settle(claimed, { state: "handled", ...details });
      expect(await world.store.inbox.get(world.tenant, claimed.event.id)).toEqual({
        ...claimed.event,
        ...details,
        state: "handled",
        settledAt: world.now,
      });
    });

    test("Q-6 settles an event once", async (world) => {
      const claimed = await world.receive();
      const turn = aTurn();
      await world.settle(claimed, { state: "admitted", effects: [{ type: "turn", turn, queue: COLLECT }] });
      const effects = [{ type: "turn", turn: aTurn(), queue: COLLECT } as const];
      await expect(world.settle(claimed, { state: "admitted", effects })).rejects.toMatchObject(lost);
      expect((await world.store.turns.list(world.tenant, {})).rows.map(({ id }) => id)).toEqual([turn.id]);
    });

    alone("Q-6 oc#121269 changes nothing under a lease that was broken; the new owner carries on", async (world) => {
      const stale = await world.receive("c1", "process-1");
      world.now += 60_001;
      expect(await world.store.upkeep.breakLeases({ now: world.now })).toBe(1);
      const [fresh] = await world.claimEvents(10, "process-2");
      expect(given(fresh).event.id).toBe(stale.event.id);
      expect(given(fresh).lease.epoch).not.toBe(stale.lease.epoch);
      const delivery = aDelivery();
      const effects = [
        { type: "deliver", deliveries: [delivery] } as const,
        { type: "preference", session: aTurn().session.key, name: "model", value: "big" } as const,
      ];
      await expect(world.settle(stale, { effects })).rejects.toMatchObject(lost);
      expect(await world.store.outbox.get(world.tenant, delivery.id)).toBeUndefined();
      expect(await world.store.sessions.preferences(world.tenant, aTurn().session.key)).toEqual({});
      await world.settle(given(fresh));
      expect(await world.store.inbox.get(world.tenant, stale.event.id)).toMatchObject({ state: "handled" });
    });

    test("Q-6 makes an event's effects with it or not at all", async (world) => {
      const known = aDelivery();
      await world.post(known);
      const claimed = await world.receive();
      const turn = aTurn("c9");
      const effects = [
        { type: "turn", turn, queue: COLLECT } as const,
        { type: "deliver", deliveries: [known] } as const,
      ];
      await expect(world.settle(claimed, { state: "admitted", effects })).rejects.toMatchObject({ code: "REQ_004" });
      expect(await world.store.turns.get(world.tenant, turn.id)).toBeUndefined();
      expect(await world.store.sessions.get(world.tenant, turn.session.key)).toBeUndefined();
      expect(await world.store.inbox.get(world.tenant, claimed.event.id)).toMatchObject({ state: "new" });
      await world.settle(claimed);
    });

    test("lists newest first, by filter and page by page", async (world) => {
      const raws = Array.from({ length: 7 }, (_, index) => aRawEvent(index % 2 === 0 ? "even" : "odd"));
      await world.ingest(raws);
      const [claimed] = await world.claimEvents(1);
      await world.settle(given(claimed));
      const { list } = world.store.inbox;
      const keys: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await list(world.tenant, { limit: 3, ...(cursor !== undefined && { cursor }) });
        expect(page.rows.length).toBeLessThanOrEqual(3);
        keys.push(...page.rows.map(({ key }) => key));
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(keys).toEqual(raws.map(({ key }) => key).reverse());
      expect((await list(world.tenant, { state: "handled" })).rows).toHaveLength(1);
      expect((await list(world.tenant, { state: "new", channel: CHANNEL, account: ACCOUNT })).rows).toHaveLength(6);
      expect((await list(world.tenant, { channel: "other" as never })).rows).toEqual([]);
      await expect(list(world.tenant, { limit: 0 })).rejects.toMatchObject({ code: "REQ_001" });
      await expect(list(world.tenant, { cursor: "nonsense" })).rejects.toMatchObject({ code: "REQ_001" });
    });

    test("lists the events of a turn", async (world) => {
      const events = [await world.receive("c1"), await world.receive("c2")];
      for (const claimed of events) {
        const turn = aTurn("shared", { input: { event: claimed.event.id, text: "hi", at: world.now } });
        await world.settle(claimed, { state: "admitted", effects: [{ type: "turn", turn, queue: COLLECT }] });
      }
      await world.receive("c3");
      const [turn] = (await world.store.turns.list(world.tenant, {})).rows;
      const { rows } = await world.store.inbox.list(world.tenant, { turn: given(turn).id });
      expect(rows.map(({ id }) => id)).toEqual(events.map(({ event }) => event.id).reverse());
      expect(rows.every((row) => row.turn === turn?.id && row.session === turn?.session)).toBe(true);
    });
  });
}
