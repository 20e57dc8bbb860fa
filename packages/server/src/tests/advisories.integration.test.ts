/** What others were attacked by, tried on a whole gateway; docs/advisories.md lists all of it. */
import { type RequestOptions, request } from "node:http";
import { nodeGatewayClient } from "@switchboard/client/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { metric } from "../test-support/metrics.ts";
import { goodCall, type ProxiedGateway, startProxiedGateway } from "../test-support/proxied-gateway.ts";
import type { Passed } from "../test-support/recording-proxy.ts";

describe("calls of webhooks", () => {
  let setup: ProxiedGateway;
  let good: Passed;

  beforeAll(async () => {
    setup = await startProxiedGateway();
    good = await goodCall(setup);
  });
  afterAll(() => setup?.[Symbol.asyncDispose]());

  const isProof = (name: string) => /secret|signature/.test(name);
  const without = () => Object.fromEntries(Object.entries(good.headers).filter(([name]) => !isProof(name)));

  it("CVE-2026-26316 GHSA-xc7w-v5x6-cc87 that come from this machine need the secret like any other", async () => {
    const { port } = new URL(setup.gateway.url);
    for (const headers of [without(), { ...without(), "x-forwarded-for": "127.0.0.1" }, { host: "localhost" }]) {
      const call = { host: "127.0.0.1", port, method: "POST", path: good.path, headers: { ...headers } };
      expect(await statusOf(call, good.body)).toBe(401);
      const refused = await setup.proxy.send({ ...good, headers: { ...headers } });
      expect(refused.status).toBe(401);
    }
  });

  it("GHSA-xq8g-hgh6-87hv have a secret that nobody chose and nobody guesses, another for each account", async () => {
    const proofs = Object.entries(good.headers).filter(([name]) => isProof(name));
    expect(proofs).not.toEqual([]);
    for (const [, value] of proofs) expect(String(value).length).toBeGreaterThanOrEqual(43);
    await using other = await startProxiedGateway();
    const foreign = await other.proxy.send({ ...good, path: good.path });
    expect(foreign.status).toBe(401);
  });

  it("A21 that are replayed in another spelling happen once: what counts is the event", async () => {
    const { gateway, proxy } = setup;
    const labels = { channel: gateway.platform.id, account: "default" };
    const before = (await metric(gateway, "duplicate_events_total", labels)) ?? 0;
    const asked = gateway.model.count;
    const spellings = [good.body, ` ${good.body}\n`, JSON.stringify(JSON.parse(good.body), null, 2)];
    for (const body of spellings) expect((await proxy.send({ ...good, body })).status).toBe(200);
    await eventually(
      async () => (await metric(gateway, "duplicate_events_total", labels)) === before + spellings.length,
    );
    expect(gateway.model.count).toBe(asked);
  });
});

describe("what holds the gateway's token", () => {
  it("GHSA-943q-mwmv-hhvh reaches no tools over HTTP: there is no such address", async () => {
    await using gateway = await startTestGateway({ account: false });
    for (const path of ["/tools/invoke", "/api/tools/invoke", "/v1/tools/invoke"]) {
      for (const method of ["POST", "GET"]) {
        const { port } = new URL(gateway.url);
        const headers = { authorization: `Bearer ${gateway.token}`, "content-type": "application/json" };
        const body = JSON.stringify({ tool: "exec", args: { command: "id" } });
        expect(await statusOf({ host: "127.0.0.1", port, method, path, headers }, body)).toBe(404);
      }
    }
  });

  it("GHSA-m8wm-r5vq-qjpg GHSA-xmxx-7p24-h892 opens neither the socket nor the page once it was changed, nor does its cookie", async () => {
    const [old, fresh] = ["the-gateway-token-of-yesterday", "the-gateway-token-of-today"];
    await using gateway = await startTestGateway({ account: false, webhooks: true, env: { GATEWAY_TOKEN: old } });
    const login = (token: string) =>
      fetch(`${gateway.url}/session`, { method: "POST", headers: { authorization: `Bearer ${token}` } });
    const cookie = (await login(old)).headers.get("set-cookie")?.split(";")[0] ?? "";
    const authenticated = async () => {
      const answer = await fetch(`${gateway.url}/session`, { headers: { cookie } });
      return (await answer.json()) as { authenticated: boolean };
    };
    const connect = async (token: string) => {
      const client = nodeGatewayClient({
        url: gateway.url,
        token,
        client: { id: "cli", mode: "cli", version: "test", platform: "test" },
        reconnect: false,
      });
      try {
        await client.connect();
        return "connected";
      } catch (error) {
        return (error as { details?: { code?: string } }).details?.code;
      } finally {
        client.close();
      }
    };
    const before = gateway.url;
    await gateway.restart();
    expect(gateway.url).toBe(before);
    expect([await connect(old), await authenticated()]).toEqual(["connected", { authenticated: true }]);
    await gateway.stop();
    await gateway.start({ env: { GATEWAY_TOKEN: fresh } });
    expect(gateway.url).toBe(before);
    expect(await authenticated()).toEqual({ authenticated: false });
    expect((await login(old)).status).toBe(401);
    expect(await connect(old)).toBe("AUTH_TOKEN_MISMATCH");
    expect([await connect(fresh), (await login(fresh)).status]).toEqual(["connected", 204]);
  });

  it("CVE-2026-32897 is no key that the names of people are hashed with", async () => {
    const token = "the-gateway-token-that-is-no-hash-key";
    const nameIn = async (gateway: TestGateway) => {
      await gateway.simulator.say({ from: "Ada", text: "let me in" });
      const [entry] = await eventually(async () => {
        const { entries } = await gateway.request("auditLog.list", { action: "access.denied" });
        return entries.length > 0 && entries;
      });
      return JSON.stringify(entry).match(/peer:[0-9a-f]{16}/)?.[0] ?? "";
    };
    const options = { env: { GATEWAY_TOKEN: token }, account: { settings: { dmPolicy: "allowlist" } } } as const;
    await using one = await startTestGateway(options);
    await using two = await startTestGateway(options);
    const [first, second] = [await nameIn(one), await nameIn(two)];
    expect(first).toMatch(/^peer:/);
    // The same person and the same token, but another installation.
    expect(second).not.toBe(first);
  });
});

function statusOf(call: RequestOptions, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...call, agent: false }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
    });
    outgoing.once("error", reject);
    outgoing.end(call.method === "GET" ? undefined : body);
  });
}
