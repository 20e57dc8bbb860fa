import { describe, expect, it } from "vitest";
import { fromErrorRecord, SwitchboardError, toErrorRecord } from "./errors.ts";

describe("CONN-3 how long the other side asks to wait", () => {
  const day = 86_400_000;
  it.each([
    [undefined, undefined],
    [1_500, 1_500],
    [-20, 0],
    [40 * day, day],
    [Number.POSITIVE_INFINITY, day],
    [Number.NaN, undefined],
  ])("%s ms is taken as %s", (asked, taken) => {
    const error = new SwitchboardError("CONN_003", "Later.", { ...(asked !== undefined && { retryAfterMs: asked }) });
    expect(error.retryAfterMs).toBe(taken);
    expect(fromErrorRecord(JSON.parse(JSON.stringify(toErrorRecord(error)))).retryAfterMs).toBe(taken);
  });
});
