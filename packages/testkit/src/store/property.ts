/**
 * Random sequences of what several processes do to a store, compared step by step with a model: no event is lost, none
 * is settled twice, lanes keep their order, and nothing is committed under a broken lease.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Run } from "./run.ts";
import { step } from "./steps.ts";
import type { OpenStore } from "./suite.ts";

/** On a busy machine fewer sequences are tried; a failure is made smaller for so long, and then shown as it is. */
const limits = { interruptAfterTimeLimit: 45_000 };

export interface StorePropertyOptions {
  /** Sequences; default 30. */
  readonly runs?: number;
  /** Default: another one each time. A failure prints its own. */
  readonly seed?: number;
}

/** Registers the property test; call it in a test file of the driver. */
export function storePropertyTest(name: string, open: OpenStore, { runs = 30, seed }: StorePropertyOptions = {}): void {
  describe(`store properties: ${name}`, () => {
    it("Q-5 Q-6 loses nothing, settles nothing twice, keeps the order and obeys leases", async () => {
      let settled = 0;
      const property = fc.asyncProperty(
        fc.array(step, { minLength: 20, maxLength: 120, size: "max" }),
        async (steps) => {
          const opened = await open();
          try {
            const run = new Run(opened);
            for (const each of steps) await run.take(each);
            settled += await run.finish();
          } finally {
            await opened.dispose();
          }
        },
      );
      await fc.assert(property, { ...limits, numRuns: runs, ...(seed !== undefined && { seed }) });
      expect(settled).toBeGreaterThan(runs);
    }, 120_000);
  });
}
