/** Nodes wake each other. */
import type { WakeUp } from "@switchboard/core/ports";
import { ACCOUNT, CHANNEL, TENANT } from "@switchboard/testkit/factories";
import { expect, it, vi } from "vitest";
import { openPostgresStore } from "./index.ts";
import { withServer } from "./test-support/with-server.ts";

const inbox: WakeUp = { kind: "inbox", tenant: TENANT, channel: CHANNEL, account: ACCOUNT };
const turn: WakeUp = { ...inbox, kind: "turn" };
const delivery: WakeUp = { ...inbox, kind: "delivery" };

withServer((server) => {
  it("TEN-7 a wake-up reaches every node once, the own one at once, also after the connection was lost", async () => {
    const name = await server().createDatabase();
    const url = server().url(name);
    const stores = [await openPostgresStore({ url }), await openPostgresStore({ url })] as const;
    const heard: WakeUp[][] = [[], []];
    const stop = stores.map(({ wakeUps }, node) => wakeUps.listen((wakeUp) => heard[node]?.push(wakeUp)));
    try {
      const [first, second] = stores;
      for (let time = 0; time < 3; time += 1) first.wakeUps.send(inbox);
      expect(heard[0]).toEqual([inbox, inbox, inbox]);
      await vi.waitFor(() => expect(heard[1]).toEqual([inbox]), { timeout: 20_000 });
      second.wakeUps.send(turn);
      await vi.waitFor(() => expect(heard[0]).toEqual([inbox, inbox, inbox, turn]), { timeout: 20_000 });

      await server().admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
      await vi.waitFor(
        () => {
          first.wakeUps.send(delivery);
          expect(heard[1]).toContainEqual(delivery);
        },
        { timeout: 30_000, interval: 50 },
      );
      stop[1]?.();
      const before = heard[1]?.length;
      first.wakeUps.send(inbox);
      second.wakeUps.send(inbox);
      await vi.waitFor(() => expect(heard[0]?.at(-1)).toEqual(inbox), { timeout: 20_000 });
      expect(heard[1]).toHaveLength(before ?? 0);
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  });

  it("TEN-7 a node knows whether it is alone on the database, however the others went", async () => {
    const [name, elsewhere] = [await server().createDatabase(), await server().createDatabase()];
    const first = await openPostgresStore({ url: server().url(name) });
    const foreign = await openPostgresStore({ url: server().url(elsewhere) });
    expect([await first.alone(), await foreign.alone()]).toEqual([true, true]);
    const second = await openPostgresStore({ url: server().url(name) });
    expect([await first.alone(), await second.alone()]).toEqual([false, false]);
    await second.close();
    await vi.waitFor(async () => expect(await first.alone()).toBe(true), { timeout: 20_000 });
    await Promise.all([first.close(), foreign.close()]);
  });
});
