import { describe, expect, it } from "vitest";
import { growth } from "./measure.ts";
import { type Breach, type Visitor, Watch } from "./watch.ts";

const SECRET = "a-token-that-nobody-may-see";
const stranger: Visitor = { who: "a stranger" };
const reader: Visitor = { who: "a reader", role: "operator", scopes: ["operator.read"] };
const node: Visitor = { who: "a node", role: "node", scopes: [] };

function breachesOf(visitor: Visitor, frame: object, method?: string, params?: unknown): Breach[] {
  const watch = new Watch();
  watch.secrets.add(SECRET);
  watch.frame(visitor, frame, JSON.stringify(frame), method === undefined ? undefined : { method, params });
  return [...watch.found.keys()];
}

const ok = { type: "res", id: "1", ok: true, payload: {} };
const refused = { type: "res", id: "1", ok: false, error: { code: "INVALID_REQUEST", message: "no" } };

describe("what the fuzzer notices", () => {
  it("DEV-1 strangers may hear the challenge and refusals, nothing else", () => {
    const challenge = { type: "event", event: "connect.challenge", payload: { nonce: "n" } };
    for (const frame of [challenge, refused]) expect(breachesOf(stranger, frame)).toEqual([]);
    expect(breachesOf(stranger, ok)).toEqual(["answers to somebody who is not connected"]);
    expect(breachesOf(stranger, { type: "event", event: "tick" })).toEqual([
      "answers to somebody who is not connected",
    ]);
    expect(breachesOf(stranger, { ...ok, payload: { type: "hello-ok" } })).toEqual(["let in who should not be"]);
  });

  it("DEV-8 nobody gets an answer that takes more than they hold", () => {
    expect(breachesOf(reader, ok, "status")).toEqual([]);
    expect(breachesOf(reader, refused, "config.set")).toEqual([]);
    for (const method of ["config.set", "send", "device.pair.list", "no.such"]) {
      expect([method, breachesOf(reader, ok, method)]).toEqual([method, ["answers without the scope"]]);
    }
    expect(breachesOf({ ...reader, scopes: ["operator.sessions.read"] }, ok, "sessions.list")).toEqual([]);
    expect(breachesOf(node, ok, "health")).toEqual([]);
    expect(breachesOf(node, ok, "device.scopes.waitUpgrade")).toEqual(["answers without the scope"]);
  });

  it("DEV-8 nor one whose parameters take more than the method", () => {
    const pairing: Visitor = { who: "somebody who pairs", role: "operator", scopes: ["operator.pairing"] };
    const approve = { requestId: "r", channel: "x" };
    expect(breachesOf(pairing, ok, "channels.pairing.approve", approve)).toEqual([]);
    const owner = { ...approve, bootstrapCommandOwner: true };
    expect(breachesOf(pairing, ok, "channels.pairing.approve", owner)).toEqual(["answers without the scope"]);
    const admin: Visitor = { ...pairing, scopes: ["operator.admin"] };
    expect(breachesOf(admin, ok, "channels.pairing.approve", owner)).toEqual([]);
  });

  it("DEV-1 errors have codes of the protocol, and of our own table", () => {
    for (const details of [undefined, { code: "REQ_001" }, { code: "MISSING_SCOPE" }, { code: "PAIRING_REQUIRED" }]) {
      const error = { code: "INVALID_REQUEST", message: "no", details };
      expect(breachesOf(reader, { ...refused, error })).toEqual([]);
    }
    for (const error of [{ code: "OTHER" }, { message: "no" }, { code: "UNAVAILABLE", details: { code: "REQ_999" } }]) {
      expect(breachesOf(reader, { ...refused, error })).toEqual(["error codes that nobody knows"]);
    }
  });

  it("CRED-3 nobody is told a secret but who it belongs to, and an example does not repeat it", () => {
    const frame = { ...refused, error: { code: "FORBIDDEN", message: `wrong: ${SECRET}` } };
    expect(breachesOf(reader, frame)).toEqual(["secrets told to others"]);
    expect(breachesOf({ ...reader, knows: new Set([SECRET]) }, frame)).toEqual([]);
    const watch = new Watch();
    watch.secrets.add(SECRET);
    watch.text(`{"token":"${SECRET}"}`, "the log", undefined, "secrets in the log");
    expect(watch.found.get("secrets in the log")?.join()).not.toContain(SECRET);
  });

  it("memory that grows without end, and not that which is filled once", () => {
    const MB = 1024 * 1024;
    const rests = (heaps: readonly number[]) => heaps.map((heap) => ({ heap: heap * MB, rss: 200 * MB, handles: 30 }));
    expect(growth(rests([30, 38, 41, 40, 42, 41, 42]))).toBeUndefined();
    expect(growth(rests([30, 40, 60, 80, 100, 120, 140]))).toContain("heap");
  });
});
