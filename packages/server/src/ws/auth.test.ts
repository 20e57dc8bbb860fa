import { DEFAULT_TENANT } from "@switchboard/domain";
import { SCOPES, type Scope } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import {
  ALL,
  connectParams,
  HandClock,
  HEALTH,
  startGateway,
  type TestGateway,
  type TestGatewayOptions,
  TOKEN,
} from "./harness.test.util.ts";
import { sharedSecret } from "./shared-secret.ts";

const webchat = { id: "webchat-ui", version: "1", platform: "web", mode: "webchat" } as const;
/** Makes a test client look like one from elsewhere. */
const behindProxy: TestGatewayOptions = { trustedProxies: ["127.0.0.1"] };
const from = (ip: string, more: Record<string, string> = {}) => ({ "x-forwarded-for": ip, ...more });

describe("the gateway's token", () => {
  it.each([
    ["no auth at all", undefined, "AUTH_TOKEN_MISSING", "token_missing", "update_auth_configuration"],
    ["an empty token", { token: "" }, "AUTH_TOKEN_MISSING", "token_missing", "update_auth_configuration"],
    ["a wrong token", { token: `${TOKEN}x` }, "AUTH_TOKEN_MISMATCH", "token_mismatch", "update_auth_credentials"],
    ["a wrong password", { password: "x" }, "AUTH_TOKEN_MISMATCH", "token_mismatch", "update_auth_credentials"],
    [
      "a wrong token beside the right password",
      { token: "x", password: TOKEN },
      "AUTH_TOKEN_MISMATCH",
      "token_mismatch",
      "update_auth_credentials",
    ],
    ["only a device token", { deviceToken: TOKEN }, "AUTH_TOKEN_MISSING", "token_missing", "update_auth_configuration"],
  ])("DEV-5 is required: %s", async (_what, auth, code, authReason, recommendedNextStep) => {
    await using gateway = await startGateway(behindProxy);
    const client = await gateway.open(from("203.0.113.9"));
    const { error } = await client.connect({ auth: auth ?? {} });
    expect(error).toEqual({
      code: "INVALID_REQUEST",
      message: expect.stringMatching(/^unauthorized: gateway token m/),
      details: { code, authReason, recommendedNextStep, canRetryWithDeviceToken: false },
    });
    expect(await client.closed).toEqual({ code: 1008, reason: error.message });
  });

  it("DEV-5 may come in the password field, as clients of either mode send it", async () => {
    await using gateway = await startGateway();
    const { auth } = await (await gateway.open()).hello({ auth: { password: TOKEN } });
    expect(auth.method).toBe("token");
  });

  it("DEV-5 that is not configured lets nobody in", async () => {
    await using gateway = await startGateway();
    gateway.secret = undefined;
    const client = await gateway.open();
    expect((await client.connect()).error.details).toMatchObject({ code: "AUTH_TOKEN_NOT_CONFIGURED" });
  });

  it("DEV-5 is not needed in mode none, from private addresses", async () => {
    await using gateway = await startGateway({ ...behindProxy, auth: { mode: () => "none" } });
    expect((await (await gateway.open()).hello({ auth: {} })).auth).toMatchObject({ method: "none", scopes: ALL });
    expect((await (await gateway.open(from("192.168.1.7"))).hello({ auth: {} })).auth.scopes).toEqual([]);
    const stranger = await gateway.open(from("203.0.113.9"));
    expect((await stranger.connect({ auth: {} })).error.details).toMatchObject({ code: "AUTH_REQUIRED" });
  });
});

