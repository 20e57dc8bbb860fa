/** The ways to sign in besides the gateway's token. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SCOPES } from "@switchboard/protocol";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { authOf, ELSEWHERE, pairingWorld, refusalOf, TestDevice } from "../test-support/pairing-world.ts";
import { startGateway, type TestGateway, type TestGatewayOptions, TOKEN } from "../ws/harness.test.util.ts";
import { authMode } from "./gateway-secret.ts";
import { tailscaleCommand } from "./tailscale.ts";

const proxied: TestGatewayOptions = { trustedProxies: ["127.0.0.1"] };

async function attempt(gateway: TestGateway, headers: Record<string, string>, auth: object = {}, changes: object = {}) {
  const client = await gateway.open(headers);
  const answer = await client.connect({ auth, ...changes });
  return { ok: answer.ok, ...(answer.ok ? (answer.payload.auth as object) : answer.error.details) };
}

describe("mode password", () => {
  const auth = { mode: () => "password" as const };

  it.each([
    ["none", {}, "AUTH_PASSWORD_MISSING"],
    ["an empty one", { password: "" }, "AUTH_PASSWORD_MISSING"],
    ["a wrong one", { password: "wrong" }, "AUTH_PASSWORD_MISMATCH"],
    ["a wrong one beside the right token", { password: "wrong", token: TOKEN }, "AUTH_PASSWORD_MISMATCH"],
  ])("DEV-5 %s is refused", async (_what, given, code) => {
    await using gateway = await startGateway({ ...proxied, auth });
    expect(await attempt(gateway, { "x-forwarded-for": ELSEWHERE }, given)).toMatchObject({ ok: false, code });
  });

  it("DEV-5 takes it in either field, and is never what a device signs", async () => {
    await using gateway = await startGateway({ auth });
    for (const given of [{ password: TOKEN }, { token: TOKEN }]) {
      expect(await attempt(gateway, {}, given)).toMatchObject({
        ok: true,
        method: "password",
        scopes: ["operator.admin"],
      });
    }
    await using world = await pairingWorld(auth);
    const joined = await world.connect(new TestDevice(), { auth: { password: TOKEN }, scopes: ["operator.read"] });
    expect(authOf(joined)).toMatchObject({ method: "password", scopes: ["operator.read"] });
  });

  it("DEV-5 settings that contradict each other are told at the start", () => {
    expect(authMode({ tailscale: false })).toBe("token");
    expect(authMode({ tailscale: false, password: "p" })).toBe("password");
    expect(authMode({ tailscale: false, mode: "token", password: "p", token: "t" })).toBe("token");
    for (const wrong of [
      { password: "p", token: "t" },
      { mode: "password" as const },
      { mode: "trusted-proxy" as const },
    ]) {
      expect(() => authMode({ tailscale: false, ...wrong })).toThrow(/gateway\.auth/);
    }
  });
});

describe("mode trusted-proxy", () => {
  const settings = {
    userHeader: "x-forwarded-user",
    requiredHeaders: ["x-forwarded-proto"],
    allowUsers: ["ada@example.com"],
  };
  const auth = { mode: () => "trusted-proxy" as const, proxy: () => settings };
  const ada = { "x-forwarded-for": ELSEWHERE, "x-forwarded-proto": "https", "x-forwarded-user": "ada@example.com" };

  it("DEV-5 believes the proxy that was named about who it is", async () => {
    await using gateway = await startGateway({ ...proxied, auth });
    expect(await attempt(gateway, ada)).toMatchObject({ ok: true, method: "trusted-proxy", scopes: [] });
    expect(gateway.socket.connections()[0]?.actor).toBe("user:ada@example.com");
  });

  it.each([
    ["without the user's header", { ...ada, "x-forwarded-user": "" }, "AUTH_IDENTITY_HEADER_REQUIRED"],
    [
      "without a header that has to be there",
      { "x-forwarded-for": ELSEWHERE, "x-forwarded-user": "ada@example.com" },
      "AUTH_IDENTITY_HEADER_REQUIRED",
    ],
    [
      "with two users in one header",
      { ...ada, "x-forwarded-user": "ada@example.com, eve@example.com" },
      "AUTH_IDENTITY_HEADER_REQUIRED",
    ],
    ["for somebody who may not", { ...ada, "x-forwarded-user": "eve@example.com" }, "AUTH_UNAUTHORIZED"],
  ])("DEV-5 refuses %s", async (_what, headers, code) => {
    await using gateway = await startGateway({ ...proxied, auth });
    expect(await attempt(gateway, headers)).toMatchObject({ ok: false, code });
    expect(await attempt(gateway, headers, { token: TOKEN })).toMatchObject({ ok: false, code });
  });

  it("DEV-5 the headers of whoever is no proxy count for nothing; this machine has the gateway's secret", async () => {
    await using gateway = await startGateway({ auth });
    const { "x-forwarded-for": _, "x-forwarded-proto": __, ...user } = ada;
    expect(await attempt(gateway, user)).toMatchObject({ ok: false, code: "AUTH_TOKEN_MISSING" });
    expect(await attempt(gateway, user, { token: TOKEN })).toMatchObject({ ok: true, method: "token" });
  });

  it("CVE-2026-32057 what the client calls itself changes nothing: a device has to be approved", async () => {
    await using world = await pairingWorld(auth);
    for (const id of ["openclaw-control-ui", "gateway-client", "cli", "node-host"]) {
      const client = await world.gateway.open({
        ...ada,
        ...(id === "openclaw-control-ui" && { origin: `http://127.0.0.1:${world.gateway.port}` }),
      });
      const { payload } = await client.event("connect.challenge");
      const device = new TestDevice();
      const params = device.params(String(payload.nonce), {
        client: { id },
        scopes: ["operator.admin"],
        signedAt: world.clock.now(),
      });
      const answer = await client.call("connect", params);
      expect(answer.ok).toBe(false);
      expect(["PAIRING_REQUIRED", "CONTROL_UI_ORIGIN_NOT_ALLOWED"]).toContain(answer.error.details.code);
    }
    expect(world.devices.list("default" as never)).toEqual([]);
  });
});

describe("Tailscale", () => {
  const visitor = { "x-forwarded-for": "100.101.102.103", "tailscale-user-login": "ada@example.com" };

  /** A stand-in for the daemon's command, which knows one address. */
  async function daemon(script: string) {
    const directory = await temporaryDirectory();
    const path = join(directory.path, "tailscale");
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return { whois: tailscaleCommand(path), [Symbol.asyncDispose]: () => directory.remove() };
  }
  const KNOWS = `[ "$3" = 100.101.102.103 ] || exit 1\necho '{"UserProfile":{"LoginName":"ada@example.com"}}'`;

  it("DEV-5 CVE-2026-32045 lets in whom the daemon knows by that name, and nobody else", async () => {
    await using tailscale = await daemon(KNOWS);
    await using gateway = await startGateway({ tailscale: true, auth: { whois: tailscale.whois } });
    expect(await attempt(gateway, visitor)).toMatchObject({ ok: true, method: "tailscale", scopes: [] });
    const cases = [
      [{ ...visitor, "tailscale-user-login": "eve@example.com" }, "AUTH_TAILSCALE_IDENTITY_MISMATCH"],
      [{ ...visitor, "x-forwarded-for": "100.101.102.104" }, "AUTH_TAILSCALE_WHOIS_FAILED"],
      [{ ...visitor, "tailscale-user-login": " " }, "AUTH_TAILSCALE_IDENTITY_MISSING"],
    ] as const;
    for (const [headers, code] of cases) expect(await attempt(gateway, headers)).toMatchObject({ ok: false, code });
  });

  it("DEV-5 a daemon that fails or talks nonsense lets nobody in", async () => {
    for (const script of ["exit 1", "echo nonsense", "echo '{}'", `echo '{"UserProfile":{"LoginName":7}}'`]) {
      await using tailscale = await daemon(script);
      await using gateway = await startGateway({ tailscale: true, auth: { whois: tailscale.whois } });
      expect(await attempt(gateway, visitor)).toMatchObject({ ok: false, code: "AUTH_TAILSCALE_WHOIS_FAILED" });
    }
  });

  it("CVE-2026-32045 its headers are refused at the door unless it was turned on, and from outside its network", async () => {
    await using off = await startGateway();
    await expect(off.open(visitor)).rejects.toThrow("HTTP 403");
    await using tailscale = await daemon(KNOWS);
    await using on = await startGateway({ tailscale: true, auth: { whois: tailscale.whois } });
    for (const ip of ["203.0.113.9", "127.0.0.1", "100.128.0.1", "unknown"]) {
      await expect(on.open({ ...visitor, "x-forwarded-for": ip })).rejects.toThrow("HTTP 403");
    }
  });

  it("DEV-4 DEV-5 a device of a known person has to be approved all the same", async () => {
    await using tailscale = await daemon(KNOWS);
    await using gateway = await startGateway({ tailscale: true, auth: { whois: tailscale.whois } });
    const client = await gateway.open(visitor);
    const { payload } = await client.event("connect.challenge");
    const answer = await client.call(
      "connect",
      new TestDevice().params(String(payload.nonce), { scopes: [...SCOPES] }),
    );
    expect(answer.error.details).toMatchObject({ code: "PAIRING_REQUIRED", reason: "not-paired" });
  });
});

describe("a device and the gateway's secret", () => {
  it("CVE-2026-28472 the secret in the wrong field is no credential", async () => {
    await using world = await pairingWorld();
    for (const auth of [{ deviceToken: TOKEN }, { bootstrapToken: TOKEN }]) {
      const refused = refusalOf(await world.connect(new TestDevice(), { ip: ELSEWHERE, auth }));
      expect(refused.code).toMatch(/^AUTH_(DEVICE_TOKEN_MISMATCH|BOOTSTRAP_TOKEN_INVALID)$/);
    }
    expect(world.devices.requests("default" as never)).toEqual([]);
  });
});
