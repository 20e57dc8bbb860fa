/** The published client against the real gateway. */
import { inspect } from "node:util";
import { type ClientState, deviceFromKeyPair, GatewayClient, type GatewayClientOptions } from "@switchboard/client";
import { DEFAULT_TENANT } from "@switchboard/domain";
import { freePort } from "@switchboard/testkit/gateway-process";
import { describe, expect, expectTypeOf, it } from "vitest";
import { HEALTH, startGateway, type TestGateway, type TestGatewayOptions, TOKEN } from "./harness.test.util.ts";
import { sharedSecret } from "./shared-secret.ts";

const quick = { minMs: 5, maxMs: 20, stableMs: 10_000 };

function clientOf(gateway: Pick<TestGateway, "url">, changes: Partial<GatewayClientOptions> = {}) {
  const client = new GatewayClient({
    url: gateway.url,
    token: TOKEN,
    client: { id: "cli", version: "1", platform: "linux", mode: "cli" },
    scopes: ["operator.admin"],
    reconnect: quick,
    ...changes,
  });
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}

const chat: TestGatewayOptions["handlers"] = {
  "chat.send": ({ idempotencyKey: runId }) => ({ runId, status: "started" }),
  async agent({ idempotencyKey: runId }, context) {
    context.accepted({ runId, sessionKey: "s", agentId: "a", status: "accepted", acceptedAt: 1 });
    await new Promise((resolve) => setImmediate(resolve));
    return { runId, status: "ok", summary: "completed" };
  },
};

