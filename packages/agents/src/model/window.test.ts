import type { TranscriptEntry } from "@switchboard/core/ports";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anEntry } from "../test-support/ask.ts";
import { entryText } from "./conversation.ts";
import { estimateTokens } from "./tokens.ts";
import { exchangesOf, newestThatFit } from "./window.ts";

const entries = fc.array(
  fc
    .tuple(fc.constantFrom("user", "assistant", "note"), fc.string({ maxLength: 60 }))
    .map(([role, text]) => anEntry(role as TranscriptEntry["role"], text)),
  { maxLength: 30 },
);

describe("the window", () => {
  it("AGT-2 splits the past without losing or moving anything, and an answer stays with its question", () => {
    fc.assert(
      fc.property(entries, (past) => {
        const exchanges = exchangesOf(past);
        expect(exchanges.flat()).toEqual(past);
        for (const exchange of exchanges.slice(1)) expect(exchange[0]?.role).not.toBe("assistant");
        for (const exchange of exchanges) {
          const firstAnswer = exchange.findIndex(({ role }) => role === "assistant");
          if (firstAnswer !== -1) for (const { role } of exchange.slice(firstAnswer)) expect(role).toBe("assistant");
        }
      }),
    );
  });

  it("AGT-2 keeps the newest exchanges, whole, within the budget, and as many as fit", () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 0, max: 400 }), fc.boolean(), (past, budget, named) => {
        const kept = newestThatFit(past, budget, named);
        const all = exchangesOf(past);
        expect(kept).toEqual(all.slice(all.length - kept.length));
        const cost = kept.flat().reduce((sum, entry) => sum + estimateTokens(entryText(entry, named) ?? ""), 0);
        expect(cost).toBeLessThanOrEqual(budget);
      }),
    );
    const past = [anEntry("user", "one"), anEntry("assistant", "two")];
    expect(newestThatFit(past, 1_000, false)).toHaveLength(1);
    expect(newestThatFit(past, 10, false)).toHaveLength(0);
  });
});
