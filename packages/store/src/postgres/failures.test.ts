/** What goes wrong between here and the server: nothing that was answered is lost, nothing happens twice. */
import type { Store } from "@switchboard/core/ports";
import type { SwitchboardError, TenantId } from "@switchboard/domain";
import { aDelivery, aRawEvent, aTurn, claimAs, FOLLOWUP, TENANT } from "@switchboard/testkit/factories";
import { World } from "@switchboard/testkit/store";
import { afterEach, describe, expect, it } from "vitest";
import { openPostgresStore, type PostgresStoreOptions } from "./index.ts";
import { startProxy } from "./test-support/proxy.ts";
import { withServer } from "./test-support/with-server.ts";

withServer(
  (server) => {
    const opened: Store[] = [];
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((store) => store.close()));
    });

    async function start(url: string, options: Partial<PostgresStoreOptions> = {}): Promise<World> {
      const store = await openPostgresStore({ ...options, url });
      opened.push(store);
      return new World(store);
    }
    const fresh = async () => server().url(await server().createDatabase());
    /** As the administrator, whom no policy binds. */
    const query = (url: string, sql: string) => server().admin(sql, new URL(url).pathname.slice(1));

    async function keysOf(world: World): Promise<string[]> {
      const keys: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await world.store.inbox.list(world.tenant, {
          limit: 500,
          ...(cursor !== undefined && { cursor }),
        });
        keys.push(...page.rows.map(({ key }) => key));
        cursor = page.cursor;
        if (cursor === undefined) return keys.sort();
      }
    }

    /** Until the store answers, as the engine does: what was refused was not done. */
    async function insist<T>(call: () => Promise<T>): Promise<T> {
      for (;;) {
        try {
          return await call();
        } catch (error) {
          if ((error as SwitchboardError).code !== "STORE_001") throw error;
        }
      }
    }

    /** Carries a chat's messages through all their stations until told to end. Tells `stored` each key that was answered for. */
    async function carry(world: World, chat: string, stored: string[], ended: () => boolean): Promise<void> {
      while (!ended()) {
        const raw = aRawEvent(chat);
        const { claimed, results } = await insist(() => world.ingest([raw], chat));
        expect(results).toMatchObject([{ duplicate: false }]);
        for (const each of claimed) {
          const input = { event: each.event.id, text: each.event.key, at: world.now };
          const effects = [
            { type: "turn", turn: aTurn(chat, { input }), queue: FOLLOWUP, claim: claimAs(chat) } as const,
          ];
          const { turns } = await insist(() => world.settle(each, { state: "admitted", effects }));
          const running = turns[0]?.claimed;
          if (!running) throw new Error("a free lane's turn was not claimed");
          const deliveries = [aDelivery(chat, { turn: running.turn.id })];
          const { claimedDeliveries } = await insist(() =>
            world.complete(running, { deliveries, claimDeliveries: claimAs(chat) }),
          );
          expect(claimedDeliveries).toHaveLength(1);
          for (const sending of claimedDeliveries) await insist(() => world.sent(sending));
        }
        stored.push(raw.key);
      }
    }

    /**
     * Eight chats are busy, of one tenant or of several, and between any six of their messages something is done to the server, `times` over. Then
     * everything that was answered is there, once, and done.
     */
    async function undisturbed(
      world: World,
      times: number,
      disturb: () => Promise<unknown>,
      tenants = [TENANT],
    ): Promise<void> {
      const worlds = tenants.map((tenant) => new World(world.store, tenant));
      const keys: string[] = [];
      let over = false;
      const carrying = Promise.all(
        Array.from({ length: 8 }, (_, chat) =>
          carry(worlds[chat % worlds.length] ?? world, `chat-${chat}`, keys, () => over),
        ),
      );
      const disturbing = (async () => {
        for (let time = 0; time < times; time += 1) {
          const enough = keys.length + 6;
          while (keys.length < enough && !over) await new Promise((resolve) => setTimeout(resolve, 5));
          await disturb();
        }
      })();
      await Promise.race([disturbing, carrying]).finally(() => {
        over = true;
      });
      await carrying;
      expect(keys.length).toBeGreaterThanOrEqual(6 * times);
      expect((await Promise.all(worlds.map(keysOf))).flat().sort()).toEqual(keys.sort());
      const { queues, ...rest } = await world.store.upkeep.stats(world.now);
      expect([queues.inbox.depth, queues.turn.depth, queues.delivery.depth]).toEqual([0, 0, 0]);
      expect(rest).toMatchObject({ unknown: 0, deadLetters: 0 });
      const counted = "SELECT count(*) AS n FROM switchboard";
      for (const what of [
        "inbox WHERE state = 'admitted'",
        "turns WHERE state = 'done'",
        "deliveries WHERE state = 'sent'",
      ]) {
        const { rows } = await server().admin(`${counted}.${what}`, databaseOf(world));
        expect([what, rows]).toEqual([what, [{ n: String(keys.length) }]]);
      }
    }

    const databases = new WeakMap<World, string>();
    const databaseOf = (world: World) => databases.get(world) ?? "";
    async function startFresh(options: Partial<PostgresStoreOptions> = {}): Promise<World> {
      const name = await server().createDatabase();
      const world = await start(server().url(name), options);
      databases.set(world, name);
      return world;
    }

    describe("a connection that is cut", () => {
      it.each([
        [20, 8, [TENANT]],
        [10, 2, ["one", "two", "three", "four"] as TenantId[]],
      ] as const)(
        "Q-1 Q-6 %i times, anywhere, loses nothing that was answered and does nothing twice; %i connections, tenants %j",
        async (times, connections, tenants) => {
          const world = await startFresh({ connections });
          let killed = 0;
          const cut = async () => {
            const { rowCount } = await server().admin(
              `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = '${databaseOf(world)}' AND usename = 'gateway'`,
            );
            killed += rowCount ?? 0;
          };
          await undisturbed(world, times, cut, [...tenants]);
          expect(killed).toBeGreaterThanOrEqual(times);
        },
      );

      it.each(["before", "after"] as const)(
        "Q-1 Q-6 %s the server heard of a commit: the call is answered as what became of it",
        async (when) => {
          const url = await fresh();
          await using proxy = await startProxy(url);
          const world = await start(proxy.url(url));
          const before = await world.receive("c1");
          proxy.cutNextCommit(when);
          const raw = aRawEvent("c2");
          const { claimed, results } = await world.ingest([raw], "process-1");
          expect(results).toMatchObject([{ duplicate: false }]);
          expect(claimed.map(({ event }) => event.key)).toEqual([raw.key]);
          proxy.cutNextCommit(when);
          const delivery = aDelivery("c1");
          await world.settle(before, { effects: [{ type: "deliver", deliveries: [delivery] }] });
          proxy.cutNextCommit(when);
          expect(await world.store.accounts.nextGeneration(ref)).toBe(1);
          expect(proxy.cuts).toBe(3);
          expect(await world.store.accounts.nextGeneration(ref)).toBe(2);
          expect(await keysOf(world)).toEqual([before.event.key, raw.key].sort());
          expect((await world.store.outbox.list(TENANT, {})).rows.map(({ id }) => id)).toEqual([delivery.id]);
        },
      );
    });

    describe("a server that crashes", () => {
      it("Q-1 Q-6 in the middle of everything and stands up again: nothing that was answered is lost", async () => {
        const world = await startFresh();
        await undisturbed(world, 3, () => server().crash());
      });

      it("STORE_001 and does not stand up: nothing is acknowledged, and health hears of it", async () => {
        const url = await fresh();
        const refused: SwitchboardError[] = [];
        const proxy = await startProxy(url);
        const world = await start(proxy.url(url), { onRefused: (error) => refused.push(error) });
        const kept = aRawEvent("c1");
        await world.ingest([kept]);
        await proxy[Symbol.asyncDispose]();
        const asked = [world.ingest([aRawEvent("c1")]), world.store.upkeep.probe(world.now)];
        for (const outcome of await Promise.allSettled(asked)) {
          expect(outcome).toMatchObject({ status: "rejected", reason: { code: "STORE_001", retryable: true } });
        }
        expect(refused.map(({ code }) => code)).toEqual(["STORE_001", "STORE_001"]);
        expect(await keysOf(await start(url))).toEqual([kept.key]);
      });
    });

    describe("what the server refuses", () => {
      it("STORE_003 a database that may only be read", async () => {
        const name = await server().createDatabase();
        const world = await start(server().url(name));
        await world.ingest([aRawEvent("c1")]);
        await server().admin(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
        await server().admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
        await expect(world.ingest([aRawEvent("c1")])).rejects.toMatchObject({ code: "STORE_003", retryable: false });
        expect(await keysOf(world)).toHaveLength(1);
      });

      it("Q-6 of calls that share a transaction only the one that is wrong", async () => {
        const world = await start(await fresh());
        const known = aDelivery("a");
        await world.post(known);
        const fine = [aRawEvent("c1"), aRawEvent("c2")];
        const outcomes = await Promise.allSettled([
          world.ingest(fine.slice(0, 1)),
          world.post(aDelivery("b"), known),
          world.store.sessions.transcript(TENANT, "agent:none" as never, { limit: 1e300 }),
          world.ingest(fine.slice(1)),
        ]);
        expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
        expect(await keysOf(world)).toEqual(fine.map(({ key }) => key).sort());
        expect((await world.store.outbox.list(TENANT, {})).rows).toHaveLength(1);
      });

      it("Q-6 TEN-2 of tenants that share a transaction only the call that is wrong; each works for itself", async () => {
        const url = await fresh();
        const { store } = await start(url, { connections: 1 });
        const worlds = ["one", "two", "three"].map((tenant) => new World(store, tenant as TenantId));
        const known = aDelivery("a");
        await worlds[1]?.post(known);
        // Meanwhile the calls of all pile up.
        const before = store.upkeep.stats(0);
        const events = worlds.map(() => aRawEvent("c1"));
        const outcomes = await Promise.allSettled([
          ...worlds.map((world, index) => world.ingest(events.slice(index, index + 1))),
          worlds[1]?.post(aDelivery("b"), known),
          before,
        ]);
        expect(outcomes.map(({ status }) => status)).toEqual([
          ...worlds.map(() => "fulfilled"),
          "rejected",
          "fulfilled",
        ]);
        const { rows } = await query(url, "SELECT tenant, key FROM switchboard.inbox ORDER BY key");
        const wanted = worlds.map(({ tenant }, index) => ({ tenant, key: events[index]?.key }));
        expect(rows).toEqual(wanted.sort((one, other) => (String(one.key) < String(other.key) ? -1 : 1)));
        const posted = await query(url, "SELECT tenant FROM switchboard.deliveries");
        expect(posted.rows).toEqual([{ tenant: "two" }]);
      });

      it("Q-4 TEN-2 tenants that come together share one write to the disk", async () => {
        const url = await fresh();
        const { store } = await start(url, { connections: 1 });
        await Promise.all(
          ["one", "two", "three"].map((tenant) => new World(store, tenant as TenantId).ingest([aRawEvent("c1")])),
        );
        const { rows } = await query(url, "SELECT DISTINCT xmin::text FROM switchboard.inbox");
        expect(rows).toHaveLength(1);
      });
    });

    const ref = { tenant: TENANT, channel: "test" as never, account: "default" as never };
  },
  { durable: true },
);
