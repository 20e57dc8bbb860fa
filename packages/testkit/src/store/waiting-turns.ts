/** Turns that wait for an agent which connects by itself: given back, found by whoever has it, given up. */
import { describe, expect } from "vitest";
import { claimAs } from "../factories.ts";
import type { Suite } from "./suite.ts";
import { FAILURE, given } from "./world.ts";

export function waitingTurnsContract({ test }: Suite): void {
  describe("turns that wait for their agent", () => {
    test("TEN-6 a turn that waits for its agent is claimed by whoever has it, once, before it is due", async (world) => {
      const { claimWaiting, get, giveBack } = world.store.turns;
      const waiting = async (agent = "main", owner = "process-2", limit = 10) =>
        (await claimWaiting(world.tenant, { ...claimAs(owner), agent, limit, now: world.now })).map(({ turn }) => turn);
      const waitsUntil = world.now + 60_000;
      const back = { waitsUntil, notBefore: waitsUntil, now: world.now };
      const first = await world.run("c1");
      const second = await world.run("c2");
      await giveBack(first.lease, first.turn.id, back);
      await giveBack(second.lease, second.turn.id, back);
      expect(await get(world.tenant, first.turn.id)).toMatchObject({ state: "queued", starts: 0, waitsUntil });
      expect(await world.claimTurns()).toEqual([]);
      expect(await waiting("other")).toEqual([]);
      const other = { ...claimAs(), agent: "main", limit: 10, now: world.now };
      expect(await claimWaiting("other" as typeof world.tenant, other)).toEqual([]);
      const [claimed, ...more] = await waiting("main", "process-2", 1);
      expect(claimed).toMatchObject({ id: first.turn.id, state: "running", starts: 1, waitsUntil });
      expect(more).toEqual([]);
      expect((await waiting()).map(({ id }) => id)).toEqual([second.turn.id]);
      expect(await waiting()).toEqual([]);
    });

    test("TEN-6 a turn that waited for its agent long enough is claimed as every other, and is a usual one when it is tried again", async (world) => {
      const { claimWaiting, get, giveBack } = world.store.turns;
      const running = await world.run("c1");
      const { id } = running.turn;
      const waitsUntil = world.now + 60_000;
      await giveBack(running.lease, id, { waitsUntil, notBefore: waitsUntil, now: world.now });
      world.now = waitsUntil;
      const again = given((await world.claimTurns())[0]);
      expect(again.turn).toMatchObject({ id, waitsUntil });
      await giveBack(again.lease, id, { error: FAILURE, notBefore: world.now + 1_000, now: world.now });
      expect(await get(world.tenant, id)).not.toHaveProperty("waitsUntil");
      const request = { ...claimAs(), agent: "main", limit: 10, now: world.now };
      expect(await claimWaiting(world.tenant, request)).toEqual([]);
    });

    test("TEN-6 a turn that waits for its agent is stopped like every other", async (world) => {
      const running = await world.run("c1");
      const { id, session } = running.turn;
      const waitsUntil = world.now + 60_000;
      const { claimWaiting, giveBack, stop } = world.store.turns;
      await giveBack(running.lease, id, { waitsUntil, notBefore: waitsUntil, now: world.now });
      const stopped = await stop(world.tenant, { session, now: world.now });
      expect(stopped.cancelled).toMatchObject([{ id }]);
      const request = { ...claimAs(), agent: "main", limit: 10, now: world.now };
      expect(await claimWaiting(world.tenant, request)).toEqual([]);
    });
  });
}
