/** Documents about devices: versions decide who was first. */
import type { DeviceChange, DeviceDocument } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import { describe, expect } from "vitest";
import type { Suite } from "./suite.ts";

export function devicesContract({ alone, test }: Suite): void {
  describe("devices", () => {
    test("DEV-4 a document is made, changed and removed from the version it was seen at", async ({ store, tenant }) => {
      const { change, list } = store.devices;
      const key = { kind: "device", id: "d1" } as const;
      const made = await change(tenant, [{ ...key, from: 0, body: { name: "one" } }]);
      expect(made).toBeGreaterThan(0);
      const version = await change(tenant, [{ ...key, from: made ?? 0, body: { name: "two", list: [1, null] } }]);
      expect(version).toBeGreaterThan(made ?? 0);
      expect(await list(tenant)).toEqual([{ tenant, ...key, version, body: { name: "two", list: [1, null] } }]);
      expect(await change(tenant, [{ ...key, from: version ?? 0 }])).toBeGreaterThan(version ?? 0);
      expect(await list(tenant)).toEqual([]);
    });

    test("DEV-4 a document that was removed and made anew has a version that it never had before", async (world) => {
      const { change, list } = world.store.devices;
      const key = { kind: "device", id: "d1" } as const;
      const seen = new Set<number>();
      for (let round = 0; round < 5; round += 1) {
        const first = await change(world.tenant, [{ ...key, from: 0, body: round }]);
        const second = await change(world.tenant, [{ ...key, from: first ?? 0, body: "changed" }]);
        for (const version of [first, second]) {
          expect(version).toBeDefined();
          expect(seen).not.toContain(version);
          seen.add(version ?? 0);
        }
        for (const version of seen) {
          if (version !== second) expect(await change(world.tenant, [{ ...key, from: version }])).toBeUndefined();
        }
        expect(await change(world.tenant, [{ ...key, from: second ?? 0 }])).toBeDefined();
      }
      expect(await list(world.tenant)).toEqual([]);
    });

    test("DEV-4 a change made from an older version changes nothing, not even its other documents", async (world) => {
      const { store, tenant } = world;
      const { change, list } = store.devices;
      const device = { kind: "device", id: "d1", from: 0, body: 1 } as const;
      const request = { kind: "request", id: "r1", from: 0, body: 2 } as const;
      const version = (await change(tenant, [device])) ?? 0;
      const stale: DeviceChange[][] = [
        [request, device],
        [request, { ...device, from: version + 1 }],
        [request, { kind: "device", id: "d1", from: version + 6 }],
        [request, { kind: "setup", id: "unknown", from: 1 }],
      ];
      for (const changes of stale) expect(await change(tenant, changes)).toBeUndefined();
      expect(await list(tenant)).toEqual([{ tenant, kind: "device", id: "d1", version, body: 1 }]);
    });

    test("DEV-6 of many that take the same document at once, one gets it", async ({ store, tenant }) => {
      const { change } = store.devices;
      const code = { kind: "setup", id: "s1" } as const;
      const from = (await change(tenant, [{ ...code, from: 0, body: "open" }])) ?? 0;
      const taken = await Promise.all(
        Array.from({ length: 100 }, (_, index) => change(tenant, [{ ...code, from, body: `taken by ${index}` }])),
      );
      const winners = taken.filter((version) => version !== undefined);
      expect(winners).toHaveLength(1);
      const body = `taken by ${taken.findIndex((version) => version !== undefined)}`;
      expect(await store.devices.list(tenant)).toMatchObject([{ version: winners[0], body }]);
    });

    alone("TEN-2 a tenant's documents are its own, and start-up reads everybody's", async ({ store }, opened) => {
      const [one, two] = ["one", "two"] as TenantId[];
      if (!one || !two) return;
      const change = { kind: "device", id: "d1", from: 0 } as const;
      const version = (await store.devices.change(one, [{ ...change, body: "of one" }])) ?? 0;
      const other = (await store.devices.change(two, [{ ...change, body: "of two" }])) ?? 0;
      expect(await store.devices.change(two, [{ kind: "device", id: "d1", from: other }])).toBeDefined();
      const after = await opened.reopen();
      const expected: DeviceDocument = { tenant: one, kind: "device", id: "d1", version, body: "of one" };
      expect(await after.devices.list(one)).toEqual([expected]);
      expect(await after.devices.list(two)).toEqual([]);
      expect(await after.devices.all()).toEqual([expected]);
    });
  });
}
