import { describe, expect, it } from "vitest";
import { costNanos } from "./cost.ts";

const prices = { big: { input: 2, output: 10 }, "openai/big": { input: 3, output: 15, cached: 0.3 } };

describe("what a run cost", () => {
  it("TEN-7 by the price of a million tokens, the provider's own price first", () => {
    expect(costNanos({ model: "big", inputTokens: 1_000, outputTokens: 100 }, prices)).toBe(3_000_000);
    const usage = { provider: "openai", model: "big", inputTokens: 1_000, outputTokens: 100 };
    expect(costNanos(usage, prices)).toBe(4_500_000);
    expect(costNanos({ ...usage, cachedTokens: 1_000 }, prices)).toBe(1_800_000);
    expect(costNanos({ model: "big", inputTokens: 1_000, cachedTokens: 400 }, prices)).toBe(2_000_000);
  });

  it("TEN-7 an unknown price is no price of zero", () => {
    expect(costNanos({ model: "small", inputTokens: 1, outputTokens: 1 }, prices)).toBeUndefined();
    expect(costNanos({ model: "constructor", inputTokens: 1 }, prices)).toBeUndefined();
    expect(costNanos({ model: "big" }, prices)).toBeUndefined();
    expect(costNanos(undefined, prices)).toBeUndefined();
  });
});
