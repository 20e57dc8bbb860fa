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
