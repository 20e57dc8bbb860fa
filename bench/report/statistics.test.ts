import { expect, it } from "vitest";
import { Metrics, meets } from "./metrics.ts";
import { median, percentile } from "./statistics.ts";
import { table } from "./table.ts";

it("OPS-4 medians and percentiles do not depend on the order", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(values, 0.5)).toBe(51);
  expect(percentile(values, 0.99)).toBe(100);
  expect(percentile([7], 0.99)).toBe(7);
});

it("OPS-4 a figure that could not be measured is left out, not reported as nought", () => {
  const metrics = new Metrics();
  metrics.set("memory.idle_rss_mb", undefined, "MB");
  metrics.set("e2e.cpu_ms_per_turn", Number.NaN, "ms");
  metrics.set("e2e.turns_per_s", 1234.56, "turns/s", [1000.4, 1234.56, 2000]);
  expect(metrics.entries()).toEqual([
    ["e2e.turns_per_s", { value: 1235, unit: "turns/s", rounds: [1000, 1235, 2000] }],
  ]);
});

it("OPS-4 the table says which targets are missed", () => {
  const metrics = new Metrics();
  metrics.set("e2e.p50_ms", 12, "ms");
  metrics.set("e2e.turns_per_s", 600, "turns/s");
  metrics.set("e2e.anything_else", 0.5, "");
  const [, late, fast, other] = table(metrics.entries()).split("\n");
  expect(late).toMatch(/e2e\.p50_ms +12 ms +≤ 10 +missed$/);
  expect(fast).toMatch(/e2e\.turns_per_s +600 turns\/s +≥ 500 +met$/);
  expect(other).toMatch(/e2e\.anything_else +0\.5$/);
  expect(meets({ most: 4 }, 4)).toBe(true);
});
