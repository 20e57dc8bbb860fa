/** People, tenants and keys, from the first link to the last key. */

import { renameSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { restoreSqliteBackup as restoreBackup } from "@switchboard/store/sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { idOf, joined, newMember, newTenant, PASSWORD, secretIn } from "../test-support/people.ts";
import { Visitor } from "../test-support/visitor.ts";

describe("TEN-1 people and tenants", () => {
  let gateway: TestGateway;
  const visitor = () => new Visitor(() => gateway.url);
  const withKey = (secret: unknown, path: string, init: RequestInit = {}) =>
    fetch(`${gateway.url}/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${secret}`, ...init.headers } });

  beforeAll(async () => {
    gateway = await startTestGateway({ agent: "echo", account: false, config: { identity: { enabled: true } } });
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it("the operator makes a tenant; its owner comes by the link, once, and acts for that tenant only", async () => {
    const { id, link } = await gateway.request("tenants.create", { name: "Acme", owner: "Ada@example.com" });
    expect(new URL(link ?? "").hash).toMatch(/^#invitation=[\w-]{43}$/);
    const ada = visitor();
    const offered = await ada.post("/auth/invitation", { invitation: secretIn(link) });
    expect(offered.body).toEqual({ email: "ada@example.com", role: "owner", tenant: "Acme" });
    const signedUp = await ada.post("/auth/sign-up", { invitation: secretIn(link), name: "Ada", password: PASSWORD });
    expect([signedUp.status, signedUp.body]).toEqual([200, { ok: true }]);
    const [cookie = ""] = signedUp.headers.getSetCookie().filter((each) => each.includes("session_token"));
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/i);

    expect((await ada.get("/api/v1/me")).body).toMatchObject({ kind: "person", tenant: id, role: "owner" });
    const again = await visitor().post("/auth/invitation", { invitation: secretIn(link) });
    expect([again.status, again.body.error]).toEqual([404, expect.objectContaining({ code: "REQ_002" })]);

    const session = await ada.get("/auth/session");
    expect(session.body).toMatchObject({
      person: { name: "Ada", email: "ada@example.com" },
      tenant: id,
      tenants: [{ id, name: "Acme", role: "owner", suspended: false }],
    });
    await ada.post("/auth/sign-out");
    expect((await ada.get("/auth/session")).body).toEqual({
      ways: { signUp: "invite", passkeys: false, providers: [], ethereum: [] },
    });
    const back = await ada.post("/auth/sign-in", { email: "ADA@example.com", password: PASSWORD });
    expect([back.status, back.body]).toEqual([200, { ok: true }]);
    expect((await ada.get("/api/v1/me")).body).toMatchObject({ tenant: id });
  });

  it("roles change for the next request; nobody reaches above their own; the last owner stays", async () => {
    const { owner } = await newTenant(gateway, "Roles", "owner@roles.example");
    const admin = await newMember(gateway, owner, "admin@roles.example", "admin");
    const viewer = await newMember(gateway, admin, "viewer@roles.example", "viewer");
    const [ownerId, adminId] = [await idOf(owner, "owner@roles.example"), await idOf(owner, "admin@roles.example")];

    const refused = { status: 403, body: { code: "SEC_003" } };
    expect(await admin.post("/api/v1/members", { email: "x@roles.example", role: "owner" })).toMatchObject(refused);
    expect(await admin.send("PATCH", `/api/v1/members/${adminId}`, { role: "owner" })).toMatchObject(refused);
    expect(await admin.send("PATCH", `/api/v1/members/${ownerId}`, { role: "viewer" })).toMatchObject(refused);
    expect(await admin.send("DELETE", `/api/v1/members/${ownerId}`)).toMatchObject(refused);
    expect(await viewer.post("/api/v1/members", { email: "x@roles.example", role: "viewer" })).toMatchObject(refused);
    const last = { status: 409, body: { code: "REQ_004" } };
    expect(await owner.send("DELETE", "/api/v1/membership")).toMatchObject(last);
    expect(await owner.send("PATCH", `/api/v1/members/${ownerId}`, { role: "admin" })).toMatchObject(last);

    expect((await owner.send("PATCH", `/api/v1/members/${adminId}`, { role: "viewer" })).status).toBe(200);
    expect((await admin.get("/api/v1/me")).body).toMatchObject({ role: "viewer" });
    expect(await admin.post("/api/v1/members", { email: "y@roles.example", role: "viewer" })).toMatchObject(refused);
    expect((await viewer.send("DELETE", "/api/v1/membership")).status).toBe(200);
    expect(await viewer.get("/api/v1/me")).toMatchObject(refused);
    expect((await owner.send("DELETE", `/api/v1/members/${adminId}`)).status).toBe(200);
    expect(await admin.get("/api/v1/me")).toMatchObject(refused);
  });

  it("two owners that remove each other in the same moment leave one", async () => {
    const { owner: one } = await newTenant(gateway, "Duel", "one@duel.example");
    const two = await newMember(gateway, one, "two@duel.example", "owner");
    const [oneId, twoId] = [await idOf(one, "one@duel.example"), await idOf(one, "two@duel.example")];
    const answers = await Promise.all([
      one.send("DELETE", `/api/v1/members/${twoId}`),
      two.send("DELETE", `/api/v1/members/${oneId}`),
    ]);
    expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
  });

  it("an invitation ends with its inviter's right to make it, is for one address, and can be withdrawn", async () => {
    const { owner } = await newTenant(gateway, "Links", "owner@links.example");
    const admin = await newMember(gateway, owner, "admin@links.example", "admin");
    const invited = await admin.post("/api/v1/members", { email: "late@links.example", role: "admin" });
    await owner.send("PATCH", `/api/v1/members/${await idOf(owner, "admin@links.example")}`, { role: "member" });
    await expect(joined(gateway, invited.body.link)).rejects.toThrow("REQ_002");

    const forOther = await owner.post("/api/v1/members", { email: "other@links.example", role: "viewer" });
    expect(await admin.post("/auth/invitation/accept", { invitation: secretIn(forOther.body.link) })).toMatchObject({
      status: 403,
    });
    const { id } = forOther.body.invitation as { id: string };
    expect((await owner.send("DELETE", `/api/v1/invitations/${id}`)).status).toBe(200);
    await expect(joined(gateway, forOther.body.link)).rejects.toThrow("REQ_002");
  });

  it("one person in two tenants chooses; nobody chooses a tenant that is not theirs", async () => {
    const { id: first, owner } = await newTenant(gateway, "First", "both@choose.example");
    const { id: second, link } = await gateway.request("tenants.create", {
      name: "Second",
      owner: "both@choose.example",
    });
    const { id: foreign } = await newTenant(gateway, "Foreign", "nobody@choose.example");
    expect((await owner.post("/auth/invitation/accept", { invitation: secretIn(link) })).status).toBe(200);
    expect((await owner.get("/api/v1/me")).body.tenant).toBe(second);
    expect((await owner.post("/auth/tenant", { tenant: first })).status).toBe(200);
    expect((await owner.get("/api/v1/me")).body.tenant).toBe(first);
    expect((await owner.post("/auth/tenant", { tenant: foreign })).status).toBe(404);
    expect((await owner.get("/api/v1/me")).body.tenant).toBe(first);
  });

  it("a key has some of its maker's scopes, is shown once, and loses what its maker loses", async () => {
    const { id, owner } = await newTenant(gateway, "Keys", "owner@keys.example");
    const admin = await newMember(gateway, owner, "admin@keys.example", "admin");
    const tooMuch = await admin.post("/api/v1/keys", { name: "k", scopes: ["tenant:write"] });
    expect([tooMuch.status, tooMuch.body.code]).toEqual([403, "SEC_003"]);
    const made = await admin.post("/api/v1/keys", { name: "ci", scopes: ["members:read", "channels:write"] });
    expect(made.status).toBe(201);
    const { secret } = made.body;
    expect(secret).toMatch(/^swb_[a-z0-9]{12}_[\w-]{43}$/);
    const me = async () => (await (await withKey(secret, "/me")).json()) as { scopes: string[] };
    expect(await me()).toMatchObject({ kind: "key", tenant: id, scopes: ["channels:write", "members:read"] });
    expect((await withKey(secret, "/members")).status).toBe(200);
    const listed = await owner.get("/api/v1/keys");
    expect(JSON.stringify(listed.body)).not.toContain(String(secret).slice(20));
    expect(listed.body.keys).toMatchObject([{ name: "ci", prefix: String(secret).slice(0, 16) }]);

    const adminId = await idOf(owner, "admin@keys.example");
    await owner.send("PATCH", `/api/v1/members/${adminId}`, { role: "viewer" });
    expect((await me()).scopes).toEqual(["members:read"]);
    await owner.send("DELETE", `/api/v1/members/${adminId}`);
    expect((await withKey(secret, "/me")).status).toBe(401);
  });

  it("a key stops with its revocation and with its time; a key makes no keys", async () => {
    const { owner } = await newTenant(gateway, "Ends", "owner@ends.example");
    const made = await owner.post("/api/v1/keys", { name: "all", scopes: ["keys:write", "keys:read"] });
    const another = await withKey(made.body.secret, "/keys", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "child", scopes: ["keys:read"] }),
    });
    expect(another.status).toBe(403);
    const { id } = made.body.key as { id: string };
    expect((await owner.send("DELETE", `/api/v1/keys/${id}`)).status).toBe(200);
    expect((await withKey(made.body.secret, "/me")).status).toBe(401);

    const short = await owner.post("/api/v1/keys", { name: "short", expiresAt: Date.now() + 3_600_000 });
    expect((await withKey(short.body.secret, "/me")).status).toBe(200);
    using file = new DatabaseSync(join(gateway.directory, "identity.db"));
    file.prepare("UPDATE keys SET expires_at = 1 WHERE name = 'short'").run();
    expect((await withKey(short.body.secret, "/me")).status).toBe(401);
    expect((await owner.post("/api/v1/keys", { name: "past", expiresAt: 1 })).status).toBe(400);
  });

  it("a suspended tenant's people and keys are refused with a code of its own, until it is resumed", async () => {
    const { id, owner } = await newTenant(gateway, "Slow payer", "owner@slow.example");
    const { body } = await owner.post("/api/v1/keys", { name: "k" });
    await gateway.request("tenants.suspend", { id });
    expect(await owner.get("/api/v1/me")).toMatchObject({ status: 403, body: { code: "SEC_009" } });
    expect((await withKey(body.secret, "/me")).status).toBe(403);
    expect((await owner.get("/auth/session")).body.tenants).toMatchObject([{ suspended: true }]);
    await gateway.request("tenants.resume", { id });
    expect((await owner.get("/api/v1/me")).status).toBe(200);

    const { tenants } = await gateway.request("tenants.list", {});
    expect(tenants.find((each) => each.id === id)).toMatchObject({ name: "Slow payer", members: 1 });
    await gateway.request("tenants.remove", { id });
    expect((await owner.get("/api/v1/me")).status).toBe(403);
    expect((await withKey(body.secret, "/me")).status).toBe(401);
    await expect(gateway.request("tenants.suspend", { id: "default" })).rejects.toMatchObject({ code: "REQ_004" });
  });

  it("TEN-7 a suspension stops accounts that cannot run at that moment, too, and resuming turns them on again", async () => {
    const { id } = await newTenant(gateway, "Broken", "owner@broken.example");
    using file = new DatabaseSync(join(gateway.directory, "switchboard.db"), { timeout: 5_000 });
    file
      .prepare(
        `INSERT INTO accounts (tenant, channel, account, source, enabled, config, settings, created_at, updated_at)
         VALUES (?, 'telegram', 'a', 'store', 1, '{}', '{}', 1, 1)`,
      )
      .run(id);
    const enabled = () => file.prepare("SELECT enabled FROM accounts WHERE tenant = ?").get(id)?.enabled;
    expect(await gateway.request("tenants.suspend", { id })).toMatchObject({ stopped: 1 });
    expect(enabled()).toBe(0);
    // Asked for again, it forgets nothing of what is to run afterwards.
    expect(await gateway.request("tenants.suspend", { id })).toMatchObject({ stopped: 0 });
    expect(await gateway.request("tenants.resume", { id })).toMatchObject({ started: 1 });
    expect(enabled()).toBe(1);
  });

  it("a new password, by the old one or by the operator's link, ends the other sessions", async () => {
    const { id, owner: one } = await newTenant(gateway, "Words", "owner@words.example");
    const two = visitor();
    const email = "owner@words.example";
    await two.post("/auth/sign-in", { email, password: PASSWORD });
    const newPassword = "another password altogether";
    expect((await one.post("/auth/password", { currentPassword: "wrong", newPassword })).status).toBeGreaterThanOrEqual(
      400,
    );
    expect((await two.get("/api/v1/me")).status).toBe(200);
    expect((await one.post("/auth/password", { currentPassword: PASSWORD, newPassword })).status).toBe(200);
    expect((await one.get("/api/v1/me")).body.tenant).toBe(id);
    expect((await two.get("/api/v1/me")).status).toBe(401);

    const { link } = await gateway.request("people.resetLink", { email });
    const body = { token: secretIn(link), newPassword: PASSWORD };
    expect((await visitor().post("/auth/password/reset", body)).status).toBe(200);
    expect((await visitor().post("/auth/password/reset", body)).status).toBe(400);
    expect((await one.get("/api/v1/me")).status).toBe(401);
    expect((await two.post("/auth/sign-in", { email, password: PASSWORD })).status).toBe(200);
    expect((await one.post("/auth/sign-in", { email, password: PASSWORD })).status).toBe(200);
    expect((await one.post("/auth/sign-out-everywhere")).status).toBe(200);
    expect((await two.get("/api/v1/me")).status).toBe(401);
  });

  it("CRED-1 what signs cookies is in the vault: without its key nobody signs in and the rest works, with it all is as before", async () => {
    const { owner } = await newTenant(gateway, "Sealed", "owner@sealed.example");
    const key = join(gateway.directory, "vault-key");
    await gateway.stop();
    renameSync(key, `${key}.away`);
    await gateway.start();
    const refused = await owner.post("/auth/sign-in", { email: "owner@sealed.example", password: PASSWORD });
    expect(refused.body.error).toMatchObject({ code: "SEC_008" });
    const made = await gateway.request("tenants.create", { name: "Meanwhile" });
    const { secret } = await gateway.request("tenants.createKey", { id: made.id, name: "k" });
    expect((await withKey(secret, "/channels/status")).status).toBe(200);
    await gateway.stop();
    renameSync(`${key}.away`, key);
    await gateway.start();
    expect((await owner.get("/api/v1/me")).status).toBe(200);
  });

  it("a backup has the people in it, and brings them back", async () => {
    const { owner } = await newTenant(gateway, "Kept", "owner@kept.example");
    const cookie = owner.cookie;
    const { path } = await gateway.request("backup.create", { name: "with-people.db" });
    await owner.post("/auth/sign-out-everywhere");
    await gateway.stop();
    restoreBackup(gateway.directory, path);
    await gateway.start();
    const back = visitor();
    back.cookie = cookie;
    expect((await back.get("/api/v1/me")).body).toMatchObject({ role: "owner" });
  });
});
