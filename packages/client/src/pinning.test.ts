import { describe, expect, it } from "vitest";
import { GatewayClient } from "./client.ts";
import { nodeGatewayClient } from "./node/index.ts";
import type { GatewayClientOptions } from "./options.ts";
import { welcome } from "./scripted-gateway.test.util.ts";
import { certificate, tlsGateway } from "./tls-gateway.test.util.ts";

const SECRET = "a-token-that-must-not-leak";
const quick = { minMs: 5, maxMs: 20, stableMs: 10_000 };

function clientOf(url: string, changes: Partial<GatewayClientOptions> = {}) {
  const client = nodeGatewayClient({
    url,
    token: SECRET,
    client: { id: "cli", version: "1", platform: "linux", mode: "cli" },
    reconnect: quick,
    ...changes,
  });
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}

describe("a pinned certificate", () => {
  it("DEV-11 takes the place of authorities and host names, in every spelling of the fingerprint", async () => {
    await using gateway = await tlsGateway((visit) => welcome(visit));
    const colons = gateway.fingerprint.toUpperCase().match(/../g)?.join(":") ?? "";
    for (const tlsFingerprint of [gateway.fingerprint, colons, `sha256:${gateway.fingerprint}`]) {
      using client = clientOf(gateway.url, { tlsFingerprint });
      expect((await client.connect()).type).toBe("hello-ok");
    }
    expect(gateway.visits).toHaveLength(3);
    // The ear is good.
    expect(gateway.heard()).toContain("GET / HTTP/1.1");
  });

  it("DEV-11 requests, events and orderly ends go over it as over any other line", async () => {
    await using gateway = await tlsGateway(async (visit) => {
      await welcome(visit);
      const { id } = await visit.next();
      visit.send({ type: "event", event: "tick", payload: { ts: 1 }, seq: 1 });
      visit.send({ type: "res", id, ok: true, payload: { big: "ü".repeat(200_000) } });
    });
    using client = clientOf(gateway.url, { tlsFingerprint: gateway.fingerprint });
    const ticks: unknown[] = [];
    client.on("tick", (payload) => ticks.push(payload));
    await client.connect();
    expect(await client.request("status", {})).toEqual({ big: "ü".repeat(200_000) });
    expect(ticks).toEqual([{ ts: 1 }]);
    client.close();
    expect(await gateway.visits[0]?.closed).toBe(1000);
  });

  it("CVE-2026-100551 another certificate is the end: final, clear, and nothing at all was said to it", async () => {
    await using gateway = await tlsGateway((visit) => welcome(visit));
    await using other = await tlsGateway((visit) => welcome(visit));
    let asked = 0;
    using client = clientOf(other.url, {
      tlsFingerprint: gateway.fingerprint,
      token: () => {
        asked += 1;
        return SECRET;
      },
    });
    await expect(client.connect()).rejects.toMatchObject({ code: "SEC_006", retryable: false });
    expect(client.state.name).toBe("refused");
    await expect.poll(() => other.connections).toBe(1);
    expect(other.heard()).toBe("");
    expect(other.visits).toEqual([]);
    expect(asked).toBe(0);
  });

  it("CVE-2026-100551 one wrong digit is another certificate", async () => {
    await using gateway = await tlsGateway((visit) => welcome(visit));
    for (const at of [0, 31, 63]) {
      const digits = [...gateway.fingerprint];
      digits[at] = digits[at] === "0" ? "1" : "0";
      using client = clientOf(gateway.url, { tlsFingerprint: digits.join("") });
      await expect(client.connect()).rejects.toMatchObject({ code: "SEC_006" });
    }
    expect(gateway.heard()).toBe("");
  });

  it("CVE-2026-100551 is checked at every connection, also when the gateway comes back as somebody else", async () => {
    const [mine, theirs] = [await certificate(), await certificate()];
    await using gateway = await tlsGateway((visit) => welcome(visit), { certificate: mine });
    const tlsFingerprint = gateway.fingerprint;
    await using impostor = await tlsGateway((visit) => welcome(visit), { certificate: theirs });
    const urls: string[] = [];
    const { pinnedSocket } = await import("./node/index.ts");
    using client = clientOf(gateway.url, {
      tlsFingerprint,
      pinnedSocket(url, fingerprint) {
        urls.push(url);
        // The same address leads elsewhere the second time, as with another DNS answer.
        return pinnedSocket(urls.length === 1 ? url : impostor.url, fingerprint);
      },
    });
    await client.connect();
    gateway.visits[0]?.socket.terminate();
    await expect.poll(() => client.state.name).toBe("refused");
    expect(client.state).toMatchObject({ error: { code: "SEC_006" } });
    expect(impostor.heard()).toBe("");
  });

  it("CVE-2026-100551 without a pin a certificate that nobody vouches for is refused, and nothing was said", async () => {
    await using gateway = await tlsGateway((visit) => welcome(visit));
    using client = clientOf(gateway.url, { reconnect: false });
    await expect(client.connect()).rejects.toMatchObject({ code: "SYS_004" });
    expect(gateway.heard()).toBe("");
  });

  it.each<[string, Partial<GatewayClientOptions>]>([
    ["an empty pin", { tlsFingerprint: "" }],
    ["a pin that is none", { tlsFingerprint: "abc" }],
    ["a pin without TLS", { url: "ws://127.0.0.1:1", tlsFingerprint: "0".repeat(64) }],
    ["a pin with one address without TLS", { url: ["wss://a.local", "ws://b.local"], tlsFingerprint: "0".repeat(64) }],
    ["a pin where none can be checked", { tlsFingerprint: "0".repeat(64) }],
  ])("CVE-2026-100551 %s is refused instead of ignored", (what, changes) => {
    const options: GatewayClientOptions = {
      url: "wss://127.0.0.1:1",
      client: { id: "cli", version: "1", platform: "linux", mode: "cli" },
      // What a page could bring along does not count.
      socket: () => {
        throw new Error("a socket was opened");
      },
      ...changes,
    };
    const make = () => (what.includes("can be checked") ? new GatewayClient(options) : nodeGatewayClient(options));
    expect(make).toThrow(expect.objectContaining({ code: "REQ_001" }));
  });

  it("DEV-11 a server that speaks no TLS, or no WebSocket, is no reason to hang", async () => {
    const { createServer } = await import("node:net");
    const silent = createServer((socket) => {
      socket.on("error", () => {}).resume();
      socket.end("HTTP/1.1 200 OK\r\n\r\n");
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    using client = clientOf(`wss://127.0.0.1:${port}`, { tlsFingerprint: "0".repeat(64), reconnect: false });
    await expect(client.connect()).rejects.toMatchObject({ code: "SYS_004" });
    await new Promise((resolve) => silent.close(resolve));
  });

  it("DEV-11 goes on trying while nobody is there, and can be stopped before the certificate was seen", async () => {
    await using gateway = await tlsGateway((visit) => welcome(visit));
    using lonely = clientOf("wss://127.0.0.1:1", { tlsFingerprint: gateway.fingerprint });
    const connecting = lonely.connect();
    await expect.poll(() => lonely.state.name).toBe("waiting");
    lonely.close();
    await expect(connecting).rejects.toMatchObject({ code: "SYS_004" });
    using hasty = clientOf(gateway.url, { tlsFingerprint: gateway.fingerprint });
    const stopped = hasty.connect();
    hasty.close();
    await expect(stopped).rejects.toMatchObject({ code: "SYS_004" });
    expect(gateway.heard()).toBe("");
  });
});

describe("several addresses", () => {
  const three = (...urls: [string, ...string[]]) => ({ url: urls });

  it("DEV-6 are tried in order until one answers, which is the first to be tried again", async () => {
    await using gateway = await tlsGateway((visit) => welcome(visit));
    const tried: string[] = [];
    const { pinnedSocket } = await import("./node/index.ts");
    using client = clientOf("", {
      ...three("wss://127.0.0.1:1", "wss://127.0.0.1:2", gateway.url),
      tlsFingerprint: gateway.fingerprint,
      pinnedSocket(url, fingerprint) {
        tried.push(new URL(url).port);
        return pinnedSocket(url, fingerprint);
      },
    });
    const states: string[] = [];
    client.onState(({ name }) => states.push(name));
    await client.connect();
    const own = new URL(gateway.url).port;
    expect(tried).toEqual(["1", "2", own]);
    expect(states).toEqual(["connecting", "connected"]);
    gateway.visits[0]?.socket.terminate();
    await expect.poll(() => gateway.visits.length).toBe(2);
    expect(tried).toEqual(["1", "2", own, own]);
  });

  it("DEV-11 one where somebody else answers is passed over, unheard", async () => {
    await using other = await tlsGateway((visit) => welcome(visit));
    await using gateway = await tlsGateway((visit) => welcome(visit));
    using client = clientOf("", { ...three(other.url, gateway.url), tlsFingerprint: gateway.fingerprint });
    await client.connect();
    expect(other.heard()).toBe("");
  });

  it("DEV-11 are given up when everywhere is somebody else, not while one may yet come up", async () => {
    await using other = await tlsGateway((visit) => welcome(visit));
    await using second = await tlsGateway((visit) => welcome(visit));
    using client = clientOf("", { ...three(other.url, second.url), tlsFingerprint: "0".repeat(64) });
    await expect(client.connect()).rejects.toMatchObject({ code: "SEC_006" });
    using patient = clientOf("", { ...three(other.url, "wss://127.0.0.1:1"), tlsFingerprint: "0".repeat(64) });
    patient.connect().catch(() => {});
    await expect.poll(() => patient.state.name).toBe("waiting");
  });

  it("DEV-6 a gateway that refuses has answered: the others are not asked", async () => {
    const refuse = async (visit: { send(frame: unknown): void; next(): Promise<unknown> }) => {
      visit.send({ type: "event", event: "connect.challenge", payload: { nonce: "n", ts: 1 } });
      await visit.next();
      visit.send({ type: "res", id: "connect", ok: false, error: { code: "INVALID_REQUEST", message: "no" } });
    };
    const shared = await certificate();
    await using one = await tlsGateway(refuse, { certificate: shared });
    await using two = await tlsGateway((visit) => welcome(visit), { certificate: shared });
    using client = clientOf("", { ...three(one.url, two.url), tlsFingerprint: one.fingerprint });
    await expect(client.connect()).rejects.toThrow("no");
    expect(two.visits).toEqual([]);
  });
});
