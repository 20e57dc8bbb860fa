import { DEFAULT_TENANT, matches, problemsOf } from "@switchboard/domain";
import { HelloOk } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { HandClock, startGateway } from "./harness.test.util.ts";

describe("the handshake", () => {
  it("DEV-1 the gateway speaks first: a challenge with nonce and time, without seq", async () => {
    await using gateway = await startGateway();
    const [one, two] = [await gateway.open(), await gateway.open()];
    const challenge = await one.next();
    expect(challenge).toEqual({
      type: "event",
      event: "connect.challenge",
      payload: { nonce: expect.stringMatching(/^[0-9a-f-]{36}$/), ts: expect.any(Number) },
    });
    expect((await two.next()).payload.nonce).not.toBe(challenge.payload.nonce);
  });

  it("DEV-1 answers connect with hello-ok: features, snapshot, what was granted, policy", async () => {
    await using gateway = await startGateway({ handlers: { "agents.list": () => never() } });
    const client = await gateway.open();
    const hello = await client.hello();
    expect(problemsOf(HelloOk, hello)).toEqual([]);
    expect(hello).toMatchObject({
      type: "hello-ok",
      protocol: 4,
      server: { version: "1.2.3", connId: expect.any(String) },
      auth: { method: "token", role: "operator", scopes: ["operator.admin"] },
      policy: { maxPayload: 26_214_400, maxBufferedBytes: 52_428_800, tickIntervalMs: 30_000 },
    });
    expect(hello.snapshot.health).toMatchObject({ ok: true });
    expect(hello.snapshot.presence).toEqual([expect.objectContaining({ mode: "gateway", reason: "self" })]);
  });

  it("DEV-1 advertises the methods that have a handler, and no others", async () => {
    await using gateway = await startGateway({
      handlers: { "agents.list": () => never(), "chat.inject": () => never() },
    });
    const { features } = await (await gateway.open()).hello();
    expect(features.methods).toEqual([
      "agents.list",
      "health",
      "sessions.messages.subscribe",
      "sessions.messages.unsubscribe",
      "sessions.subscribe",
      "system-event",
      "system-presence",
      "trace.subscribe",
      "trace.unsubscribe",
    ]);
    expect(features.events).toContain("chat");
  });

  it("DEV-1 closes hard when the first request is another", async () => {
    await using gateway = await startGateway();
    const client = await gateway.open();
    const answer = await client.call("health", {}, "x");
    const message = "invalid handshake: first request must be connect";
    expect(answer).toEqual({ type: "res", id: "x", ok: false, error: { code: "INVALID_REQUEST", message } });
    expect(await client.closed).toEqual({ code: 1008, reason: message });
  });

  it.each([
    ["no JSON", "hello"],
    ["half a frame", '{"type":"req","id":"1","method":"conn'],
    ["bytes that are no text", Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    ["nothing", ""],
    ["brackets without end", "[".repeat(60_000)],
  ])("DEV-1 closes with 1000 and no answer on %s", async (_what, frame) => {
    await using gateway = await startGateway();
    const client = await gateway.open();
    client.send(frame);
    expect(await client.closed).toEqual({ code: 1000, reason: "" });
    expect(client.received().map(({ event }) => event)).toEqual(["connect.challenge"]);
  });

  it.each([
    ["null", "null"],
    ["a number", "1e999"],
    ["an array", "[]"],
    ["an event", '{"type":"event","event":"tick"}'],
    ["a request without id", '{"type":"req","method":"connect"}'],
    ["a request with a number as id", '{"type":"req","id":7,"method":"connect"}'],
    ["a request hidden in a prototype", '{"__proto__":{"type":"req","id":"1","method":"connect"}}'],
  ])("DEV-1 closes with 1008 on %s", async (_what, frame) => {
    await using gateway = await startGateway();
    const client = await gateway.open();
    client.send(frame);
    expect(await client.closed).toEqual({ code: 1008, reason: "invalid request frame" });
  });

  it.each([
    ["missing", undefined],
    ["a string", "hi"],
    ["without client", { minProtocol: 4, maxProtocol: 4 }],
    ["of protocol zero", { minProtocol: 0, maxProtocol: 4, client: CLIENT }],
    ["with an unknown mode", { minProtocol: 4, maxProtocol: 4, client: { ...CLIENT, mode: "operator" } }],
    ["with a device without signature", { minProtocol: 4, maxProtocol: 4, client: CLIENT, device: { id: "x" } }],
  ])("DEV-1 says what is wrong with connect parameters that are %s", async (_what, params) => {
    await using gateway = await startGateway();
    const client = await gateway.open();
    const { error } = await client.call("connect", params);
    expect(error).toEqual({
      code: "INVALID_REQUEST",
      message: expect.stringMatching(/^invalid connect params: ./),
    });
    const { code, reason } = await client.closed;
    expect({ code, startsAlike: error.message.startsWith(reason) }).toEqual({ code: 1008, startsAlike: true });
  });

  it("DEV-1 ignores fields it does not know and takes binary frames as text", async () => {
    await using gateway = await startGateway();
    const client = await gateway.open();
    const params = { minProtocol: 3, maxProtocol: 9, client: { ...CLIENT, later: 1 }, later: {}, auth: { token: "x" } };
    client.send(
      Buffer.from(JSON.stringify({ type: "req", id: "c", method: "connect", params, expectedProfileId: "p" })),
    );
    expect((await client.answer("c")).error.details.code).toBe("AUTH_TOKEN_MISMATCH");
  });

  it("DEV-1 tells a client of another version what would fit, and closes with 1002", async () => {
    await using gateway = await startGateway();
    const client = await gateway.open();
    const { error } = await client.connect({ minProtocol: 3, maxProtocol: 3 });
    expect(error).toEqual({
      code: "INVALID_REQUEST",
      message: "protocol mismatch",
      details: {
        code: "PROTOCOL_MISMATCH",
        clientMinProtocol: 3,
        clientMaxProtocol: 3,
        expectedProtocol: 4,
        minimumProbeProtocol: 3,
      },
    });
    expect(await client.closed).toEqual({ code: 1002, reason: "protocol mismatch" });
  });

  it("DEV-1 knows two roles", async () => {
    await using gateway = await startGateway();
    const client = await gateway.open();
    expect((await client.connect({ role: "worker" })).error.message).toBe("invalid role");
    expect(await client.closed).toEqual({ code: 1008, reason: "invalid role" });
  });

  it("DEV-1 gives a client 15 seconds", async () => {
    const clock = new HandClock();
    await using gateway = await startGateway({ clock });
    const client = await gateway.open();
    await client.next();
    clock.advance(14_999);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    clock.advance(1);
    expect(await client.closed).toEqual({ code: 1000, reason: "" });
  });

  it("DEV-1 takes no more than 64 KiB before the handshake", async () => {
    await using gateway = await startGateway();
    const [little, much] = [await gateway.open(), await gateway.open()];
    little.send(`"${"x".repeat(65_536)}"`);
    expect(await little.closed).toEqual({ code: 1009, reason: "preauth payload too large" });
    much.send("x".repeat(1_000_000));
    expect((await much.closed).code).toBe(1009);
  });

  it("DEV-1 takes 25 MiB afterwards, and closes with 1009 above", async () => {
    await using gateway = await startGateway();
    const client = await gateway.join();
    const around = JSON.stringify({ type: "req", id: "big", method: "health", params: { pad: "" } }).length;
    client.send({ type: "req", id: "big", method: "health", params: { pad: "x".repeat(26_214_400 - around) } });
    expect(await client.answer("big")).toMatchObject({ ok: true });
    client.send({ type: "req", id: "big", method: "health", params: { pad: "x".repeat(26_214_401 - around) } });
    expect((await client.closed).code).toBe(1009);
  });

  it("DEV-1 refuses the 33rd socket of one address at the door, until one goes or is let in", async () => {
    await using gateway = await startGateway({ limits: { preAuthSocketsPerAddress: 2 } });
    const [one, two] = [await gateway.open(), await gateway.open()];
    await expect(gateway.open()).rejects.toThrow("HTTP 503");
    await one.hello();
    const three = await gateway.open();
    await expect(gateway.open()).rejects.toThrow("HTTP 503");
    two.drop();
    three.drop();
    await Promise.all([two.closed, three.closed]);
    await expect.poll(() => gateway.open().then(() => "in", String)).toBe("in");
  });

  it("DEV-1 CVE-2026-25253 a website holds few silent sockets, and takes no place from the gateway's own page or from programs", async () => {
    await using gateway = await startGateway({ limits: { preAuthSocketsPerAddress: 5 } });
    const foreign = { origin: "http://evil.example" };
    const silent = await Promise.all(Array.from({ length: 4 }, () => gateway.open(foreign)));
    for (const origin of ["http://evil.example", "http://worse.example", "null", "http://localhost.evil.example"]) {
      await expect(gateway.open({ origin })).rejects.toThrow("HTTP 403");
    }
    expect((await (await gateway.open()).connect()).ok).toBe(true);
    for (const origin of [gateway.url.replace("ws:", "http:"), "http://localhost:3000"]) {
      expect((await (await gateway.open({ origin })).connect({ scopes: [] })).ok).toBe(true);
    }
    // Those that were let in are told why they may not stay; then there is room for the next.
    const { error } = (await silent[0]?.connect()) ?? {};
    expect(error?.details.code).toBe("CONTROL_UI_ORIGIN_NOT_ALLOWED");
    await silent[0]?.closed;
    await expect.poll(() => gateway.open(foreign).then(() => "in", String)).toBe("in");
    for (const client of silent) client.drop();
  });

  it("DEV-1 a silent socket of a website is closed when its time is over, and sockets of allowed pages are not counted with it", async () => {
    const clock = new HandClock();
    await using gateway = await startGateway({
      clock,
      allowedOrigins: () => ["https://chat.example.com"],
      limits: { foreignSocketsPerAddress: 1 },
    });
    const foreign = { origin: "http://evil.example" };
    const silent = await gateway.open(foreign);
    await expect(gateway.open(foreign)).rejects.toThrow("HTTP 403");
    const allowed = { origin: "https://chat.example.com" };
    const pages = await Promise.all([gateway.open(allowed), gateway.open(allowed)]);
    for (const page of pages) expect((await page.connect()).ok).toBe(true);
    clock.advance(15_000);
    expect((await silent.closed).code).toBe(1000);
    await expect.poll(() => gateway.open(foreign).then(() => "in", String)).toBe("in");
  });

  it("DEV-1 keeps 15 frames that come during the handshake, in order, and no more", async () => {
    const gate = Promise.withResolvers<void>();
    await using gateway = await startGateway({
      snapshot: { version: "1", startedAt: 0, health: () => gate.promise.then(() => ({}) as never) },
    });
    const [patient, hasty] = [await gateway.open(), await gateway.open()];
    const connecting = patient.connect();
    for (let n = 0; n < 15; n += 1) patient.send({ type: "req", id: `q${n}`, method: "system-presence" });
    const tooMany = hasty.connect();
    for (let n = 0; n < 16; n += 1) hasty.send({ type: "req", id: `q${n}`, method: "system-presence" });
    await expect(tooMany).rejects.toThrow("closed");
    expect(await hasty.closed).toEqual({ code: 1008, reason: "too many pending handshake frames" });
    gate.resolve();
    expect(await connecting).toMatchObject({ ok: true });
    for (let n = 0; n < 15; n += 1)
      expect(await patient.next((frame) => frame.type === "res")).toMatchObject({ id: `q${n}`, ok: true });
  });

  it("DEV-1 sends no event before hello-ok", async () => {
    const gate = Promise.withResolvers<void>();
    await using gateway = await startGateway({
      snapshot: { version: "1", startedAt: 0, health: () => gate.promise.then(() => ({}) as never) },
    });
    const client = await gateway.open();
    const connecting = client.connect();
    const other = await gateway.open();
    await other.next();
    gateway.socket.broadcast(DEFAULT_TENANT, "tick", { ts: 1 });
    gate.resolve();
    await connecting;
    gateway.socket.broadcast(DEFAULT_TENANT, "tick", { ts: 2 });
    expect(await client.event("tick")).toMatchObject({ payload: { ts: 2 }, seq: 1 });
    expect(other.received()).toEqual([]);
  });

  it.each([
    ["starting", { reason: "startup-sidecars", retryAfterMs: 500, close: "gateway starting" }],
    ["draining", { reason: "gateway-restarting", retryAfterMs: 1_000, close: "gateway restart in progress" }],
  ] as const)("DEV-1 says come back later while %s", async (phase, { reason, retryAfterMs, close }) => {
    await using gateway = await startGateway({ phase: () => phase });
    const client = await gateway.open();
    expect((await client.connect()).error).toMatchObject({
      code: "UNAVAILABLE",
      retryable: true,
      retryAfterMs,
      details: { reason },
    });
    expect(await client.closed).toEqual({ code: 1013, reason: close });
  });

  it("keeps serving when the health summary cannot be made", async () => {
    await using gateway = await startGateway({
      snapshot: { version: "1", startedAt: 0, health: () => Promise.reject(new Error("no")) },
    });
    const hello = await (await gateway.open()).hello();
    expect(hello.snapshot.health).toEqual({});
    expect(matches(HelloOk, hello)).toBe(true);
  });
});

const CLIENT = { id: "cli", version: "1", platform: "linux", mode: "cli" };

function never(): never {
  throw new Error("not called");
}
