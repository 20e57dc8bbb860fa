/** What waits must not make the work on it slower. */
import type { TenantId } from "@switchboard/domain";
import { describe, expect } from "vitest";
import { aRawEvent, claimAs } from "../factories.ts";
import type { Suite } from "./suite.ts";
import { given, World } from "./world.ts";

/** Slower by this much would mean that something grows with what is stored: there is sixty times as much and more. */
const TOLERATED = 5;

async function fill(world: World, rows: number, lanes: number): Promise<void> {
  for (let done = 0; done < rows; done += 500) {
    const count = Math.min(500, rows - done);
    await world.ingest(Array.from({ length: count }, (_, number) => aRawEvent(`lane-${(done + number) % lanes}`)));
  }
}

/** The shortest of many times: what grows with the rows makes it longer, too; a busy machine hardly does. */
async function shortMs(work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 101; round += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}

const decide = (world: World) => async () => {
  const [claimed] = await world.claimEvents(1);
  const { next } = await world.settle(given(claimed), { next: claimAs() });
  if (next) await world.settle(next);
};

/** Of a tenant that has one thing to do. */
const answer = (world: World) => async () => {
  await world.enqueue();
  const [claimed, ...others] = await world.claimTurns();
  expect(others).toEqual([]);
  await world.complete(given(claimed));
};

export function scaleContract({ alone }: Suite): void {
  describe("scale", () => {
    for (const [what, few, many] of [
      ["in as many lanes", [500, 64], [30_000, 64]],
      ["each in a lane of its own", [500, 500], [40_000, 40_000]],
    ] as const satisfies [string, [number, number], [number, number]][]) {
      alone(
        `oc#84858 TEN-6 claiming costs the same however much waits, its own tenant's or another's, ${what}`,
        async (world, opened) => {
          await fill(world, few[0], few[1]);
          const other = new World(world.store, "other" as TenantId);
          const before = [await shortMs(decide(world)), await shortMs(answer(other))];
          await fill(world, many[0], many[1]);
          const store = await opened.reopen();
          const after = [await shortMs(decide(world.in(store))), await shortMs(answer(other.in(store)))];
          for (const [index, ms] of after.entries()) expect(ms / given(before[index])).toBeLessThan(TOLERATED);
        },
        120_000,
      );
    }
  });
}
