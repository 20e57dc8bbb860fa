import { describe, expect, it } from "vitest";
import { TransportError } from "./call.ts";
import { failedCall, redactor, unanswered } from "./failures.ts";

const send = { platform: "Anywhere", what: "a message", kind: "send" } as const;

describe("Q-6 a call that failed", () => {
  it("may have been taken when it had left and would have made something", () => {
    const reset = new TransportError("ECONNRESET", "reset", true);
    expect(unanswered(send, reset)).toMatchObject({ code: "CONN_001", delivered: "unknown", scope: "message" });
    expect(unanswered({ ...send, kind: "other" }, reset)).toMatchObject({ delivered: "no", scope: "account" });
    const refused = new TransportError("ECONNREFUSED", "refused", false);
    expect(unanswered(send, refused)).toMatchObject({ delivered: "no", scope: "account" });
    expect(unanswered(send, new TransportError("ABORTED", "stopped", true))).toMatchObject({ code: "SYS_001" });
  });

  it("CRED-1 passes no foreign error on, and no secret", () => {
    const redact = redactor("s3cret", undefined, "", /key-\w+/g);
    const thrown = Object.assign(new Error("https://example.com/s3cret and key-abc"), {
      url: "https://example.com/s3cret",
    });
    const error = failedCall(send, thrown, redact);
    expect(error).toMatchObject({ code: "MSG_002", delivered: "unknown" });
    expect(error.message).toContain("https://example.com/<token> and <token>");
    expect(JSON.stringify(error) + String(error.cause)).not.toContain("s3cret");
    const broken = failedCall(send, new TransportError("ECONNRESET", "s3cret", true), redact);
    expect(broken.message).not.toContain("s3cret");
  });
});
