/** Passkeys, by a device in software: adding, signing in, and what somebody tries who has none. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AnswerOptions, Authenticator } from "../test-support/authenticator.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { newTenant, PASSWORD } from "../test-support/people.ts";
import { Visitor } from "../test-support/visitor.ts";

type Creation = Parameters<Authenticator["register"]>[0];

describe("TEN-1 passkeys", () => {
  let gateway: TestGateway;
  let ada: Visitor;
  let device: Authenticator;
  let passkey: unknown;
  const EMAIL = "ada@passkeys.example";
  // Browsers allow passkeys for names, not for 127.0.0.1.
  const address = () => gateway.url.replace("127.0.0.1", "localhost");
  const visitor = () => new Visitor(address);
  const database = () => new DatabaseSync(join(gateway.directory, "identity.db"));
  const code = ({ body, status }: { body: Record<string, unknown>; status: number }) => [
    status,
    (body.error as { code?: string } | undefined)?.code,
  ];
  const refused = [401, "REQ_005"];

  async function add(who: Visitor, made: Authenticator, lie: AnswerOptions = {}, name = "Laptop") {
    const { body } = await who.post("/auth/passkeys/challenge");
    return who.post("/auth/passkeys", { name, answer: made.register(body as unknown as Creation, lie) });
  }

  async function signIn(who: Visitor, made: Authenticator, lie: AnswerOptions = {}) {
    const { body } = await who.post("/auth/passkey/challenge");
    return who.post("/auth/passkey/sign-in", { answer: made.prove(body as { challenge: string }, lie) });
  }

  beforeAll(async () => {
    gateway = await startTestGateway({ agent: "echo", account: false, config: { identity: { enabled: true } } });
    await newTenant(gateway, "Passkeys", EMAIL);
    ada = visitor();
    await ada.post("/auth/sign-in", { email: EMAIL, password: PASSWORD });
    device = new Authenticator(address());
    const added = await add(ada, device);
    expect(added.status).toBe(200);
    passkey = added.body.id;
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it("is added when signed in, signs in without a name or password, is renamed, listed, and removed", async () => {
    const back = visitor();
    back.cookie = "switchboard.session_token=planted.c2lnbmVk";
    expect((await signIn(back, device)).status).toBe(200);
    expect(back.cookie).not.toContain("planted");
    expect((await back.get("/auth/session")).body).toMatchObject({
      person: { email: EMAIL },
      ways: { passkeys: true },
    });
    expect((await back.get("/api/v1/me")).body).toMatchObject({ role: "owner" });

    const second = new Authenticator(address());
    const { body } = await add(back, second, {}, "Phone");
    expect((await back.post("/auth/passkeys/rename", { id: body.id, name: "Old phone" })).status).toBe(200);
    const listed = (await back.get("/auth/credentials")).body;
    expect(listed).toMatchObject({ password: true, linked: [], passkeys: [{ name: "Laptop" }, { name: "Old phone" }] });
    expect(JSON.stringify(listed)).not.toContain(device.id);
    expect((await back.post("/auth/credentials/remove", { id: body.id })).status).toBe(200);
    expect(code(await signIn(visitor(), second))).toEqual(refused);
    using store = new DatabaseSync(join(gateway.directory, "switchboard.db"), { readOnly: true });
    const noted = store.prepare("SELECT action FROM audit WHERE subject = ? ORDER BY action").all(String(body.id));
    expect(noted.map(({ action }) => action)).toEqual(["sign-in.passkey-added", "sign-in.way-removed"]);
  });

  it("is made by the device only where browsers allow it: not at a mere number", async () => {
    const there = new Visitor(() => gateway.url);
    expect((await there.get("/auth/session")).body).toMatchObject({ ways: { passkeys: false } });
    expect(code(await there.post("/auth/passkey/challenge"))).toEqual([400, "REQ_001"]);
  });

  it.each<[string, AnswerOptions]>([
    ["for another site's page", { origin: "https://evil.example" }],
    ["for the same name at another port", { origin: "http://localhost:1" }],
    ["for another site's passkeys", { rpId: "evil.example" }],
    ["without that the device saw its owner", { verified: false }],
    ["for a challenge of the attacker's own", { challenge: "bm90IGEgY2hhbGxlbmdlIG9mIHRoZSBnYXRld2F5" }],
  ])("an answer %s neither signs in nor adds a passkey", async (_what, lie) => {
    expect(code(await signIn(visitor(), device, lie))).toEqual(refused);
    expect(code(await add(ada, new Authenticator(address()), lie))).toEqual(refused);
    expect((await signIn(visitor(), device)).status).toBe(200);
  });

  it("somebody else's name in the answer is refused", async () => {
    expect(code(await signIn(visitor(), device, { userHandle: "c29tZWJvZHkgZWxzZQ" }))).toEqual(refused);
  });

  it("an answer counts once, in the browser that asked, soon, and for what was asked", async () => {
    const asks = visitor();
    // One that does not count its uses: nothing but the question tells a second answer.
    const quiet = new Authenticator(address());
    const uncounted = { counter: 0 };
    expect((await add(ada, quiet, uncounted)).status).toBe(200);
    const challenge = async () => (await asks.post("/auth/passkey/challenge")).body as { challenge: string };
    const first = quiet.prove(await challenge(), uncounted);
    const cookie = asks.cookie;
    expect((await asks.post("/auth/passkey/sign-in", { answer: first })).status).toBe(200);
    asks.cookie = cookie;
    expect(code(await asks.post("/auth/passkey/sign-in", { answer: first }))).toEqual(refused);

    const elsewhere = quiet.prove(await challenge(), uncounted);
    expect(code(await visitor().post("/auth/passkey/sign-in", { answer: elsewhere }))).toEqual(refused);

    const late = quiet.prove(await challenge(), uncounted);
    using file = database();
    file.exec("UPDATE challenges SET until = 1");
    expect(code(await asks.post("/auth/passkey/sign-in", { answer: late }))).toEqual(refused);

    const { body } = await ada.post("/auth/passkeys/challenge");
    const other = quiet.prove(body as { challenge: string }, uncounted);
    expect(code(await ada.post("/auth/passkey/sign-in", { answer: other }))).toEqual(refused);
  });

  it("of one answer sent twice at the same moment one is taken", async () => {
    const asks = visitor();
    const { body } = await asks.post("/auth/passkey/challenge");
    const answer = device.prove(body as { challenge: string });
    const twins = [visitor(), visitor()];
    for (const each of twins) each.cookie = asks.cookie;
    const said = await Promise.all(twins.map((each) => each.post("/auth/passkey/sign-in", { answer })));
    expect(said.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  it("a copy of the device is found by its count", async () => {
    const { counter } = database().prepare("SELECT counter FROM passkeys WHERE id = ?").get(String(passkey)) as {
      counter: number;
    };
    expect(code(await signIn(visitor(), device, { counter }))).toEqual(refused);
    expect((await signIn(visitor(), device, { counter: counter + 1 })).status).toBe(200);
    expect(code(await signIn(visitor(), device, { counter: counter + 1 }))).toEqual(refused);
  });

  it("a passkey belongs to one person, and nobody removes or renames another's", async () => {
    await newTenant(gateway, "Others", "other@passkeys.example");
    const other = visitor();
    await other.post("/auth/sign-in", { email: "other@passkeys.example", password: PASSWORD });
    expect(code(await add(other, device))).toEqual([409, "REQ_004"]);
    expect(code(await other.post("/auth/passkeys/rename", { id: passkey, name: "Mine" }))).toEqual([404, "REQ_002"]);
    expect(code(await other.post("/auth/credentials/remove", { id: passkey }))).toEqual([404, "REQ_002"]);
    const { body } = await ada.post("/auth/passkeys/challenge");
    const planted = new Authenticator(address()).register(body as unknown as Creation);
    const mixed = visitor();
    mixed.cookie = `${other.cookie}; ${ada.cookie.split("; ").find((pair) => pair.startsWith("switchboard.passkey="))}`;
    expect(code(await mixed.post("/auth/passkeys", { name: "Planted", answer: planted }))).toEqual(refused);
    expect((await other.get("/auth/credentials")).body).toMatchObject({ passkeys: [] });
  });

  it("a session that was left open changes no way to sign in; another page's none at all", async () => {
    const open = visitor();
    await signIn(open, device);
    using file = database();
    file.exec(`UPDATE session SET "createdAt" = '2026-01-01T00:00:00.000Z'`);
    for (const path of ["/auth/passkeys/challenge", "/auth/credentials/remove"]) {
      const said = await open.post(path, path.endsWith("remove") ? { id: passkey } : {});
      expect([path, ...code(said)]).toEqual([path, 403, "SEC_003"]);
    }
    open.origin = "https://evil.example";
    expect(code(await open.post("/auth/passkey/challenge"))).toEqual([403, "SEC_003"]);
  });

  it("the only way to sign in stays", async () => {
    const only = visitor();
    await signIn(only, device);
    using file = database();
    file.prepare("DELETE FROM passkeys WHERE id <> ?").run(String(passkey));
    file
      .prepare(`DELETE FROM account WHERE "userId" = (SELECT person FROM passkeys WHERE id = ?)`)
      .run(String(passkey));
    expect(code(await only.post("/auth/credentials/remove", { id: passkey }))).toEqual([409, "REQ_004"]);
  });
});
