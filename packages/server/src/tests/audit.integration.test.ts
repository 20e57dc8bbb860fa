/** The audit log through the gateway's doors. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

describe("the audit log", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    const headers = { "x-end-user": "{peer}", "x-tenant": "{tenant}/{account}" };
    gateway = await startTestGateway({ agent: { attribution: { headers } } });
    for (const n of [1, 2, 3]) await gateway.request("limits.set", { limits: { accounts: { soft: n } } });
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  const get = async (path: string) => {
    const headers = { authorization: `Bearer ${gateway.token}` };
    const answer = await fetch(`${gateway.url.replace(/^ws/, "http")}/api/v1${path}`, { headers });
    expect(answer.status).toBe(200);
    return answer.json();
  };

  it("OPS-4 is exported page by page and verified, over the WebSocket and over REST alike", async () => {
    const verdict = await gateway.request("auditLog.verify", {});
    expect(verdict.broken).toBeUndefined();
    expect(verdict.rows).toBeGreaterThanOrEqual(3);
    const first = await gateway.request("auditLog.export", { limit: 2 });
    expect(first.rows.map(({ position }) => position)).toEqual([1, 2]);
    expect(first.next).toBe(2);
    const rest = await gateway.request("auditLog.export", { after: 2, limit: 500 });
    expect(rest.rows[0]).toMatchObject({ position: 3, previous: first.rows[1]?.hash });
    expect(rest.next).toBeUndefined();
    expect(await get("/audit/export?limit=2")).toEqual(first);
    expect(await get("/audit/verify")).toMatchObject({ tenant: "default", seals: verdict.seals });
    const { position, hash } = verdict.head;
    expect((await gateway.request("auditLog.verify", { noted: `${position}:${hash}` })).broken).toBeUndefined();
    const another = await gateway.request("auditLog.verify", { noted: `${position}:${"0".repeat(64)}` });
    expect(another.broken).toEqual({ position, problem: "seal" });
  });

  it("TEN-7 OPS-4 neither a model call nor an entry about a session says by name who wrote", async () => {
    const { model, simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "whose call is this" });
    await simulator.waitFor(() => true, { conversation });
    const call = model.requests.find(({ lastUserText }) => lastUserText.includes("whose call is this"));
    expect(call?.headers["x-tenant"]).toBe("default/default");
    expect(call?.headers["x-end-user"]).toMatch(/^peer:[0-9a-f]{16}$/);
    const { sessions } = await gateway.request("sessions.list", { search: `:${conversation}` });
    const key = sessions[0]?.key ?? "";
    expect(key).toContain(`:direct:${conversation}`);
    await gateway.request("sessions.reset", { key });
    const { entries } = await gateway.request("auditLog.list", { limit: 1 });
    expect(entries[0]?.subject).toMatch(/^agent:main:[^:]+:default:direct:peer:[0-9a-f]{16}$/);
  });
});
