import { TransportError, unanswered } from "@switchboard/channel-kit/http";
import { describe, expect, it } from "vitest";
import { refused } from "./errors.ts";

describe("CONN-3 Slack's words in ours", () => {
  const cases = [
    ["invalid_auth", "CONN_002", "account", false],
    ["account_inactive", "CONN_002", "account", false],
    ["token_expired", "CONN_002", "account", false],
    ["not_in_channel", "MSG_004", "conversation", false],
    ["is_archived", "MSG_004", "conversation", false],
    ["channel_not_found", "MSG_005", "conversation", false],
    ["msg_too_long", "MSG_003", "message", false],
    ["msg_blocks_too_long", "MSG_003", "message", false],
    ["invalid_blocks", "MSG_008", "message", false],
    ["ratelimited", "CONN_003", "conversation", true],
    ["fatal_error", "MSG_002", "message", true],
    ["something_new", "MSG_002", "message", false],
  ] as const;
  for (const [error, code, scope, retryable] of cases) {
    it(`${error} is ${code}`, () => {
      expect(refused("chat.postMessage", { error }, "send")).toMatchObject({ code, scope, retryable });
    });
  }

  it("missing_scope says which, and what is there", () => {
    const error = refused(
      "users.info",
      { error: "missing_scope", needed: "users:read", provided: "chat:write" },
      "other",
    );
    expect(error).toMatchObject({ code: "CONN_002" });
    expect(error.message).toContain("users:read");
    expect(error.message).toContain("chat:write");
  });

  it("only Slack's own failures leave open whether a message arrived", () => {
    expect(refused("chat.postMessage", { error: "fatal_error" }, "send").delivered).toBe("unknown");
    expect(refused("chat.postMessage", { error: "not_in_channel" }, "send").delivered).toBe("no");
    expect(refused("chat.update", { error: "fatal_error" }, "other").delivered).toBe("no");
  });

  it("a broken connection is unknown once the request had left", () => {
    for (const sent of [true, false]) {
      const error = unanswered(
        { platform: "Slack", what: "chat.postMessage", kind: "send" },
        new TransportError("ECONNRESET", "reset", sent),
      );
      expect(error).toMatchObject({ code: "CONN_001", delivered: sent ? "unknown" : "no", retryable: true });
    }
  });
});