describe("guessing", () => {
  it("DEV-5 ten wrong tokens in a minute lock an address out for five, the right token included", async () => {
    const clock = new HandClock();
    await using gateway = await startGateway({ ...behindProxy, clock });
    const attempt = async (ip: string, token: string) =>
      (await (await gateway.open(from(ip))).connect({ auth: { token } })) as {
        ok: boolean;
        error?: { details: object };
      };
    for (let n = 0; n < 10; n += 1) {
      expect((await attempt("203.0.113.9", `guess ${n}`)).error?.details).toMatchObject({
        code: "AUTH_TOKEN_MISMATCH",
      });
      clock.advance(1_000);
    }
    expect(await attempt("203.0.113.9", TOKEN)).toMatchObject({
      ok: false,
      error: {
        retryable: true,
        retryAfterMs: 299_000,
        details: { code: "AUTH_RATE_LIMITED", authReason: "rate_limited", recommendedNextStep: "wait_then_retry" },
      },
    });
    expect((await attempt("203.0.113.10", TOKEN)).ok).toBe(true);
    clock.advance(299_000);
    expect((await attempt("203.0.113.9", TOKEN)).ok).toBe(true);
  });

  it("DEV-5 nine wrong tokens, a right one and nine wrong ones lock nobody out", async () => {
    const clock = new HandClock();
    await using gateway = await startGateway({ ...behindProxy, clock });
    const attempt = async (token: string) => (await gateway.open(from("203.0.113.9"))).connect({ auth: { token } });
    for (let round = 0; round < 2; round += 1) {
      for (let n = 0; n < 9; n += 1) expect((await attempt("x")).ok).toBe(false);
      expect((await attempt(TOKEN)).ok).toBe(true);
    }
  });

  it("DEV-5 whoever has a whole IPv6 network is locked out with it, its neighbours are not", async () => {
    await using gateway = await startGateway(behindProxy);
    const code = async (address: string) => {
      const { error } = await (await gateway.open(from(address))).connect({ auth: { token: "x" } });
      return error.details.code;
    };
    const spellings = ["2001:db8::7:0:1", "2001:0db8:0:0:1:2:3:4", "2001:DB8::ffff"];
    for (let n = 0; n < 10; n += 1) expect(await code(spellings[n % 3] ?? "")).toBe("AUTH_TOKEN_MISMATCH");
    expect(await code("2001:db8:0:0:9::9")).toBe("AUTH_RATE_LIMITED");
    expect(await code("2001:db8:0:1::1")).toBe("AUTH_TOKEN_MISMATCH");
  });

  it("DEV-5 a program on this machine is slowed down instead: 250 ms, doubling to 5 s", async () => {
    const clock = new HandClock();
    await using gateway = await startGateway({ clock });
    for (const delay of [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]) {
      const client = await gateway.open();
      await client.next();
      const answer = client.connect({ auth: { token: "x" } });
      await expect.poll(() => clock.expects(delay)).toBe(true);
      clock.advance(delay - 1);
      expect(client.received()).toEqual([]);
      clock.advance(1);
      expect((await answer).error.details).toMatchObject({ code: "AUTH_TOKEN_MISMATCH" });
    }
    expect((await (await gateway.open()).connect()).ok).toBe(true);
  });

  it("DEV-5 a page on this machine is locked out by its origin, other pages are not", async () => {
    await using gateway = await startGateway();
    const page = (port: number) => gateway.open({ origin: `http://localhost:${port}` });
    for (let n = 0; n < 10; n += 1) await (await page(3000)).connect({ auth: { token: "x" } });
    expect((await (await page(3000)).connect()).error.details).toMatchObject({ code: "AUTH_RATE_LIMITED" });
    expect((await (await page(3001)).connect()).ok).toBe(true);
  });
});

describe("what the token grants", () => {
  const everything: Scope[] = [...SCOPES];
  const granted = async (gateway: TestGateway, headers: Record<string, string>, changes = {}) =>
    (await (await gateway.open(headers)).hello({ scopes: everything, ...changes })).auth.scopes;

  it("DEV-1 a CLI or backend of this machine gets what it asks for", async () => {
    await using gateway = await startGateway();
    const backend = { id: "gateway-client", version: "1", platform: "linux", mode: "backend" } as const;
    expect(await granted(gateway, {})).toEqual(everything);
    expect(await granted(gateway, {}, { client: backend })).toEqual(everything);
    expect(await granted(gateway, {}, { scopes: ["operator.read", "made.up"] })).toEqual(["operator.read"]);
  });

  it("DEV-1 who asks for nothing gets nothing, but may ask for health", async () => {
    await using gateway = await startGateway();
    const client = await gateway.open();
    const { scopes: _, ...params } = connectParams();
    expect((await client.call("connect", params)).payload).toMatchObject({ auth: { scopes: [] } });
    expect(await client.call("health")).toMatchObject({ ok: true });
    expect((await client.call("system-presence")).error.details).toMatchObject({ missingScope: "operator.read" });
  });

  it("GHSA-rqpp-rjj8-7wv8 declaring admin from elsewhere grants nothing, whatever the client calls itself", async () => {
    await using gateway = await startGateway(behindProxy);
    for (const id of ["cli", "gateway-client", "test", "openclaw-macos"]) {
      for (const mode of ["cli", "backend", "ui"] as const) {
        const client = { id, version: "1", platform: "linux", mode };
        expect(await granted(gateway, from("192.168.1.7"), { client })).toEqual([]);
      }
    }
    const client = await gateway.join({ scopes: everything }, from("192.168.1.7"));
    expect((await client.call("channels.add", {})).error).toMatchObject({ code: "FORBIDDEN" });
  });

  it("CH-10 the gateway's own page on this machine gets what it asks for, from elsewhere it may read and write", async () => {
    await using gateway = await startGateway(behindProxy);
    const own = { origin: `http://127.0.0.1:${gateway.port}` };
    expect(await granted(gateway, own, { client: webchat })).toEqual(everything);
    const lan = { host: "192.168.1.5:18789", origin: "http://192.168.1.5:18789" };
    const remote = await granted(gateway, from("192.168.1.7", lan), { client: webchat });
    expect(remote).toContain("operator.write");
    for (const scope of ["operator.admin", "operator.pairing", "operator.approvals"])
      expect(remote).not.toContain(scope);
  });

  it("CH-10 a page of a configured origin may read and write", async () => {
    await using gateway = await startGateway({ allowedOrigins: () => ["https://chat.example.com"] });
    const scopes = await granted(gateway, { origin: "https://chat.example.com" }, { client: webchat });
    expect(scopes).toEqual(expect.arrayContaining(["operator.read", "operator.write"]));
    expect(scopes).not.toContain("operator.admin");
  });

  it("DEV-1 another page of this machine gets nothing", async () => {
    await using gateway = await startGateway();
    expect(await granted(gateway, { origin: "http://localhost:3000" })).toEqual([]);
    expect(await granted(gateway, { origin: "http://localhost:3000" }, { client: webchat })).toEqual([]);
  });

  it.each(["openclaw-control-ui", "openclaw-tui", "openclaw-browser-copilot"])(
    "DEV-3 %s needs a device key",
    async (id) => {
      await using gateway = await startGateway();
      const client = await gateway.open({ origin: `http://127.0.0.1:${gateway.port}` });
      const { error } = await client.connect({ client: { id, version: "1", platform: "web", mode: "ui" } });
      expect(error.details).toMatchObject({ code: "CONTROL_UI_DEVICE_IDENTITY_REQUIRED" });
      expect((await client.closed).code).toBe(1008);
    },
  );

  it("DEV-9 a node needs a device key", async () => {
    await using gateway = await startGateway();
    const client = await gateway.open();
    const node = { id: "node-host", version: "1", platform: "linux", mode: "node" } as const;
    const { error } = await client.connect({ role: "node", client: node, minProtocol: 3 });
    expect(error).toMatchObject({ code: "NOT_PAIRED", details: { code: "DEVICE_IDENTITY_REQUIRED" } });
  });
});

