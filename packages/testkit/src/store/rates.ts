/** Requests that are counted within a window. */
import type { TenantId } from "@switchboard/domain";
import { describe, expect } from "vitest";
import { HOUR } from "../factories.ts";
import type { Suite } from "./suite.ts";
import type { World } from "./world.ts";

const WINDOW = { calls: 3, windowMs: 60_000 };

function take({ now, store, tenant }: World, name = "a", changes: Partial<typeof WINDOW> = {}) {
  return store.rates.take(tenant, name, { ...WINDOW, ...changes, now });
}

export function ratesContract({ alone, test }: Suite): void {
  describe("rates", () => {
    test("TEN-5 lets so many through within a window, however many come at once, and then the next window's", async (world) => {
      const until = world.now + WINDOW.windowMs;
      const taken = await Promise.all(Array.from({ length: 8 }, () => take(world)));
      const allowed = taken.filter((each) => each.allowed);
      expect(allowed.map(({ left }) => left).sort()).toEqual([0, 1, 2]);
      expect(taken.filter((each) => !each.allowed)).toEqual(Array(5).fill({ allowed: false, left: 0, until }));
      world.now = until - 1;
      expect(await take(world)).toEqual({ allowed: false, left: 0, until });
      world.now = until;
      expect(await take(world)).toEqual({ allowed: true, left: 2, until: until + WINDOW.windowMs });
    });

    test("TEN-5 counts each name and each tenant apart", async (world) => {
      for (let each = 0; each < 4; each += 1) await take(world);
      expect(await take(world, "b")).toMatchObject({ allowed: true, left: 2 });
      const other = `${world.tenant}-other` as TenantId;
      expect(await world.store.rates.take(other, "a", { ...WINDOW, now: world.now })).toMatchObject({ left: 2 });
      expect(await take(world)).toMatchObject({ allowed: false });
    });

    test("TEN-5 a limit that was changed holds at once, and a clock that was put back locks nobody out", async (world) => {
      await take(world, "a", { windowMs: HOUR });
      await take(world, "a", { windowMs: HOUR });
      expect(await take(world, "a", { calls: 2, windowMs: HOUR })).toMatchObject({ allowed: false });
      expect(await take(world, "a", { calls: 5, windowMs: HOUR })).toMatchObject({ allowed: true, left: 2 });
      expect(await take(world)).toEqual({ allowed: true, left: 2, until: world.now + WINDOW.windowMs });
      world.now -= HOUR;
      expect(await take(world)).toEqual({ allowed: true, left: 2, until: world.now + WINDOW.windowMs });
    });

    test("TEN-5 a node whose clock is a little behind begins no window of its own", async (world) => {
      const until = world.now + WINDOW.windowMs;
      for (let each = 0; each < 3; each += 1) await take(world);
      world.now -= 1_000;
      expect(await take(world)).toEqual({ allowed: false, left: 0, until });
    });

    alone("TEN-5 counts on after a restart, and forgets what ended", async (world, opened) => {
      for (let each = 0; each < 3; each += 1) await take(world);
      await take(world, "b", { windowMs: HOUR });
      const again = world.in(await opened.reopen());
      expect(await take(again)).toMatchObject({ allowed: false });
      expect(await again.store.rates.prune(again.now + WINDOW.windowMs - 1)).toBe(0);
      expect(await again.store.rates.prune(again.now + WINDOW.windowMs)).toBe(1);
      expect(await again.store.rates.prune(again.now + WINDOW.windowMs)).toBe(0);
      expect(await take(again)).toMatchObject({ allowed: true, left: 2 });
      expect(await take(again, "b", { windowMs: HOUR })).toMatchObject({ left: 1 });
    });
  });
}
