import { expect, it } from "vitest";
import { Bucket } from "./bucket.ts";

it("Q-3 a bucket gives as many at once as it holds, then as many as time fills in", () => {
  const bucket = new Bucket({ perSecond: 2, burst: 3 });
  let now = Date.now();
  const taken = () => {
    let count = 0;
    for (; bucket.wait(now) === 0; count++) bucket.spend();
    return count;
  };
  expect(taken()).toBe(3);
  expect(bucket.wait(now)).toBeCloseTo(0.5);
  now += 1_000;
  expect(taken()).toBe(2);
  now += 60_000;
  expect(taken()).toBe(3);
});
