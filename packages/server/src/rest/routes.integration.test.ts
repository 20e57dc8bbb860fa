/** Every route, with every role and with nobody, and with what callers get wrong. */

import { Validator } from "@seriousme/openapi-schema-validator";
import type { ApiScope } from "@switchboard/protocol";
import { ROUTES, type RouteName, type RouteSpec } from "@switchboard/protocol/rest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Role, scopesOf } from "../identity/principal.ts";
import { type RestWorld, startRestWorld } from "../test-support/rest-world.ts";

const ALL = Object.entries(ROUTES) as [RouteName, RouteSpec][];
const ROLES: readonly Role[] = ["viewer", "member", "admin", "owner"];

/** The least role that may ask a route: what this table says, the code has to do. */
const LEAST: Readonly<Record<RouteName, Role>> = {
  "me.get": "viewer",
  "channels.list": "viewer",
  "channels.status": "viewer",
  "channels.connect": "admin",
  "channels.disconnect": "admin",
  "logins.begin": "admin",
  "logins.get": "admin",
  "logins.events": "admin",
  "logins.code": "admin",
  "logins.cancel": "admin",
  "connections.list": "viewer",
  "connections.create": "admin",
  "connections.delete": "admin",
  "conversations.list": "viewer",
  "conversations.get": "viewer",
  "conversations.messages": "viewer",
  "messages.send": "member",
  "messages.get": "viewer",
  "deliveries.list": "viewer",
  "deliveries.get": "viewer",
  "deliveries.cancel": "member",
  "deadLetters.list": "viewer",
  "deadLetters.get": "viewer",
  "deadLetters.replay": "member",
  "deadLetters.discard": "member",
  "sessions.list": "viewer",
  "sessions.get": "viewer",
  "sessions.patch": "member",
  "sessions.reset": "member",
  "pairing.list": "viewer",
  "pairing.approve": "admin",
  "pairing.dismiss": "admin",
  "devices.list": "viewer",
  "devices.remove": "admin",
  "devices.revoke": "admin",
  "devices.requests": "viewer",
  "devices.approve": "admin",
  "devices.reject": "admin",
  "audit.list": "admin",
  "audit.export": "admin",
  "audit.verify": "admin",
  "usage.report": "viewer",
  "usage.records": "viewer",
  "usage.days": "viewer",
  "members.list": "viewer",
  "members.invite": "admin",
  "members.change": "admin",
  "members.remove": "admin",
  "members.leave": "viewer",
  "members.withdraw": "admin",
  "keys.list": "admin",
  "keys.create": "admin",
  "keys.revoke": "admin",
  "tenants.list": "owner",
  "tenants.create": "owner",
  "tenants.createKey": "owner",
  "tenants.suspend": "owner",
  "tenants.resume": "owner",
  "tenants.remove": "owner",
};

/** Ids that nobody has. */
const IDS: Readonly<Record<string, string>> = {
  id: "no-such-id",
  key: "agent:main:nowhere:default:direct:nobody",
  channel: "nowhere",
  accountId: "nobody",
  requestId: "no-such-request",
};
/** Bodies that are well-formed and ask for what is not there. */
const BODIES: Partial<Record<RouteName, object>> = {
  "channels.connect": { channel: "nowhere", credential: {} },
  "channels.disconnect": { channel: "nowhere" },
  "logins.begin": {},
  "logins.code": { code: "1" },
  "connections.create": { channel: "nowhere", credential: {} },
  "messages.send": { channel: "nowhere", to: "nobody", text: "x" },
  "sessions.patch": { label: "x" },
  "pairing.approve": {},
  "devices.revoke": { role: "operator" },
  "members.invite": { email: "ada@example.org", role: "viewer" },
  "members.change": { role: "viewer" },
  "keys.create": { name: "x" },
  "tenants.create": { name: "x" },
  "tenants.createKey": { name: "x" },
};

const pathOf = (name: RouteName, { path }: RouteSpec) => {
  const ids = name === "connections.delete" ? { ...IDS, id: "nowhere:nobody" } : IDS;
  return path.replaceAll(/\{(\w+)\}/g, (_, id: string) => encodeURIComponent(ids[id] ?? "x"));
};

/** Whose caller may ask: tenants are for whoever runs the gateway. */
const tenantFor = (name: RouteName) => (name.startsWith("tenants.") ? "default" : "one");

