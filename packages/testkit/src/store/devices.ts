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
      expect(await change(tenant, [{ ...key, from: 0, body: { name: "one" } }])).toBe(true);
      expect(await change(tenant, [{ ...key, from: 1, body: { name: "two", list: [1, null] } }])).toBe(true);
      expect(await list(tenant)).toEqual([{ tenant, ...key, version: 2, body: { name: "two", list: [1, null] } }]);
      expect(await change(tenant, [{ ...key, from: 2 }])).toBe(true);
      expect(await list(tenant)).toEqual([]);
    });

    test("DEV-4 a change made from an older version changes nothing, not even its other documents", async (world) => {
      const { store, tenant } = world;
      const { change, list } = store.devices;
      const device = { kind: "device", id: "d1", from: 0, body: 1 } as const;
      const request = { kind: "request", id: "r1", from: 0, body: 2 } as const;
      expect(await change(tenant, [device])).toBe(true);
      const stale: DeviceChange[][] = [
        [request, device],
        [request, { ...device, from: 2 }],
        [request, { kind: "device", id: "d1", from: 7 }],
        [request, { kind: "setup", id: "unknown", from: 1 }],
      ];
      for (const changes of stale) expect(await change(tenant, changes)).toBe(false);
      expect(await list(tenant)).toEqual([{ tenant, kind: "device", id: "d1", version: 1, body: 1 }]);
    });

    test("DEV-6 of many that take the same document at once, one gets it", async ({ store, tenant }) => {
      const { change } = store.devices;
      const code = { kind: "setup", id: "s1" } as const;
      await change(tenant, [{ ...code, from: 0, body: "open" }]);
      const taken = await Promise.all(
        Array.from({ length: 100 }, (_, index) => change(tenant, [{ ...code, from: 1, body: `taken by ${index}` }])),
      );
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await store.devices.list(tenant)).toMatchObject([{ version: 2, body: `taken by ${taken.indexOf(true)}` }]);
    });

    alone("TEN-2 a tenant's documents are its own, and start-up reads everybody's", async ({ store }, opened) => {
      const [one, two] = ["one", "two"] as TenantId[];
      if (!one || !two) return;
      const change = { kind: "device", id: "d1", from: 0 } as const;
      expect(await store.devices.change(one, [{ ...change, body: "of one" }])).toBe(true);
      expect(await store.devices.change(two, [{ ...change, body: "of two" }])).toBe(true);
      expect(await store.devices.change(two, [{ kind: "device", id: "d1", from: 1 }])).toBe(true);
      const after = await opened.reopen();
      const expected: DeviceDocument = { tenant: one, kind: "device", id: "d1", version: 1, body: "of one" };
      expect(await after.devices.list(one)).toEqual([expected]);
      expect(await after.devices.list(two)).toEqual([]);
      expect(await after.devices.all()).toEqual([expected]);
    });
  });
}
