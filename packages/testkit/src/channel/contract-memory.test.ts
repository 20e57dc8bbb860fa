import { expect, it } from "vitest";
import { agedBy, contractMemory } from "./contract-memory.ts";

it("CH-0 a value ends when its time is over, for all who share the map, and not before", async () => {
  const values = new Map<string, string>();
  const [plain, sealed] = [contractMemory(values), contractMemory(values, "sealed/")];
  await plain.set("day", "1", { ttlMs: 86_400_000 });
  await sealed.set("day", "2", { ttlMs: 86_400_000 });
  await plain.set("ever", "3");
  agedBy(values, 86_000_000);
  expect([await plain.get("day"), await sealed.get("day")]).toEqual(["1", "2"]);
  await sealed.set("day", "4");
  agedBy(values, 1_000_000);
  expect([await plain.get("day"), await sealed.get("day"), await plain.get("ever")]).toEqual([undefined, "4", "3"]);
  expect([...values.keys()]).toEqual(["sealed/day", "ever"]);
});

it("CH-0 values change together, and only if they are as expected", async () => {
  const values = new Map<string, string>();
  const [plain, sealed] = [contractMemory(values), contractMemory(values, "sealed/")];
  const first = [{ key: "a", to: "1", ttlMs: 86_400_000 }];
  expect([await sealed.swap(first), await sealed.swap(first)]).toEqual([true, false]);
  const both = [
    { key: "a", from: "2", to: "3" },
    { key: "b", to: "3" },
  ];
  expect(await sealed.swap(both)).toBe(false);
  expect(
    await sealed.swap([
      { key: "a", from: "1" },
      { key: "b", to: "4" },
    ]),
  ).toBe(true);
  expect([await sealed.get("a"), await sealed.get("b"), await plain.get("b")]).toEqual([undefined, "4", undefined]);
  await sealed.swap(first);
  agedBy(values, 86_500_000);
  // What has ended is nothing.
  expect(await sealed.swap([{ key: "a", from: "1", to: "5" }])).toBe(false);
  expect(await sealed.swap([{ key: "a", to: "6" }])).toBe(true);
});
