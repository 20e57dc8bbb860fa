/** Several nodes on one database: they share the work, and never do the same twice. */
import { dayOf, type Store } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import { aDelivery, aRawEvent, aSessionKey, aTurn, COLLECT, FOLLOWUP } from "@switchboard/testkit/factories";
import { World } from "@switchboard/testkit/store";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openPostgresStore } from "./index.ts";
import { withServer } from "./test-support/with-server.ts";

const TENANTS = ["one", "two"] as TenantId[];

withServer((server) => {
  const opened: Store[] = [];
  const databases = new WeakMap<Store, string>();
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });

  /** The same tenant's world on as many nodes. */
  async function nodes(count: number): Promise<Store[]> {
    const database = await server().createDatabase();
    const url = server().url(database);
    const stores = await Promise.all(Array.from({ length: count }, () => openPostgresStore({ url, connections: 4 })));
    opened.push(...stores);
    for (const store of stores) databases.set(store, database);
    return stores;
  }

  describe("nodes", () => {
    it("TEN-7 Q-4 of many that store the same update, one is told that it is new", async () => {
      const stores = await nodes(3);
      for (let round = 0; round < 20; round += 1) {
        const raw = aRawEvent(`c${round % 4}`);
        const answers = await Promise.all(stores.flatMap((store) => [1, 2].map(() => new World(store).ingest([raw]))));
        expect(answers.filter(({ results: [first] }) => first?.duplicate === false)).toHaveLength(1);
        expect(new Set(answers.map(({ results: [first] }) => first?.id)).size).toBe(1);
      }
    });

    it("TEN-7 Q-5 a claim keeps a lane for one owner, whichever node asks, and no number is given twice", async () => {
      const stores = await nodes(3);
      const [first] = stores.map((store) => new World(store));
      if (!first) throw new Error("no node");
      for (let round = 0; round < 10; round += 1) {
        await first.ingest(Array.from({ length: 30 }, (_, index) => aRawEvent(`lane-${round}-${index}`)));
      }
      const claimed = await Promise.all(
        stores.flatMap((store, node) =>
          Array.from({ length: 6 }, () => new World(store).claimEvents(20, `node-${node}`)),
        ),
      );
      const leases = claimed.flat().map(({ lease }) => lease);
      expect(leases.length).toBe(300);
      expect(new Set(leases.map(({ lane }) => lane)).size).toBe(300);
      expect(new Set(leases.map(({ epoch }) => epoch)).size).toBe(300);
    });

    it("TEN-7 a limit holds over all nodes together: not one message more is taken", async () => {
      const worlds = (await nodes(2)).map((store) => new World(store));
      const since = dayOf(worlds[0]?.now ?? 0);
      const quota = { limit: "messagesPerDay", counters: ["messagesIn"], window: "day", since } as const;
      const settlement = { within: [{ ...quota, hard: true, most: 7, adds: 1 }], counts: { messagesIn: 1 } };
      const settled = await Promise.all(
        worlds.flatMap((world, node) =>
          Array.from({ length: 20 }, async (_, index) =>
            world.settle(await world.receive(`lane-${node}-${index}`, `node-${node}`), settlement),
          ),
        ),
      );
      expect(settled.filter(({ refused }) => refused === undefined)).toHaveLength(7);
      const days = await worlds[0]?.store.usage.days(worlds[0].tenant, { from: since, to: since + 1 });
      expect(days).toMatchObject([{ messagesIn: 7 }]);
    });

    it("TEN-7 Q-6 a lease that another node broke commits nothing", async () => {
      const [here, there] = (await nodes(2)).map((store) => new World(store));
      if (!here || !there) throw new Error("no node");
      const held = await here.receive("c1");
      there.now += 3_600_000;
      expect(await there.store.upkeep.breakLeases({ now: there.now })).toBe(1);
      const [again] = await there.claimEvents(1, "other");
      await expect(here.settle(held)).rejects.toMatchObject({ code: "STORE_007" });
      if (!again) throw new Error("nothing to claim");
      expect(again.event.id).toBe(held.event.id);
      await there.settle(again);
    });

    it("TEN-7 AGT-2 a turn that waited for its lane belongs to the stretch that its session is in by then", async () => {
      const [store] = await nodes(1);
      if (!store) throw new Error("no node");
      const world = new World(store);
      await world.enqueue("c1");
      const database = databases.get(store) ?? "";
      await using other = await server().connect(database);
      // As another node would that begins a new stretch under the lane's lock.
      await other.query("SET search_path TO switchboard; BEGIN; SELECT 1 FROM lanes FOR UPDATE");
      const asked = world.enqueue("c1", {}, FOLLOWUP);
      const waits = `SELECT 1 FROM pg_stat_activity WHERE datname = '${database}' AND wait_event_type = 'Lock'`;
      await vi.waitFor(async () => expect((await server().admin(waits)).rowCount).toBe(1), { timeout: 10_000 });
      await other.query("UPDATE sessions SET id = 'ses_anew'; COMMIT");
      expect(await store.turns.get(world.tenant, (await asked).id)).toMatchObject({ sessionId: "ses_anew" });
    });

    it("TEN-7 Q-5 Q-6 together in the same conversations: every event leads to one turn with one delivery", async () => {
      const stores = await nodes(3);
      const chats = 4;
      const rounds = 25;
      const mistakes: unknown[] = [];
      await Promise.all(
        stores.flatMap((store, node) =>
          TENANTS.map(async (tenant) => {
            const world = new World(store, tenant);
            const owner = `node-${node}`;
            for (let round = 0; round < rounds; round += 1) {
              const chat = `chat-${(round + node) % chats}`;
              await world.ingest([aRawEvent(chat)]);
              if (round % 5 === 0) await world.enqueue(chat, {}, COLLECT);
              if (round % 7 === 0) await world.store.upkeep.tick(world.now);
              await work(world, owner).catch((error) => mistakes.push(error));
            }
          }),
        ),
      );
      expect(mistakes).toEqual([]);
      for (const tenant of TENANTS) {
        const world = new World(stores[0] as Store, tenant);
        while ((await work(world, "last")) > 0);
        const { queues, deadLetters, unknown } = await world.store.upkeep.stats(world.now, tenant);
        expect([queues.inbox.depth, queues.turn.depth, queues.delivery.depth]).toEqual([0, 0, 0]);
        expect([deadLetters, unknown]).toEqual([0, 0]);
        const answers: string[] = [];
        const events: string[] = [];
        for (let chat = 0; chat < chats; chat += 1) {
          const transcript = await world.store.sessions.transcript(tenant, aSessionKey(`chat-${chat}`), { limit: 500 });
          const numbers = transcript.map(({ seq }) => seq);
          expect(numbers).toEqual(numbers.map((_, index) => index + 1));
          for (const { role, text, turn } of transcript) {
            if (role === "assistant") answers.push(turn ?? "");
            else events.push(text);
          }
        }
        // Each event was told to an agent once, each turn answered once, and each answer sent once.
        const { rows: stored } = await allOf((page) => world.store.inbox.list(tenant, page));
        expect(stored).toHaveLength(stores.length * rounds);
        const told = events.filter((text) => stored.some(({ key }) => key === text));
        expect(told.sort()).toEqual(stored.map(({ key }) => key).sort());
        const { rows: turns } = await allOf((page) => world.store.turns.list(tenant, page));
        expect(answers.sort()).toEqual(turns.map(({ id }) => id as string).sort());
        const { rows: sent } = await allOf((page) => world.store.outbox.list(tenant, page));
        expect(sent.map(({ turn }) => turn as string).sort()).toEqual(answers);
        expect(new Set(sent.map(({ state }) => state))).toEqual(new Set(["sent"]));
      }
    });
  });
});

