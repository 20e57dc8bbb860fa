/** What each tenant has of a pool's places. */
import type { TenantId } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { Shares } from "./shares.ts";

const [ANN, BOB, CAS] = ["ann", "bob", "cas"] as [TenantId, TenantId, TenantId];
const sharesOf = (capacity: number, shared = true) => new Shares({ capacity, shared: () => shared });

/** As many as it may, one by one. */
function takeAll(shares: Shares, tenant: TenantId): number {
  let taken = 0;
  for (; shares.room(tenant) > 0; taken += 1) shares.take(tenant, 1);
  return taken;
}

describe("TEN-6 the places that tenants share", () => {
  it("TEN-6 one tenant alone has them all, and keeps them", () => {
    const shares = sharesOf(5, false);
    expect([shares.room(ANN), takeAll(shares, ANN), shares.room(ANN)]).toEqual([5, 5, 0]);
    expect(shares.mayKeep(ANN, [BOB])).toBe(true);
  });

  it.each([
    [1, [1, 0, 0]],
    [2, [1, 1, 0]],
    [3, [1, 1, 1]],
    [4, [2, 1, 1]],
    [16, [8, 4, 2]],
  ])("TEN-6 of %i one has at most half, and as many as it leaves free to the next: %j", (capacity, expected) => {
    const shares = sharesOf(capacity);
    expect([ANN, BOB, CAS].map((tenant) => takeAll(shares, tenant))).toEqual(expected);
  });

  it.each([1, 2, 3, 7, 64])("TEN-6 the room that is told can be taken at once, of %i places", (capacity) => {
    const [atOnce, oneByOne] = [sharesOf(capacity), sharesOf(capacity)];
    for (const tenant of [ANN, BOB, ANN, CAS]) {
      const room = atOnce.room(tenant);
      atOnce.take(tenant, room);
      expect(takeAll(oneByOne, tenant)).toBe(room);
    }
  });

  it("TEN-6 a place is not kept by a tenant that has more than its share, or more than one who waits for a place", () => {
    const shares = sharesOf(4);
    shares.take(ANN, 4);
    // Another tenant came when everything was taken.
    expect(shares.mayKeep(ANN, [])).toBe(false);
    shares.take(ANN, -2);
    expect(shares.mayKeep(ANN, [])).toBe(true);
    shares.take(BOB, 1);
    shares.take(CAS, 1);
    expect([shares.mayKeep(BOB, [CAS]), shares.mayKeep(BOB, [BOB])]).toEqual([true, true]);
    shares.take(BOB, 1);
    shares.take(CAS, -1);
    expect([shares.mayKeep(BOB, [CAS]), shares.mayKeep(ANN, [CAS])]).toEqual([false, false]);
    shares.take(BOB, -1);
    shares.take(ANN, 1);
    expect([shares.mayKeep(BOB, []), shares.mayKeep(BOB, [CAS])]).toEqual([true, false]);
  });
});
