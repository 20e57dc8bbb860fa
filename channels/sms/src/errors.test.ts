import { TransportError, unanswered } from "@switchboard/channel-kit/http";
import { ERRORS } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { refused } from "./errors.ts";

describe("CONN-3 what Twilio refuses", () => {
  it.each([
    [21610, 400, "MSG_004", false, "conversation"],
    [21611, 400, "CONN_003", true, "account"],
    [21614, 400, "MSG_005", false, "conversation"],
    [21211, 400, "MSG_005", false, "conversation"],
    [21408, 400, "MSG_004", false, "conversation"],
    [21606, 400, "CFG_001", false, "account"],
    [21608, 400, "MSG_004", false, "conversation"],
    [21609, 400, "CFG_001", false, "account"],
    [21617, 400, "MSG_003", false, "message"],
    [21620, 400, "MSG_008", false, "message"],
    [21703, 400, "CFG_001", false, "account"],
    [20003, 401, "CONN_002", false, "account"],
    [20005, 401, "CONN_002", false, "account"],
    [20429, 429, "CONN_003", true, "account"],
    [63038, 429, "CONN_003", true, "account"],
    [99999, 400, "MSG_002", false, "message"],
    [20500, 500, "MSG_002", true, "message"],
    [20503, 503, "MSG_002", true, "message"],
  ] as const)("%i", (code, status, ours, retryable, scope) => {
    const error = refused("POST Messages.json", { code, status, message: "why" }, "send");
    expect(error).toMatchObject({ code: ours, retryable, scope });
    expect(error.delivered).toBe(status === 500 ? "unknown" : "no");
    expect(error.message).toContain(String(code));
    expect(ERRORS[error.code]).toBeDefined();
  });

  it("waits as long as Twilio says, and a little where it does not", () => {
    const refusal = { code: 20429, status: 429, message: "Too Many Requests" };
    expect(refused("x", { ...refusal, retryAfterMs: 7_000 }, "send").retryAfterMs).toBe(7_000);
    expect(refused("x", refusal, "send").retryAfterMs).toBe(1_000);
  });

  it("what is no answer of the API is everybody's trouble", () => {
    expect(refused("x", { status: 403, message: "no answer of the API" }, "send")).toMatchObject({
      code: "CONN_001",
      scope: "account",
      delivered: "no",
    });
    expect(refused("x", { status: 502, message: "a proxy" }, "send")).toMatchObject({
      code: "MSG_002",
      delivered: "unknown",
    });
  });

  it("Q-6 no answer leaves it unknown only when the request had left", () => {
    expect(
      unanswered({ platform: "Twilio", what: "x", kind: "send" }, new TransportError("ECONNREFUSED", "no", false)),
    ).toMatchObject({
      code: "CONN_001",
      delivered: "no",
      scope: "account",
    });
    expect(
      unanswered({ platform: "Twilio", what: "x", kind: "send" }, new TransportError("ECONNRESET", "no", true)),
    ).toMatchObject({
      delivered: "unknown",
      scope: "message",
    });
    expect(
      unanswered({ platform: "Twilio", what: "x", kind: "other" }, new TransportError("ABORTED", "no", true)),
    ).toMatchObject({
      code: "SYS_001",
      delivered: "no",
    });
  });
});
