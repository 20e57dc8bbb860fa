import { DEFAULT_RETRY, SwitchboardError } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { judgeFailure } from "./judge-failure.ts";

const context = { attempts: 0, now: 1_000_000, policy: DEFAULT_RETRY, holdUnknown: false, asks: false, notBefore: 0 };

describe("judgeFailure", () => {
  it("Q-3 retries after 2^attempt × 1000 ms and gives up after the third attempt", () => {
    const error = new SwitchboardError("MSG_002", "503");
    expect(judgeFailure(error, context)).toMatchObject({ state: "retry", notBefore: 1_002_000, counts: true });
    expect(judgeFailure(error, { ...context, attempts: 1 })).toMatchObject({ state: "retry", notBefore: 1_004_000 });
    expect(judgeFailure(error, { ...context, attempts: 2 })).toMatchObject({ state: "dead" });
  });

  it("oc#24353 never retries a permanent error", () => {
    for (const code of ["MSG_003", "MSG_004", "MSG_005", "MSG_008"] as const) {
      expect(judgeFailure(new SwitchboardError(code), context).state).toBe("dead");
    }
  });

  it("waits as long as a rate limit asks, at no cost to the message", () => {
    const error = new SwitchboardError("CONN_003", "429", { retryAfterMs: 30_000 });
    expect(judgeFailure(error, { ...context, attempts: 2, notBefore: 1_030_000 })).toMatchObject({
      state: "retry",
      notBefore: 1_030_000,
      counts: false,
    });
  });

  it("oc#102279 an outage of the whole account costs no attempt", () => {
    const error = new SwitchboardError("CONN_001", "refused", { scope: "account" });
    expect(judgeFailure(error, { ...context, attempts: 2 })).toMatchObject({ state: "retry", counts: false });
    const revoked = new SwitchboardError("CONN_002", "401", { scope: "account" });
    expect(judgeFailure(revoked, { ...context, attempts: 2 })).toMatchObject({ state: "retry", counts: false });
  });

  it("Q-6 a send without an answer is unknown, not failed; held when the account says so", () => {
    const error = new SwitchboardError("MSG_002", "cut", { delivered: "unknown" });
    expect(judgeFailure(error, context)).toMatchObject({ state: "unknown", notBefore: 1_002_000 });
    expect(judgeFailure(error, { ...context, holdUnknown: true })).toMatchObject({
      state: "dead",
      error: { code: "MSG_007" },
    });
  });

  it("Q-6 a platform that can tell is asked before a send of unknown fate is given up or held", () => {
    const error = new SwitchboardError("MSG_002", "cut", { delivered: "unknown" });
    expect(judgeFailure(error, { ...context, attempts: 2 }).state).toBe("dead");
    expect(judgeFailure(error, { ...context, attempts: 2, asks: true }).state).toBe("unknown");
    expect(judgeFailure(error, { ...context, holdUnknown: true, asks: true }).state).toBe("unknown");
  });
});