describe("the origin of a page", () => {
  it.each([
    ["of another site", "https://evil.example", undefined],
    ["that is hidden", "null", undefined],
    ["that is no web page", "file:///x", undefined],
    ["that only begins alike", "http://127.0.0.1.evil.example", undefined],
    ["that resolves here for a moment (DNS rebinding)", "http://evil.example", "evil.example"],
  ])("DEV-5 %s is refused, also without a token being needed", async (_what, origin, host) => {
    await using gateway = await startGateway({ auth: { mode: () => "none" } });
    const client = await gateway.open({ origin, ...(host !== undefined && { host }) });
    const { error } = await client.connect();
    expect(error).toMatchObject({ code: "INVALID_REQUEST", details: { code: "CONTROL_UI_ORIGIN_NOT_ALLOWED" } });
    expect(await client.closed).toEqual({ code: 1008, reason: error.message });
  });

  it("DEV-5 must be named by clients that are pages", async () => {
    await using gateway = await startGateway();
    const client = await gateway.open();
    expect((await client.connect({ client: webchat })).error.message).toBe("origin not allowed (origin missing)");
  });

  it("DEV-5 of this machine does not count for visitors from elsewhere", async () => {
    await using gateway = await startGateway(behindProxy);
    const origin = `http://127.0.0.1:${gateway.port}`;
    const client = await gateway.open(from("192.168.1.7", { origin }));
    expect((await client.connect()).ok).toBe(false);
  });

  it("DEV-5 a proxy on this machine that nobody named is refused at the door", async () => {
    await using gateway = await startGateway();
    for (const header of ["x-forwarded-for", "forwarded", "x-real-ip", "tailscale-user-login"]) {
      await expect(gateway.open({ [header]: "127.0.0.1" })).rejects.toThrow("HTTP 403");
    }
  });

  it("DEV-5 in a chain of proxies the nearest stranger is the client, not what it claims to forward", async () => {
    await using gateway = await startGateway({ trustedProxies: ["127.0.0.1", "10.0.0.0/8"] });
    const client = await gateway.join({}, from("192.168.1.1, 203.0.113.9, 10.1.2.3"));
    expect(gateway.socket.connections()[0]?.peer).toEqual({
      ip: "203.0.113.9",
      local: false,
      private: false,
      forwarded: true,
    });
    expect((await client.call("system-presence")).ok).toBe(false);
  });
});

