import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TokenBuckets } from "./token-buckets.ts";

describe("TokenBuckets", () => {
  const limit = { perSecond: 2, burst: 3 };

  it("ACC-5 gives a burst, then as many as the rate allows", () => {
    const buckets = new TokenBuckets();
    expect([0, 0, 0, 0].map((now) => buckets.take("a", limit, now))).toEqual([true, true, true, false]);
    expect(buckets.waitMs("a", limit, 0)).toBe(500);
    expect(buckets.take("a", limit, 499)).toBe(false);
    expect(buckets.take("a", limit, 500)).toBe(true);
    expect(buckets.take("b", limit, 0)).toBe(true);
  });

  it("gives nothing while the platform forbids it", () => {
    const buckets = new TokenBuckets();
    buckets.block("a", limit, 7_000, 0);
    expect(buckets.take("a", limit, 6_999)).toBe(false);
    expect(buckets.waitMs("a", limit, 1_000)).toBe(6_000);
    expect(buckets.take("a", limit, 7_000)).toBe(true);
  });

  it("never gives more than burst plus rate over any stretch of time", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 }), (pauses) => {
        const buckets = new TokenBuckets();
        let now = 0;
        let given = 0;
        for (const pause of pauses) {
          now += pause;
          if (buckets.take("a", limit, now)) given += 1;
        }
        expect(given).toBeLessThanOrEqual(limit.burst + Math.floor((now / 1000) * limit.perSecond) + 1e-9);
      }),
    );
  });
});
