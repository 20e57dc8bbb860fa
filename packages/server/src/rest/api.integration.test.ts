import type { TenantId } from "@switchboard/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scopesOf } from "../identity/principal.ts";
import { bodyLater } from "../test-support/body-later.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

describe("TEN-1 who asks the REST API", () => {
  let gateway: TestGateway;
  const admitted = Promise.withResolvers<void>();
  let isRevoked = false;
  const ask = (path: string, init: RequestInit = {}) => fetch(`${gateway.url}/api/v1${path}`, init);
  const asOperator = () => ({ authorization: `Bearer ${gateway.token}` });

  beforeAll(async () => {
    gateway = await startTestGateway({
      agent: "echo",
      account: false,
      authenticators: [
        async ({ headers }) => {
          if (headers["x-test-leaving"] === undefined || isRevoked) return undefined;
          admitted.resolve();
          const scopes = scopesOf("owner");
          return { kind: "person", id: "person:leaving", tenant: "acme" as TenantId, role: "owner", scopes };
        },
        async ({ headers }) =>
          headers["x-test-person"] === undefined
            ? undefined
            : {
                kind: "person",
                id: "person:test",
                tenant: "acme" as TenantId,
                role: "viewer",
                scopes: scopesOf("viewer"),
              },
      ],
    });
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it("takes the gateway's own secret for the owner of the default tenant", async () => {
    const answer = await ask("/me", { headers: asOperator() });
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(await answer.json()).toEqual({
      kind: "operator",
      id: "operator:shared-secret",
      tenant: "default",
      role: "owner",
      scopes: [...scopesOf("owner")],
    });
  });

  it("takes whom another way of proof names, for the tenant that it says", async () => {
    const answer = await ask("/me?", { headers: { "x-test-person": "yes" } });
    expect(await answer.json()).toMatchObject({ kind: "person", tenant: "acme", role: "viewer" });
  });

  it.each<readonly [string, Record<string, string>]>([
    ["nothing", {}],
    ["a wrong token", { authorization: "Bearer wrong" }],
    ["another scheme", { authorization: "Basic d3Jvbmc6d3Jvbmc=" }],
  ])("knows nobody by %s", async (_what, headers) => {
    const answer = await ask("/me", { headers });
    expect([answer.status, answer.headers.get("www-authenticate"), answer.headers.get("content-type")]).toEqual([
      401,
      "Bearer",
      "application/problem+json; charset=utf-8",
    ]);
    expect(await answer.json()).toMatchObject({ code: "REQ_005", status: 401, type: "/api/v1/docs#REQ_005" });
  });

  it("TEN-4 SEC_003 knows the operator's page by its cookie; what another page sends with it changes nothing (CSRF)", async () => {
    const session = await fetch(`${gateway.url}/session`, { method: "POST", headers: asOperator() });
    const cookie = session.headers.get("set-cookie")?.split(";")[0] ?? "";
    expect(cookie).toContain("switchboard_");
    const changing = (origin: string) =>
      ask("/channels/disconnect", {
        method: "POST",
        headers: { cookie, origin, "content-type": "application/json" },
        body: JSON.stringify({ channel: "none-such" }),
      });
    expect((await ask("/me", { headers: { cookie } })).status).toBe(200);
    const another = await changing("http://localhost:1");
    expect([another.status, await another.json()]).toMatchObject([403, { code: "SEC_003" }]);
    expect(await (await changing(gateway.url)).json()).toMatchObject({ code: "CFG_002" });
    const mcp = await fetch(`${gateway.url}/mcp`, { headers: { cookie, origin: gateway.url } });
    expect(mcp.status).toBe(401);
  });

  it("locks out a page that guesses, at the session's door and at this one together", async () => {
    const from = { origin: gateway.url, authorization: "Bearer wrong" };
    const doors = [
      () => ask("/me", { headers: from }),
      () => fetch(`${gateway.url}/session`, { method: "POST", headers: from }),
    ];
    const statuses: number[] = [];
    for (let tries = 0; tries < 12 && !statuses.includes(429); tries++) {
      statuses.push((await doors[tries % 2]?.())?.status ?? 0);
    }
    expect(statuses.at(-1)).toBe(429);
    expect(statuses.length).toBeLessThan(12);
    const locked = await ask("/me", { headers: { ...from, ...asOperator() } });
    expect([locked.status, Number(locked.headers.get("retry-after")) > 0]).toEqual([429, true]);
  });

  it("refuses whoever was sent away before the body was there", async () => {
    const headers = { "x-test-leaving": "yes" };
    const status = await bodyLater(`${gateway.url}/api/v1/messages`, headers, {}, async () => {
      await admitted.promise;
      isRevoked = true;
    });
    expect(status).toBe(401);
  });

  it("says what an address takes, and where there is nothing", async () => {
    const wrong = await ask("/me", { method: "DELETE", headers: asOperator() });
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET"]);
    expect((await ask("/nothing-here", { headers: asOperator() })).status).toBe(404);
    expect((await ask("/me?more=1", { headers: asOperator() })).status).toBe(400);
  });
});