describe("the client and the gateway", () => {
  it("DEV-1 shake hands, ask, answer and tell", async () => {
    await using gateway = await startGateway({ handlers: chat });
    using client = clientOf(gateway);
    const hello = await client.connect();
    expect(hello.auth).toEqual({ method: "token", role: "operator", scopes: ["operator.admin"] });
    expect(client.state).toEqual({ name: "connected", scopes: ["operator.admin"] });
    const sent = await client.request("chat.send", { sessionKey: "s", message: "hi", idempotencyKey: "k" });
    expectTypeOf(sent.status).toEqualTypeOf<"started" | "in_flight" | "ok" | "timeout">();
    expect(sent).toEqual({ runId: "k", status: "started" });
    const heard = new Promise((resolve) => client.on("chat", (payload, { seq }) => resolve([payload.state, seq])));
    gateway.socket.broadcast(DEFAULT_TENANT, "chat", { runId: "k", sessionKey: "s", seq: 1, state: "final" });
    expect(await heard).toEqual(["final", 1]);
  });

  it("AGT-3 the first answer, or the last, as asked", async () => {
    await using gateway = await startGateway({ handlers: chat });
    using client = clientOf(gateway);
    await client.connect();
    const first = await client.request("agent", { message: "hi", idempotencyKey: "1" });
    expect(first.status).toBe("accepted");
    const accepted: unknown[] = [];
    const last = await client.request(
      "agent",
      { message: "hi", idempotencyKey: "2" },
      { expectFinal: true, onAccepted: (answer) => accepted.push(answer) },
    );
    expect(last).toEqual({ runId: "2", status: "ok", summary: "completed" });
    expect(accepted).toEqual([expect.objectContaining({ runId: "2", status: "accepted" })]);
    const again = await client.request("agent", { message: "hi", idempotencyKey: "2" }, { expectFinal: true });
    expect(again).toEqual(last);
  });

  it("DEV-1 errors arrive with their code, advice and details", async () => {
    await using gateway = await startGateway();
    using client = clientOf(gateway, { scopes: ["operator.read"] });
    await client.connect();
    await expect(client.request("chat.abort", { sessionKey: "s" })).rejects.toMatchObject({
      name: "SwitchboardError",
      code: "SEC_003",
      details: { code: "MISSING_SCOPE", gatewayCode: "FORBIDDEN" },
    });
  });

  it("DEV-5 a wrong token is refused for good, and is nowhere in what the client shows", async () => {
    await using gateway = await startGateway();
    using client = clientOf(gateway, { token: "a-wrong-secret" });
    const error = await client.connect().then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ code: "REQ_005", details: { code: "AUTH_TOKEN_MISMATCH" } });
    expect(client.state.name).toBe("refused");
    for (const shown of [
      String(error),
      JSON.stringify(client),
      inspect(client, { depth: 9 }),
      inspect(error, { depth: 9 }),
    ]) {
      expect(shown).not.toContain("a-wrong-secret");
    }
    await expect(client.request("health", {})).rejects.toMatchObject({ code: "SYS_004" });
  });

  it("DEV-3 a device key of Web Crypto proves itself", async () => {
    await using gateway = await startGateway();
    const pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    const device = await deviceFromKeyPair(pair as Parameters<typeof deviceFromKeyPair>[0]);
    using client = clientOf(gateway, {
      device,
      client: { id: "openclaw-tui", version: "1", platform: " Linux ", mode: "ui", deviceFamily: "Desktop" },
    });
    await client.connect();
    expect(gateway.socket.connections()[0]?.device).toBe(device.id);
  });

  it("CONN-2 comes back after a restart of the gateway, asks for the token anew, and starts counting anew", async () => {
    const tokens: string[] = [];
    await using first = await startGateway();
    using client = clientOf(first, {
      token: () => {
        tokens.push(TOKEN);
        return TOKEN;
      },
    });
    const states: ClientState["name"][] = [];
    const gaps: unknown[] = [];
    client.onState(({ name }) => states.push(name));
    client.onGap((gap) => gaps.push(gap));
    await client.connect();
    for (let n = 0; n < 3; n += 1) first.socket.broadcast(DEFAULT_TENANT, "tick", { ts: n });
    await client.request("health", {});
    await first.socket.close({ reason: "restart" });
    await first[Symbol.asyncDispose]();
    await expect.poll(() => states.filter((name) => name === "waiting").length).toBeGreaterThan(1);
    const waiting = client.request("health", {});
    await using second = await startGateway({ port: first.port });
    expect(await waiting).toEqual(HEALTH);
    second.socket.broadcast(DEFAULT_TENANT, "tick", { ts: 9 });
    await client.request("health", {});
    expect(states.slice(0, 3)).toEqual(["connecting", "connected", "waiting"]);
    expect(states.at(-1)).toBe("connected");
    expect(tokens.length).toBeGreaterThan(1);
    expect(gaps).toEqual([]);
  });

  it("GHSA-68x5-xx89-w9mm is thrown out when the token changes, and not let in again with the old one", async () => {
    await using gateway = await startGateway();
    using client = clientOf(gateway);
    await client.connect();
    gateway.secret = sharedSecret("another");
    gateway.socket.reauthorise();
    await expect.poll(() => client.state.name).toBe("refused");
  });

  it("DEV-1 sees when events were dropped", async () => {
    await using gateway = await startGateway({ limits: { maxBufferedBytes: 10_000 } });
    using client = clientOf(gateway);
    await client.connect();
    const gap = new Promise((resolve) => client.onGap(resolve));
    gateway.socket.broadcast(DEFAULT_TENANT, "tick", { ts: 1 });
    gateway.socket.broadcast(
      DEFAULT_TENANT,
      "sessions.changed",
      { ts: 1, reason: "x".repeat(20_000) },
      { dropIfSlow: true },
    );
    await client.request("sessions.subscribe", {});
    gateway.socket.broadcast(
      DEFAULT_TENANT,
      "sessions.changed",
      { ts: 1, reason: "x".repeat(20_000) },
      { dropIfSlow: true },
    );
    gateway.socket.broadcast(DEFAULT_TENANT, "tick", { ts: 2 });
    expect(await gap).toEqual({ expected: 2, received: 3 });
  });

  it("DEV-1 does not send what the gateway would refuse for its size", async () => {
    await using gateway = await startGateway({ limits: { maxPayload: 100_000 }, handlers: chat });
    using client = clientOf(gateway);
    await client.connect();
    const send = (message: string) =>
      client.request("chat.send", { sessionKey: "s", message, idempotencyKey: message.slice(0, 9) });
    await expect(send("x".repeat(200_000))).rejects.toMatchObject({ code: "REQ_003" });
    await expect(send("é".repeat(60_000))).rejects.toMatchObject({ code: "REQ_003" });
    expect(await send("é".repeat(40_000))).toMatchObject({ status: "started" });
  });
});

it("without anybody there the client says so once, or goes on trying", async () => {
  const port = await freePort();
  using once = clientOf({ url: `ws://127.0.0.1:${port}` }, { reconnect: false });
  await expect(once.connect()).rejects.toMatchObject({ code: "SYS_004" });
  using patient = clientOf({ url: `ws://127.0.0.1:${port}` });
  const connected = patient.connect();
  await expect.poll(() => patient.state.name).toBe("waiting");
  await using gateway = await startGateway({ port });
  expect((await connected).type).toBe("hello-ok");
  expect(gateway.socket.connections()).toHaveLength(1);
});
