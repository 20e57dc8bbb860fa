/** Requests that may be repeated under a key. */
import type { NewRequest } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import { describe, expect } from "vitest";
import { DAY, HOUR } from "../factories.ts";
import type { Suite } from "./suite.ts";
import type { World } from "./world.ts";

const LEASE_MS = 120_000;
const RUNNING = { state: "running", fingerprint: "asked" };

function begin({ now, store, tenant }: World, owner: string, changes: Partial<NewRequest> & { key?: string } = {}) {
  const { key = "a", ...request } = changes;
  const plain = { fingerprint: "asked", owner, leaseMs: LEASE_MS, expiresAt: now + DAY, most: 100, now };
  return store.answers.begin(tenant, key, { ...plain, ...request });
}

export function answersContract({ alone, test }: Suite): void {
  describe("answers", () => {
    test("TEN-1 of requests that come at once under a key one is done, and its answer is everybody's", async (world) => {
      const { answers } = world.store;
      const owners = Array.from({ length: 8 }, (_, index) => `owner ${index}`);
      const begun = await Promise.all(owners.map((owner) => begin(world, owner)));
      const first = owners[begun.findIndex(({ state }) => state === "begun")] ?? "nobody";
      expect(begun.map(({ state }) => state).sort()).toEqual(["begun", ...Array(7).fill("running")]);
      expect(await begin(world, "late", { fingerprint: "other" })).toEqual(RUNNING);
      expect(await answers.finish(world.tenant, "a", "another", "stolen")).toBe(false);
      expect(await answers.finish(world.tenant, "a", first, "the answer")).toBe(true);
      expect(await answers.finish(world.tenant, "a", first, "another answer")).toBe(false);
      await answers.release(world.tenant, "a", first);
      const done = { state: "done", fingerprint: "asked", answer: "the answer" };
      expect(await begin(world, "late")).toEqual(done);
      world.now += DAY - 1;
      expect(await begin(world, "late", { fingerprint: "other" })).toEqual(done);
      world.now += 1;
      expect(await begin(world, "next", { fingerprint: "other" })).toEqual({ state: "begun" });
    });

    test("TEN-1 what came to nothing may be done again at once, by nobody but its owner's word", async (world) => {
      const { answers } = world.store;
      await begin(world, "first");
      await answers.release(world.tenant, "a", "another");
      expect(await begin(world, "second")).toEqual(RUNNING);
      await answers.release(world.tenant, "a", "first");
      expect(await begin(world, "second")).toEqual({ state: "begun" });
    });

    test("TEN-1 whoever ended without an answer locks a key for no longer than its lease, and comes too late then", async (world) => {
      const { answers } = world.store;
      await begin(world, "first");
      world.now += LEASE_MS - 1;
      expect(await begin(world, "second")).toEqual(RUNNING);
      expect(await answers.hold(world.tenant, "a", "another", world.now + DAY)).toBe(false);
      expect(await answers.hold(world.tenant, "a", "first", world.now + LEASE_MS)).toBe(true);
      world.now += LEASE_MS - 1;
      expect(await begin(world, "second")).toEqual(RUNNING);
      world.now += 1;
      expect(await begin(world, "second", { fingerprint: "other" })).toEqual(RUNNING);
      expect(await begin(world, "second")).toEqual({ state: "begun" });
      expect(await answers.hold(world.tenant, "a", "first", world.now + LEASE_MS)).toBe(false);
      expect(await answers.finish(world.tenant, "a", "first", "too late")).toBe(false);
      expect(await answers.finish(world.tenant, "a", "second", "in time")).toBe(true);
      expect(await answers.hold(world.tenant, "a", "second", world.now + LEASE_MS)).toBe(false);
    });

    test("TEN-1 a request that is not known passes for any, and a clock that was put back locks nothing", async (world) => {
      await begin(world, "first", { fingerprint: "" });
      world.now += LEASE_MS;
      expect(await begin(world, "second")).toEqual({ state: "begun" });
      world.now += LEASE_MS;
      expect(await begin(world, "third", { fingerprint: "" })).toEqual({ state: "begun" });
      world.now -= HOUR;
      expect(await begin(world, "fourth")).toEqual({ state: "begun" });
    });

    test("TEN-5 a tenant has so many keys at once, and another tenant its own", async (world) => {
      const until = world.now + HOUR;
      await begin(world, "o", { key: "first", expiresAt: until, most: 2 });
      expect(await begin(world, "o", { key: "second", most: 2 })).toEqual({ state: "begun" });
      expect(await begin(world, "o", { key: "third", most: 2 })).toEqual({ state: "full", until });
      expect(await begin(world, "o", { key: "second", most: 2 })).toEqual(RUNNING);
      const other = `${world.tenant}-other` as TenantId;
      const request = { fingerprint: "", owner: "o", leaseMs: 1, expiresAt: until, most: 2, now: world.now };
      expect(await world.store.answers.begin(other, "first", request)).toEqual({ state: "begun" });
      world.now = until;
      expect(await begin(world, "o", { key: "third", most: 2 })).toEqual({ state: "begun" });
    });

    alone("TEN-1 are there after a restart, and are forgotten when their time is over", async (world, opened) => {
      await begin(world, "first", { expiresAt: world.now + HOUR });
      await world.store.answers.finish(world.tenant, "a", "first", "the answer");
      await begin(world, "first", { key: "b" });
      const again = world.in(await opened.reopen());
      expect(await begin(again, "second")).toMatchObject({ state: "done", answer: "the answer" });
      expect(await begin(again, "second", { key: "b" })).toEqual(RUNNING);
      const { answers } = again.store;
      expect(await answers.prune(again.now + HOUR - 1)).toBe(0);
      expect(await answers.prune(again.now + HOUR)).toBe(1);
      expect(await answers.prune(again.now + HOUR)).toBe(0);
      expect(await begin(again, "second")).toEqual({ state: "begun" });
    });
  });
}
