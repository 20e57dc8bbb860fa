import type { CallKind } from "@switchboard/channel-kit/http";
import { describe, expect, it } from "vitest";
import { refused } from "./errors.ts";

const error = (code: number, { kind = "send", status = 400 }: { kind?: CallKind; status?: number } = {}) =>
  refused("POST …/messages", { status, code, message: "why" }, kind);

describe("CONN-3 CH-5 Meta's errors", () => {
  it.each([
    [190, "CONN_002", "account"],
    [10, "CONN_002", "account"],
    [200, "CONN_002", "account"],
    [368, "CONN_002", "account"],
    [131031, "CONN_002", "account"],
    [131047, "MSG_004", "conversation"],
    [131026, "MSG_004", "conversation"],
    [131051, "MSG_008", "message"],
    [131052, "REQ_002", "message"],
    [131053, "MSG_008", "message"],
    [100, "MSG_008", "message"],
    [132001, "MSG_008", "message"],
    [132015, "MSG_008", "message"],
    [999_999, "MSG_002", "message"],
  ])("%i is %s and final", (code, ours, scope) => {
    expect(error(code)).toMatchObject({ code: ours, scope, retryable: false, delivered: "no" });
  });

  it.each([
    [4, 60_000, "account"],
    [80007, 60_000, "account"],
    [130429, 4_000, "account"],
    [131048, 60_000, "account"],
    [131056, 6_000, "conversation"],
  ])("%i is a limit: wait %i ms", (code, retryAfterMs, scope) => {
    expect(error(code)).toMatchObject({ code: "CONN_003", retryable: true, retryAfterMs, scope });
  });

  it("CONN-1 an address that Meta cannot reach yet is tried again, and said to be the trouble", () => {
    const found = error(2200, { kind: "other" });
    expect(found).toMatchObject({ code: "CONN_001", scope: "account", retryable: true });
    expect(found.action).toContain("gateway.publicUrl");
  });

  it("takes Meta's word for how long to wait", () => {
    const told = refused("x", { status: 400, code: 80007, message: "", retryAfterMs: 300_000 }, "send");
    expect(told.retryAfterMs).toBe(300_000);
  });

  it("Q-6 passing trouble is tried again; what nobody knows is told as unknown", () => {
    for (const code of [131000, 131016, 2]) {
      expect(error(code, { status: 500 })).toMatchObject({ code: "MSG_002", retryable: true, delivered: "no" });
    }
    expect(error(1, { status: 500 })).toMatchObject({ retryable: true, delivered: "unknown" });
    const foreign = refused("x", { status: 502, code: 0, message: "", foreign: true }, "send");
    expect(foreign).toMatchObject({ retryable: true, delivered: "unknown" });
    expect(error(131000, { status: 500, kind: "other" })).toMatchObject({ code: "CONN_001", scope: "account" });
  });
});
