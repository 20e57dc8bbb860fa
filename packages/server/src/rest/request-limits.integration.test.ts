/** A tenant that asks for too much, as its caller sees it. */
import { ROUTES, type RouteName, type RouteSpec } from "@switchboard/protocol/rest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RestWorld, startRestWorld } from "../test-support/rest-world.ts";
import { TestClock } from "../test-support/test-clock.ts";

const ONE = { tenant: "one" };
const NOTHING = { channel: "nowhere", credential: {} };
const HOUR = 3_600;

/** Each with what it says to a channel that is not there, or to a gateway without people. */
const LIMITED: readonly (readonly [RouteName, string, object | undefined])[] = [
  ["channels.connect", "/channels/connect", NOTHING],
  ["channels.disconnect", "/channels/disconnect", { channel: "nowhere" }],
  ["logins.begin", "/channels/nowhere/login", {}],
  ["connections.create", "/connections", NOTHING],
  ["connections.delete", "/connections/nowhere:nobody", undefined],
  ["members.invite", "/members", { email: "ada@example.org", role: "viewer" }],
];

/** These answer from the first call. */
const REPORTS: readonly (readonly [RouteName, string])[] = [
  ["usage.report", "/usage"],
  ["usage.records", "/usage/records"],
  ["usage.days", "/usage/days"],
];

describe("TEN-5 how often a tenant may use a route", () => {
  let world: RestWorld;
  const clock = new TestClock();
  const ask = (name: RouteName, path: string, body: object | undefined, caller: object = ONE) =>
    world.call(caller as typeof ONE, ROUTES[name].method, path, { body });

  beforeAll(async () => {
    const twice = { calls: 2, seconds: HOUR };
    const config = { limits: { requests: { channels: twice, invitations: twice, reports: twice } } };
    world = await startRestWorld({ agent: "echo", clock, config });
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  it("covers what reaches for platforms, what writes to people, and what adds up usage", () => {
    const limited = (Object.entries(ROUTES) as [RouteName, RouteSpec][]).filter(([, spec]) => spec.limited);
    expect(limited.map(([name]) => name).sort()).toEqual([...LIMITED, ...REPORTS].map(([name]) => name).sort());
  });

  it.each(LIMITED)("%s is refused with 429, the time to wait and the policy", async (name, path, body) => {
    // Who may not, and what is malformed, takes nothing away from those who may.
    expect((await ask(name, path, body, { ...ONE, role: "viewer" })).status).toBe(403);
    expect((await ask(name, path, { ...body, tenant: "two" })).status).toBe(400);
    for (const left of [1, 0]) {
      const { headers, status } = await ask(name, path, body);
      expect([status, headers.get("ratelimit-policy")]).toEqual([404, `"${name}";q=2;w=${HOUR}`]);
      expect(headers.get("ratelimit")).toMatch(new RegExp(`^"${name}";r=${left};t=\\d+$`));
    }
    const { body: problem, headers, status } = await ask(name, path, body);
    expect([status, problem.code, problem.retryable]).toEqual([429, "SEC_011", true]);
    expect(problem.action).toContain("Retry-After");
    const wait = Number(headers.get("retry-after"));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(HOUR);
    expect(headers.get("ratelimit")).toBe(`"${name}";r=0;t=${wait}`);
    expect((await ask(name, path, body, { tenant: "two" })).status).toBe(404);
  });

  it.each(REPORTS)("TEN-7 %s is refused to a tenant that asks too often, and to no other one", async (name, path) => {
    expect((await ask(name, `${path}?tenant=two`, undefined)).status).toBe(400);
    for (const left of [1, 0]) {
      const { headers, status } = await ask(name, path, undefined);
      expect([status, headers.get("ratelimit-policy")]).toEqual([200, `"${name}";q=2;w=${HOUR}`]);
      expect(headers.get("ratelimit")).toMatch(new RegExp(`^"${name}";r=${left};t=\\d+$`));
    }
    const { body: problem, headers, status } = await ask(name, path, undefined);
    expect([status, problem.code, problem.retryable]).toEqual([429, "SEC_011", true]);
    expect(headers.get("ratelimit")).toBe(`"${name}";r=0;t=${headers.get("retry-after")}`);
    expect((await ask(name, path, undefined, { tenant: "two" })).status).toBe(200);
  });

  it("says nothing of limits where there are none", async () => {
    const { headers, status } = await world.call(ONE, "GET", "/channels/status");
    expect([status, headers.get("ratelimit"), headers.get("ratelimit-policy")]).toEqual([200, null, null]);
  });

  it("counts on after a restart, and begins anew when the window is over", async () => {
    await world.gateway.restart();
    const [name, path, body] = ["channels.connect", "/channels/connect", NOTHING] as const;
    expect((await ask(name, path, body)).status).toBe(429);
    clock.jump(HOUR * 1000);
    expect((await ask(name, path, body)).headers.get("ratelimit")).toMatch(`"${name}";r=1;`);
  });
});