describe("TEN-1 every route", () => {
  let world: RestWorld;
  beforeAll(async () => {
    world = await startRestWorld({ agent: "echo" });
  });
  afterAll(() => world?.[Symbol.asyncDispose]());
  const ask = (name: RouteName, spec: RouteSpec, role: Role | undefined) =>
    world.call(role && { tenant: tenantFor(name), role }, spec.method, pathOf(name, spec), { body: BODIES[name] });

  it.each(ALL)("%s is for whom the table says, and for nobody else", async (name, spec) => {
    const nobody = await ask(name, spec, undefined);
    expect([nobody.status, nobody.body.code]).toEqual([401, "REQ_005"]);
    for (const role of ROLES) {
      const { body, status } = await ask(name, spec, role);
      const may = ROLES.indexOf(role) >= ROLES.indexOf(LEAST[name]);
      expect([role, status === 403 && body.code === "SEC_003"]).toEqual([role, !may]);
      // This gateway has no sign-in, so no tenants, members and keys either.
      const takesIds = spec.path.includes("{") || name in BODIES || /^(members|keys|tenants)\./.test(name);
      if (may) expect([role, status]).toEqual([role, takesIds ? 404 : 200]);
    }
  });

  it.each(ALL.filter(([name]) => name.startsWith("tenants.")))(
    "%s is for nobody of another tenant",
    async (name, spec) => {
      const caller = { tenant: "one", role: "owner" } as const;
      const { body, status } = await world.call(caller, spec.method, pathOf(name, spec), { body: BODIES[name] });
      expect([status, body.code]).toEqual([403, "SEC_003"]);
    },
  );

  it.each(ALL.filter(([, { body }]) => body))(
    "%s refuses what is no JSON, what is none of its fields, and another type",
    async (name, spec) => {
      const caller = { tenant: "one" };
      const send = (options: object) => world.call(caller, spec.method, pathOf(name, spec), options);
      expect((await send({ text: '{"broken": ' })).status).toBe(400);
      expect((await send({ text: `${"[".repeat(100)}${"]".repeat(100)}` })).status).toBe(400);
      const other = await send({ text: "a=b", headers: { "content-type": "application/x-www-form-urlencoded" } });
      expect([other.status, other.body.action]).toEqual([415, expect.stringContaining("application/json")]);
      const unknown = await send({ body: { ...BODIES[name], tenant: "two" } });
      expect([unknown.status, unknown.body.detail]).toEqual([400, expect.stringContaining("tenant")]);
      expect((await send({ body: { ...BODIES[name], padding: "x".repeat(300_000) } })).status).toBe(413);
    },
  );

  it.each(ALL.filter(([, { method, params }]) => params || method === "GET"))(
    "%s refuses a query that it does not know",
    async (name, spec) => {
      const { body, status } = await world.call({ tenant: "one" }, spec.method, `${pathOf(name, spec)}?tenant=two`, {
        body: BODIES[name],
      });
      expect([status, body.code]).toEqual([400, "REQ_001"]);
    },
  );

  it.each(ALL.filter(([, { query }]) => query))("%s refuses pages that make no sense", async (name, spec) => {
    for (const query of ["limit=0", "limit=many", "limit=100000", "cursor=%00", "cursor=&limit=1", "limit=1&limit=2"]) {
      const { status } = await world.call({ tenant: "one" }, spec.method, `${pathOf(name, spec)}?${query}`);
      expect([query, [400, 404].includes(status)]).toEqual([query, true]);
    }
  });

  it("a scope of every kind that routes ask for is some role's", () => {
    const asked = new Set(ALL.flatMap(([, { scope }]) => (scope === null ? [] : [scope])));
    const owners: ReadonlySet<ApiScope> = scopesOf("owner");
    expect([...asked].filter((scope) => !owners.has(scope))).toEqual([]);
  });

  it("is in a valid OpenAPI document, which anybody may read, and on a page that runs nothing", async () => {
    const { body, status } = await world.call(undefined, "GET", "/openapi.json");
    expect(status).toBe(200);
    const { errors, valid } = await new Validator().validate(body as Record<string, unknown>);
    expect([valid, errors]).toEqual([true, undefined]);
    const paths = body.paths as Record<string, Record<string, { operationId: string }>>;
    const ids = Object.values(paths).flatMap((at) => Object.values(at).map(({ operationId }) => operationId));
    expect(ids.sort()).toEqual(ALL.map(([name]) => name).sort());
    const page = await fetch(`${world.gateway.url}/api/v1/docs`);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const text = await page.text();
    expect(text).not.toContain("<script");
    for (const [, { path }] of ALL) expect(text).toContain(path);
    expect(text).toContain('id="CONN_007"');
  });
});
