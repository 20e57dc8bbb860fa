/** A login by steps takes minutes: what becomes of it when whoever began it loses the right to it meanwhile. */
import { DEFAULT_TENANT } from "@switchboard/domain";
import { startStepsPlatform } from "@switchboard/testkit/steps";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { idOf, joined, newMember, newTenant } from "../test-support/people.ts";

describe("TEN-1 a login that somebody began", () => {
  let gateway: TestGateway;
  let phone: Awaited<ReturnType<typeof startStepsPlatform>>;

  beforeAll(async () => {
    phone = await startStepsPlatform();
    gateway = await startTestGateway({
      agent: "echo",
      account: false,
      env: { STEPS_BASE_URL: phone.url },
      config: { thirdPartyChannels: ["@switchboard/testkit"], identity: { enabled: true } },
    });
  });
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await phone?.[Symbol.asyncDispose]();
  });

  it("connects nothing for an admin who is a member no more", async () => {
    const { owner } = await newTenant(gateway, "Corp", "owner@corp.example");
    const admin = await newMember(gateway, owner, "admin@corp.example", "admin");
    const { body: begun } = await admin.post("/api/v1/channels/steps/login", {});
    expect(begun.state).toBe("qr");
    const member = await idOf(owner, "admin@corp.example");
    expect((await owner.send("DELETE", `/api/v1/members/${member}`)).status).toBe(200);
    phone.scan();
    const ended = await eventually(
      async () => {
        const { body } = await owner.get(`/api/v1/channels/steps/login/${begun.id}`);
        return ["done", "failed"].includes(String(body.state)) ? body : undefined;
      },
      { what: "the end of the login" },
    );
    expect(ended).toMatchObject({ state: "failed", error: { code: "SEC_003" } });
    expect((await owner.get("/api/v1/channels/status")).body.items).toEqual([]);
  });

  it("CRED-1 keeps no tenant from being removed with its keys", async () => {
    const { id, owner } = await newTenant(gateway, "Gone", "owner@gone.example");
    expect((await owner.post("/api/v1/channels/steps/login", {})).body.state).toBe("qr");
    expect(await gateway.request("tenants.remove", { id })).toMatchObject({ id, accounts: 0 });
    const { tenants } = await gateway.request("vault.status", {});
    expect(tenants.filter(({ tenant }) => tenant === id)).toEqual([]);
  });

  it("a key of the gateway's own tenant is made for the operator alone: nobody's outlives them", async () => {
    const headers = { authorization: `Bearer ${gateway.token}`, "content-type": "application/json" };
    const body = JSON.stringify({ email: "person@default.example", role: "owner" });
    const invited = await (await fetch(`${gateway.url}/api/v1/members`, { method: "POST", headers, body })).json();
    const person = await joined(gateway, invited.link);
    expect((await person.get("/api/v1/me")).body).toMatchObject({ tenant: DEFAULT_TENANT, role: "owner" });
    const refused = await person.post(`/api/v1/tenants/${DEFAULT_TENANT}/keys`, { name: "for ever" });
    expect([refused.status, refused.body.code]).toEqual([403, "SEC_003"]);
  });
});