async function allOf<Row>(
  list: (page: { limit: number; cursor?: string }) => Promise<{ rows: readonly Row[]; cursor?: string }>,
): Promise<{ rows: Row[] }> {
  const rows: Row[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await list({ limit: 500, ...(cursor !== undefined && { cursor }) });
    rows.push(...page.rows);
    cursor = page.cursor;
    if (cursor === undefined) return { rows };
  }
}

/** Takes what there is and finishes it. Returns how much that was. */
async function work(world: World, owner: string): Promise<number> {
  const events = await world.claimEvents(2, owner);
  for (const each of events) {
    const chat = each.event.lane.split("/").at(-1);
    const input = { event: each.event.id, text: each.event.key, at: world.now };
    await world.settle(each, {
      state: "admitted",
      effects: [{ type: "turn", turn: aTurn(chat, { input }), queue: FOLLOWUP }],
    });
  }
  const turns = await world.claimTurns(2, owner);
  for (const each of turns) {
    await world.complete(each, {
      entries: [{ role: "assistant", text: "answer", at: world.now }],
      deliveries: [aDelivery(`out-${each.turn.channel.length % 2}`, { turn: each.turn.id })],
    });
  }
  const sending = await world.claimDeliveries(2, owner);
  for (const each of sending) await world.sent(each);
  return events.length + turns.length + sending.length;
}