describe("the page's cookie", () => {
  const auth = { acceptsCookie: (cookie: string | undefined) => cookie === "session=good" };

  it("CVE-2026-25253 a page needs no token when its cookie is good", async () => {
    await using gateway = await startGateway({ auth });
    const origin = `http://127.0.0.1:${gateway.port}`;
    const page = await gateway.open({ origin, cookie: "session=good" });
    expect((await page.hello({ auth: {}, client: webchat })).auth).toMatchObject({ method: "token", scopes: ALL });
    const stale = await gateway.open({ origin, cookie: "session=old" });
    expect((await stale.connect({ auth: {}, client: webchat })).error.details).toMatchObject({
      code: "AUTH_TOKEN_MISSING",
    });
  });

  it("CVE-2026-25253 the cookie is worth nothing in the hands of other pages or of programs", async () => {
    await using gateway = await startGateway({ auth, allowedOrigins: () => ["*"] });
    const cookie = "session=good";
    for (const headers of [
      { cookie },
      { cookie, origin: "http://localhost:3000" },
      { cookie, origin: "https://evil.example" },
    ]) {
      const client = await gateway.open(headers as Record<string, string>);
      expect((await client.connect({ auth: {} })).error.details).toMatchObject({ code: "AUTH_TOKEN_MISSING" });
    }
  });
});

describe("authority is looked up, not kept", () => {
  it("GHSA-68x5-xx89-w9mm a changed token ends what the old one opened at the next request", async () => {
    let calls = 0;
    await using gateway = await startGateway({
      handlers: {
        "agents.list": () => ({ defaultId: "a", mainKey: "main", scope: "per-sender", agents: [], n: ++calls }),
      },
    });
    const client = await gateway.join();
    expect((await client.call("agents.list")).ok).toBe(true);
    gateway.secret = sharedSecret("another");
    client.send({ type: "req", id: "late", method: "agents.list" });
    expect(await client.closed).toEqual({ code: 4001, reason: "gateway auth changed" });
    expect({ calls, frames: client.received().filter(({ id }) => id === "late") }).toEqual({ calls: 1, frames: [] });
  });

  it("GHSA-68x5-xx89-w9mm the old token opens nothing any more, the new one does (CVE-2026-43585)", async () => {
    await using gateway = await startGateway(behindProxy);
    gateway.secret = sharedSecret("another");
    const client = await gateway.open(from("203.0.113.9"));
    expect((await client.connect()).error.details).toMatchObject({ code: "AUTH_TOKEN_MISMATCH" });
    const next = await gateway.open();
    expect((await next.connect({ auth: { token: "another" } })).ok).toBe(true);
  });

  it("GHSA-68x5-xx89-w9mm events stop too, and reauthorise closes what is idle", async () => {
    await using gateway = await startGateway();
    const [listener, idle] = [await gateway.join(), await gateway.join()];
    gateway.secret = sharedSecret("another");
    gateway.socket.broadcast(DEFAULT_TENANT, "tick", { ts: 1 });
    expect((await listener.closed).code).toBe(4001);
    expect(listener.received().filter(({ event }) => event === "tick")).toEqual([]);
    expect((await idle.closed).code).toBe(4001);

    const again = await gateway.open();
    await again.hello({ auth: { token: "another" } });
    gateway.secret = sharedSecret("a third");
    gateway.socket.reauthorise();
    expect(await again.closed).toEqual({ code: 4001, reason: "gateway auth changed" });
  });

  it("GHSA-68x5-xx89-w9mm a token that changes during the handshake opens nothing", async () => {
    const [asked, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<typeof HEALTH>()];
    const health = () => {
      asked.resolve();
      return gate.promise;
    };
    await using gateway = await startGateway({ snapshot: { version: "1", startedAt: 0, health } });
    const client = await gateway.open();
    client.send({ type: "req", id: "c", method: "connect", params: connectParams() });
    await asked.promise;
    gateway.secret = sharedSecret("another");
    gate.resolve(HEALTH);
    expect((await client.closed).code).toBe(4001);
    expect(client.received().map(({ event }) => event)).toEqual(["connect.challenge"]);
  });

  it("CRED-3 neither answers nor logs hold a token", async () => {
    const lines: string[] = [];
    const keep = (fields: Record<string, unknown>, message: string) =>
      void lines.push(JSON.stringify({ ...fields, message }));
    const log = { debug: keep, info: keep, warn: keep, error: keep, child: () => log };
    await using gateway = await startGateway({ log });
    const good = await gateway.join();
    const bad = await gateway.open({ origin: "http://localhost:3000" });
    lines.push(JSON.stringify(await bad.connect({ auth: { token: "a-wrong-secret" } })));
    good.drop();
    await expect.poll(() => lines.join("\n")).toContain("disconnected");
    expect(lines.join("\n")).toContain("AUTH_TOKEN_MISMATCH");
    expect(lines.join("\n")).not.toContain(TOKEN);
    expect(lines.join("\n")).not.toContain("a-wrong-secret");
  });
});
