/** Signing in at an OpenID Connect provider, and what somebody tries who is not let in. */
import {
  type Lies,
  type OpenIdProvider,
  type Somebody,
  startOpenIdProvider,
} from "@switchboard/testkit/openid-provider";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { newTenant, secretIn } from "../test-support/people.ts";
import { Visitor } from "../test-support/visitor.ts";

const CLIENT = { clientId: "switchboard", clientSecret: "the client's secret" };

describe("TEN-1 signing in at a provider", () => {
  let provider: OpenIdProvider;
  let gateway: TestGateway;
  let owner: Visitor;
  const OWNER = "owner@corp.example";
  const visitor = () => new Visitor(() => gateway.url);
  const somebody = (sub: string, more: Partial<Somebody> = {}): Somebody => ({
    sub,
    email: `${sub}@corp.example`,
    email_verified: true,
    name: `Name of ${sub}`,
    ...more,
  });
  const callback = (id = "corp") => `${gateway.url}/auth/provider/${id}/callback`;
  const page = (refused?: string) => `${gateway.url}/sign-in${refused === undefined ? "" : `#refused=${refused}`}`;

  /** Goes to the provider; returns where it sends the browser back to. */
  async function leave(who: Visitor, body: object = {}): Promise<URL> {
    const started = await who.post("/auth/provider/start", { provider: "corp", ...body });
    expect([started.status, started.body]).toEqual([200, { address: expect.any(String) }]);
    const there = await fetch(String(started.body.address), { redirect: "manual" });
    expect(there.status).toBe(303);
    return new URL(there.headers.get("location") ?? "");
  }

  /** Comes back with that; returns where the gateway leads to. */
  async function come(who: Visitor, back: URL): Promise<string | null> {
    const answer = await who.fetch(back.href.slice(gateway.url.length));
    expect(answer.status).toBe(303);
    return answer.headers.get("location");
  }

  async function signIn(who: Visitor, body: object = {}): Promise<string | null> {
    return come(who, await leave(who, body));
  }

  const isIn = async (who: Visitor) => (await who.get("/auth/session")).body.person !== undefined;

  beforeAll(async () => {
    provider = await startOpenIdProvider(CLIENT);
    const corp = { id: "corp", name: "Corp", issuer: provider.issuer, clientId: CLIENT.clientId };
    const secret = { clientSecret: { env: "CORP_SECRET" } };
    const providers = [
      { ...corp, ...secret, tenant: "default", role: "viewer", domains: ["corp.example"] },
      { ...corp, ...secret, id: "links", name: "By invitation" },
      { ...corp, id: "wrong", name: "Wrong", issuer: "http://127.0.0.1:1" },
    ];
    gateway = await startTestGateway({
      agent: "echo",
      account: false,
      env: { CORP_SECRET: CLIENT.clientSecret },
      config: { identity: { enabled: true, providers } },
    });
    provider.redirects = [callback("corp"), callback("links")];
    ({ owner } = await newTenant(gateway, "Corp", OWNER));
  });
  beforeEach(() => {
    provider.lies = {};
  });
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await provider?.[Symbol.asyncDispose]();
  });

  it("new people join the tenant of the configuration; who is known comes back as the same person, with a new session", async () => {
    provider.next = somebody("ada");
    const ada = visitor();
    expect((await ada.get("/auth/session")).body).toEqual({
      ways: expect.objectContaining({
        providers: [
          { id: "corp", name: "Corp" },
          { id: "links", name: "By invitation" },
          { id: "wrong", name: "Wrong" },
        ],
      }),
    });
    expect(await signIn(ada)).toBe(page());
    const person = { name: "Name of ada", email: "ada@corp.example" };
    expect((await ada.get("/auth/session")).body).toMatchObject({ person, tenant: "default" });
    expect((await ada.get("/api/v1/me")).body).toMatchObject({ tenant: "default", role: "viewer" });
    const { id } = (await ada.get("/api/v1/me")).body;

    // Another address there is the same person here.
    provider.next = somebody("ada", { email: "countess@corp.example" });
    const again = visitor();
    again.cookie = "switchboard.session_token=planted.c2lnbmVk";
    expect(await signIn(again)).toBe(page());
    expect((await again.get("/api/v1/me")).body).toMatchObject({ id });
    expect(again.cookie).not.toContain("planted");
  });

  it("says who it is only when asked once more: that counts, too", async () => {
    provider.next = somebody("asked");
    provider.lies = { onlyUserInfo: true };
    const asked = visitor();
    expect(await signIn(asked)).toBe(page());
    expect((await asked.get("/auth/session")).body).toMatchObject({ person: { email: "asked@corp.example" } });
  });

  it("without a tenant in the configuration an invitation's link is needed, for that very address", async () => {
    provider.next = somebody("invited", { email: "invited@else.example" });
    const uninvited = visitor();
    expect(await signIn(uninvited, { provider: "links" })).toBe(page("uninvited"));
    const { body } = await owner.post("/api/v1/members", { email: "invited@else.example", role: "admin" });
    const invitation = secretIn(body.link);
    provider.next = somebody("thief", { email: "thief@else.example" });
    expect(await signIn(uninvited, { provider: "links", invitation })).toBe(page("uninvited"));
    expect(await isIn(uninvited)).toBe(false);
    provider.next = somebody("invited", { email: "Invited@else.example" });
    const invited = visitor();
    expect(await signIn(invited, { provider: "links", invitation })).toBe(page());
    expect((await invited.get("/api/v1/me")).body).toMatchObject({ role: "admin" });
    expect(await signIn(visitor(), { provider: "links", invitation: "made-up" })).toBe(page());
  });

  it("an address alone opens no account that has a password; its owner signs in and adds the provider", async () => {
    provider.next = somebody("owner");
    const taker = visitor();
    expect(await signIn(taker)).toBe(page("known"));
    expect(await isIn(taker)).toBe(false);

    provider.next = somebody("somebody-else", { email: "other@corp.example" });
    expect(await signIn(owner, { add: true })).toBe(page("other-address"));
    provider.next = somebody("ada", { email: OWNER });
    expect(await signIn(owner, { add: true })).toBe(page("taken"));
    provider.next = somebody("owner", { email_verified: false });
    expect(await signIn(owner, { add: true })).toBe(page("unverified"));
    provider.next = somebody("owner");
    expect(await signIn(owner, { add: true })).toBe(page());
    const { linked } = (await owner.get("/auth/credentials")).body as { linked: { id: string; subject: string }[] };
    expect(linked).toMatchObject([{ name: "Corp", subject: "owner" }]);
    expect(await signIn(taker)).toBe(page());
    expect((await taker.get("/auth/session")).body).toMatchObject({ person: { email: OWNER } });
    expect((await owner.post("/auth/credentials/remove", { id: linked[0]?.id })).status).toBe(200);
    expect(await signIn(visitor())).toBe(page("known"));
  });

  it("adding is for who began it, and for who is signed in", async () => {
    provider.next = somebody("owner");
    expect((await visitor().post("/auth/provider/start", { provider: "corp", add: true })).status).toBe(401);
    const back = await leave(owner, { add: true });
    const { owner: other } = await newTenant(gateway, "Other", "other@corp.example");
    const mixed = visitor();
    const cookies = owner.cookie.split("; ").filter((pair) => !pair.includes("session_token"));
    mixed.cookie = [other.cookie, ...cookies].join("; ");
    expect(await come(mixed, back)).toBe(page("failed"));
    expect((await other.get("/auth/credentials")).body).toMatchObject({ linked: [] });
  });

  it.each<[string, Partial<Somebody>, string]>([
    ["whose address is not verified", { email_verified: false }, "unverified"],
    ["of whose address the provider says nothing", { email_verified: undefined }, "unverified"],
    ["without an address", { email: undefined }, "unverified"],
    ["of another domain", { email: "x@evil.example" }, "domain"],
    ["of a domain that only ends so", { email: "x@evilcorp.example" }, "domain"],
    ["with the domain before the at", { email: "corp.example@evil.example" }, "domain"],
  ])("somebody %s is refused", async (_who, more, reason) => {
    provider.next = somebody("stranger", more);
    const stranger = visitor();
    expect(await signIn(stranger)).toBe(page(reason));
    expect(await isIn(stranger)).toBe(false);
  });

  it.each<[string, Lies]>([
    ["another nonce", { claims: { nonce: "of another question" } }],
    ["no nonce", { claims: { nonce: undefined } }],
    ["another issuer in the token", { claims: { iss: "https://evil.example" } }],
    ["another issuer in the address (mix-up)", { iss: "https://evil.example" }],
    ["another audience", { claims: { aud: "another client" } }],
    ["several audiences, of which we are not the one meant", { claims: { aud: ["switchboard", "x"], azp: "x" } }],
    ["a token that is over", { claims: { exp: 1 } }],
    ["a signature with a key that is not the provider's", { foreignKey: true }],
    ["an error", { error: "server_error" }],
  ])("%s is no answer", async (_what, lies) => {
    provider.next = somebody("liar");
    provider.lies = lies;
    const victim = visitor();
    expect(await signIn(victim)).toBe(page("failed"));
    expect(await isIn(victim)).toBe(false);
  });

  it("who says no at the provider is told so", async () => {
    provider.lies = { error: "access_denied" };
    expect(await signIn(visitor())).toBe(page("cancelled"));
  });

  it("an answer counts once, with its state, in the browser that asked, at the provider that was asked", async () => {
    provider.next = somebody("ada");
    // It would redeem all of these codes: only the gateway refuses them.
    provider.lies = { careless: true };
    const [asks, other] = [visitor(), visitor()];
    const wrongState = await leave(asks);
    wrongState.searchParams.set("state", "made up");
    expect(await come(asks, wrongState)).toBe(page("failed"));

    const stolen = await leave(asks);
    expect(await come(other, stolen)).toBe(page("failed"));
    const mine = await leave(other);
    expect(await come(other, stolen)).toBe(page("failed"));
    expect(mine.searchParams.get("code")).not.toBe(stolen.searchParams.get("code"));

    const [held, twice] = [asks.cookie, visitor()];
    expect(await come(asks, stolen)).toBe(page());
    twice.cookie = held;
    expect(await come(twice, stolen)).toBe(page("failed"));
    // A code that was redeemed, under a new question.
    const replayed = await leave(twice);
    replayed.searchParams.set("code", stolen.searchParams.get("code") ?? "");
    expect(await come(twice, replayed)).toBe(page("failed"));

    const elsewhere = await leave(twice);
    elsewhere.pathname = elsewhere.pathname.replace("corp", "links");
    expect(await come(twice, elsewhere)).toBe(page("failed"));
    expect([await isIn(other), await isIn(twice)]).toEqual([false, false]);
  });

  it("PKCE: a code that somebody else got is of no use in their own question", async () => {
    provider.next = somebody("ada");
    const [victim, thief] = [visitor(), visitor()];
    const stolen = await leave(victim);
    const own = await leave(thief);
    own.searchParams.set("code", stolen.searchParams.get("code") ?? "");
    expect(await come(thief, own)).toBe(page("failed"));
    expect(provider.redeemed).not.toContain(stolen.searchParams.get("code"));
    expect(await isIn(thief)).toBe(false);
  });

  it("nobody is led to another site, neither by an address nor by a provider that is not there", async () => {
    provider.next = somebody("ada");
    const back = await leave(visitor());
    for (const name of ["redirect", "redirect_uri", "callbackURL", "returnTo", "next"]) {
      back.searchParams.set(name, "https://evil.example");
    }
    expect(await come(visitor(), back)).toBe(page("failed"));
    for (const path of ["/auth/provider/nothing/callback", "/auth/provider/corp/callback?iss=https://evil.example"]) {
      expect((await visitor().fetch(path)).headers.get("location")).toBe(page("failed"));
    }
    const extra = { provider: "corp", callbackURL: "https://evil.example" };
    expect((await visitor().post("/auth/provider/start", extra)).status).toBe(400);
    expect((await visitor().post("/auth/provider/start", { provider: "nothing" })).status).toBe(404);
    const silent = await visitor().post("/auth/provider/start", { provider: "wrong" });
    expect([silent.status, (silent.body.error as { code: string }).code]).toEqual([504, "CONN_007"]);
    const foreign = visitor();
    foreign.origin = "https://evil.example";
    expect((await foreign.post("/auth/provider/start", { provider: "corp" })).status).toBe(403);
  });

  it("who was removed from the tenant does not come back into it by the provider", async () => {
    provider.next = somebody("leaver");
    const leaver = visitor();
    await signIn(leaver);
    const { body } = await leaver.get("/api/v1/me");
    expect(body).toMatchObject({ tenant: "default" });
    const headers = { authorization: `Bearer ${gateway.token}` };
    const id = String(body.id).replace("person:", "");
    const removed = await fetch(`${gateway.url}/api/v1/members/${id}`, { method: "DELETE", headers });
    expect(removed.status).toBe(200);
    expect(await signIn(leaver)).toBe(page());
    expect((await leaver.get("/api/v1/me")).status).toBe(403);
  });

  it("the client's secret stands in no answer and no log", async () => {
    const shown = JSON.stringify([await gateway.request("config.get", {}), gateway.log.lines]);
    expect(shown).toContain("CORP_SECRET");
    expect(shown).not.toContain(CLIENT.clientSecret);
  });
});
