import { getHeapSpaceStatistics } from "node:v8";
import { expect, it } from "vitest";
import { collectAll } from "./spare-memory.ts";

/** What is reserved for new objects, in bytes. */
function reserved(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")?.space_size ?? Number.NaN;
}

it("OPS-1 gives back what a busy time needed", () => {
  // Whatever survives a collection makes V8 reserve more.
  const kept: unknown[] = [];
  for (let index = 0; index < 400_000; index++) kept.push({ index, text: `number ${index}` });
  const busy = reserved();
  expect(kept).toHaveLength(400_000);
  kept.length = 0;
  collectAll();
  expect(reserved()).toBeLessThan(busy);
});
