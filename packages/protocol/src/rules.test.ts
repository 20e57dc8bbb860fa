import { SwitchboardError } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { fromErrorShape, toErrorShape } from "./error-shape.ts";
import { kindOfHost } from "./private-host.ts";
import { grantable, holds, SCOPES, type Scope } from "./scopes.ts";
import { acceptsProtocol } from "./version.ts";

describe("scopes", () => {
  it("DEV-1 admin holds everything, write holds read, and nothing else implies pairing or approvals", () => {
    for (const scope of SCOPES) expect(holds(["operator.admin"], scope)).toBe(true);
    expect(holds(["operator.write"], "operator.read")).toBe(true);
    expect(holds(["operator.write"], "operator.sessions.write")).toBe(true);
    expect(holds(["operator.read"], "operator.write")).toBe(false);
    for (const exact of [
      "operator.pairing",
      "operator.approvals",
      "operator.questions",
      "operator.talk.secrets",
    ] as const)
      expect(holds(["operator.write", "operator.read", "operator.talk"], exact)).toBe(false);
  });

  it("GHSA-rqpp-rjj8-7wv8 grants never more than the ceiling, whatever is asked for", () => {
    const ceiling: Scope[] = ["operator.read", "operator.write"];
    expect(grantable(["operator.admin", "operator.read", "made.up", "operator.read"], ceiling)).toEqual([
      "operator.read",
    ]);
    expect(grantable([...SCOPES], [])).toEqual([]);
    expect(grantable(["__proto__", "constructor"], [...SCOPES])).toEqual([]);
  });
});

describe("version negotiation", () => {
  const offer = (minProtocol: number, maxProtocol: number, role = "operator", mode = "cli") =>
    acceptsProtocol({ minProtocol, maxProtocol, role, mode });

  it("DEV-1 serves every range that contains 4", () => {
    expect(offer(4, 4)).toBe(true);
    expect(offer(3, 4)).toBe(true);
    expect(offer(1, 1e308)).toBe(true);
    expect(offer(3, 3)).toBe(false);
    expect(offer(5, 9)).toBe(false);
    expect(offer(9, 5)).toBe(false);
  });

  it("DEV-1 serves probes and nodes of version 3 too, but no operator", () => {
    expect(offer(3, 3, "operator", "probe")).toBe(true);
    expect(offer(2, 2, "operator", "probe")).toBe(false);
    expect(offer(3, 3, "node", "node")).toBe(true);
    expect(offer(3, 3, "node", "cli")).toBe(false);
    expect(offer(3, 3, "operator", "node")).toBe(false);
  });
});

describe("hosts", () => {
  it.each([
    ["localhost", "loopback"],
    ["127.0.0.1", "loopback"],
    ["127.9.9.9", "loopback"],
    ["[::1]", "loopback"],
    ["::ffff:127.0.0.1", "loopback"],
    ["[::ffff:7f00:1]", "loopback"],
    ["0:0:0:0:0:0:0:1", "loopback"],
    ["app.localhost", "loopback"],
    ["10.0.2.2", "private"],
    ["172.16.0.1", "private"],
    ["192.168.1.9", "private"],
    ["169.254.1.1", "private"],
    ["100.64.0.1", "private"],
    ["fd00::1", "private"],
    ["fe80::1", "private"],
    ["fe80::1%eth0", "private"],
    ["[::ffff:a00:1]", "private"],
    ["[::ffff:6440:1]", "private"],
    ["FD00::1", "private"],
    ["nas.local", "private"],
    ["box.tail1234.ts.net", "private"],
    ["gateway", "private"],
    ["172.32.0.1", "public"],
    ["100.128.0.1", "public"],
    ["8.8.8.8", "public"],
    ["2001:db8::1", "public"],
    ["[::ffff:808:808]", "public"],
    ["::ffff:8.8.8.8", "public"],
    ["2002:a00:1::", "public"],
    ["64:ff9b::a00:1", "public"],
    ["::127.0.0.1", "public"],
    ["fd::1", "public"],
    ["::", "public"],
    ["::ffff:gateway", "public"],
    ["example.com", "public"],
    ["127.0.0.1.example.com", "public"],
    ["localhost.example.com", "public"],
    ["fd00.example.com", "public"],
    ["2130706433", "public"],
    ["127.1", "public"],
    ["0177.0.0.1", "public"],
    ["", "public"],
  ])("%s is %s", (host, kind) => {
    expect(kindOfHost(host)).toBe(kind);
  });
});

describe("errors on the wire", () => {
  it("keep code, advice, retry and doubt both ways", () => {
    const error = new SwitchboardError("MSG_007", "no answer", {
      retryable: true,
      retryAfterMs: 50,
      delivered: "unknown",
      details: { delivery: "dlv_1" },
    });
    const shape = toErrorShape(error);
    expect(shape).toEqual({
      code: "UNAVAILABLE",
      message: "no answer",
      details: { code: "MSG_007", action: error.action, delivered: "unknown", delivery: "dlv_1" },
      retryable: true,
      retryAfterMs: 50,
    });
    // Advice more exact than the table's arrives, too.
    const advised = new SwitchboardError("REQ_002", "no such request", { action: "Ask them to write again." });
    expect(fromErrorShape(toErrorShape(advised)).action).toBe("Ask them to write again.");
    expect(fromErrorShape(shape)).toMatchObject({
      code: "MSG_007",
      message: "no answer",
      retryable: true,
      retryAfterMs: 50,
      delivered: "unknown",
    });
  });

  it("of other gateways find the nearest code of the table", () => {
    const read = (code: string, details?: Record<string, unknown>) =>
      fromErrorShape({ code, message: "x", ...(details && { details }) }).code;
    expect(read("FORBIDDEN", { code: "MISSING_SCOPE" })).toBe("SEC_003");
    expect(read("INVALID_REQUEST", { code: "AUTH_TOKEN_MISMATCH" })).toBe("REQ_005");
    expect(read("NOT_PAIRED", { code: "PAIRING_REQUIRED" })).toBe("REQ_005");
    expect(read("INVALID_REQUEST")).toBe("REQ_001");
    expect(read("SOMETHING_NEW", { code: "toString" })).toBe("SYS_004");
  });
});
