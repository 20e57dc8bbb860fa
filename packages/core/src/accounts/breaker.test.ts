import { describe, expect, it } from "vitest";
import { MAX_RECONNECTS, reconnectDelayMs } from "./backoff.ts";
import { Breaker, FAILURES_TO_OPEN } from "./breaker.ts";

describe("Breaker", () => {
  it("CONN-2 opens after five failures in a row, and one success between them starts the count anew", () => {
    const breaker = new Breaker();
    for (let i = 1; i < FAILURES_TO_OPEN; i++) breaker.failure(0);
    breaker.success();
    for (let i = 1; i < FAILURES_TO_OPEN; i++) breaker.failure(0);
    expect(breaker.state(0)).toBe("closed");
    breaker.failure(0);
    expect(breaker.state(0)).toBe("open");
    expect(breaker.allows(0)).toBe(false);
  });

  it("CONN-2 lets one trial through when half open; its success closes, its failure opens for longer", () => {
    const breaker = new Breaker();
    for (let i = 0; i < FAILURES_TO_OPEN; i++) breaker.failure(0);
    const first = breaker.waitMs(0);
    expect(breaker.state(first)).toBe("half-open");
    breaker.begin(first);
    expect(breaker.allows(first)).toBe(false);
    breaker.failure(first);
    expect(breaker.waitMs(first)).toBeGreaterThan(first);
    const second = first + breaker.waitMs(first);
    breaker.begin(second);
    breaker.success();
    expect(breaker.state(second)).toBe("closed");
  });

  it("lets the next trial through when one ended without a verdict", () => {
    const breaker = new Breaker();
    for (let i = 0; i < FAILURES_TO_OPEN; i++) breaker.failure(0);
    const now = breaker.waitMs(0);
    const end = breaker.begin(now);
    expect(breaker.allows(now)).toBe(false);
    end();
    expect(breaker.allows(now)).toBe(true);
  });

  it("a trial that ended late does not end the next one", () => {
    const breaker = new Breaker();
    for (let i = 0; i < FAILURES_TO_OPEN; i++) breaker.failure(0);
    const first = breaker.waitMs(0);
    const end = breaker.begin(first);
    breaker.failure(first);
    const second = first + breaker.waitMs(first);
    breaker.begin(second);
    end();
    expect(breaker.allows(second)).toBe(false);
  });

  it("CONN-2 failures of one source count once until something goes well; a failed trial always counts", () => {
    const breaker = new Breaker();
    for (let i = 0; i < 10 * FAILURES_TO_OPEN; i++) breaker.failure(0, "poison");
    expect(breaker.state(0)).toBe("closed");
    for (let i = 1; i < FAILURES_TO_OPEN; i++) breaker.failure(0, `other ${i}`);
    expect(breaker.state(0)).toBe("open");
    const later = breaker.waitMs(0);
    breaker.begin(later);
    breaker.failure(later, "poison");
    expect(breaker.state(later)).toBe("open");
    breaker.success();
    for (let i = 1; i < FAILURES_TO_OPEN; i++) breaker.failure(0, `other ${i}`);
    breaker.failure(0, "poison");
    expect(breaker.state(0)).toBe("open");
  });
});

describe("reconnectDelayMs", () => {
  it("CONN-2 doubles from one second to sixty", () => {
    const delays = Array.from({ length: MAX_RECONNECTS }, (_, index) => reconnectDelayMs(index + 1, () => 0));
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60].map((seconds) => seconds * 1000));
  });

  it("spreads accounts by at most a tenth", () => {
    expect(reconnectDelayMs(7, () => 1)).toBe(54_000);
  });
});
