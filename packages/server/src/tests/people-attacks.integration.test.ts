/** What somebody tries who wants into a tenant that is not theirs, or further up in their own. */
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { noLog } from "@switchboard/core";
import { openIdentityFile } from "@switchboard/store/identity";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { betterAuth } from "better-auth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Members } from "../identity/members.ts";
import { libraryOptions } from "../identity/sign-in-library.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { idOf, joined, newMember, newTenant, PASSWORD } from "../test-support/people.ts";
import { Visitor } from "../test-support/visitor.ts";

describe("TEN-1 attacks on people and tenants", () => {
  let gateway: TestGateway;
  let owner: Visitor;
  let tenant: string;
  const EMAIL = "owner@own.example";
  const visitor = () => new Visitor(() => gateway.url);
  const database = () => new DatabaseSync(join(gateway.directory, "identity.db"));

  beforeAll(async () => {
    gateway = await startTestGateway({ agent: "echo", account: false, config: { identity: { enabled: true } } });
    ({ id: tenant, owner } = await newTenant(gateway, "Own", EMAIL));
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it("fixation: who signs in gets a new session, whatever cookie was planted; the one before ends", async () => {
    const victim = visitor();
    victim.cookie = owner.cookie;
    expect((await victim.post("/auth/sign-in", { email: EMAIL, password: PASSWORD })).status).toBe(200);
    expect(victim.cookie).not.toBe(owner.cookie);
    expect((await owner.get("/api/v1/me")).status).toBe(401);
    expect((await victim.get("/api/v1/me")).status).toBe(200);
    owner.cookie = victim.cookie;

    const planted = visitor();
    planted.cookie = "switchboard.session_token=made-up.c2lnbmVk";
    expect((await planted.get("/api/v1/me")).status).toBe(401);
    await planted.post("/auth/sign-in", { email: EMAIL, password: PASSWORD });
    expect(planted.cookie).not.toContain("made-up");
  });

  it.each([
    ["another site", "https://evil.example"],
    ["a page of this machine at another port", "http://127.0.0.1:1"],
    ["a page without an origin of its own", "null"],
    ["nobody", undefined],
  ])("CSRF: a session does nothing for %s", async (_who, origin) => {
    const victim = visitor();
    victim.cookie = owner.cookie;
    victim.origin = origin;
    for (const [method, path, body] of [
      ["POST", "/auth/sign-out", {}],
      ["POST", "/auth/sign-out-everywhere", {}],
      ["POST", "/auth/tenant", { tenant }],
      ["POST", "/auth/password", { currentPassword: PASSWORD, newPassword: "chosen by the attacker" }],
      ["POST", "/auth/sign-in", { email: EMAIL, password: PASSWORD }],
      ["POST", "/api/v1/members", { email: "evil@own.example", role: "owner" }],
      ["POST", "/api/v1/keys", { name: "evil" }],
      ["DELETE", "/api/v1/membership", undefined],
    ] as const) {
      const answer = await victim.send(method, path, body);
      expect([path, answer.status]).toEqual([path, 403]);
    }
    expect((await owner.get("/api/v1/me")).status).toBe(200);
    expect((await owner.get("/api/v1/keys")).body.keys).toEqual([]);
  });

  it("CSRF: a form of any kind is not read, also from an own page", async () => {
    for (const type of ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"]) {
      for (const path of ["/auth/sign-out", "/auth/sign-in", "/api/v1/keys"]) {
        const body = '{"name":"evil","email":"a@b.c","password":"x"}';
        const answer = await owner.fetch(path, { method: "POST", headers: { "content-type": type }, body });
        expect([type, path, answer.status >= 400 && answer.status < 500]).toEqual([type, path, true]);
      }
    }
    expect((await owner.get("/api/v1/me")).status).toBe(200);
  });

  it("a session in one hand and a key in the other: the key counts, and a wrong one is wrong", async () => {
    const answer = await owner.fetch("/api/v1/me", { headers: { authorization: "Bearer swb_wrong" } });
    expect(answer.status).toBe(401);
  });

  it("nothing of the sign-in library is to be reached but what is ours, and no plug-in's address", async () => {
    await using directory = await temporaryDirectory();
    const file = await openIdentityFile(directory.path);
    const options = { members: new Members(file.db, Date.now), secret: "x".repeat(32), sessionDays: 1, log: noLog };
    const library = betterAuth(
      libraryOptions("http://localhost:1", { ...options, database: file, mayJoin: async () => false }),
    );
    const own = Object.values(library.api).map(({ path }) => path ?? "");
    await file.close();
    expect(own.length).toBeGreaterThan(20);
    // biome-ignore format: one line a plug-in
    const plugins = [
      "/organization/update-member-role", "/organization/create", "/organization/invite-member", "/organization/set-active",
      "/admin/set-role", "/admin/impersonate-user", "/admin/create-user", "/admin/list-users",
      "/api-key/create", "/api-key/update", "/api-key/verify", "/multi-session/set-active", "/one-time-token/generate",
    ];
    const body = { userId: "x", role: "owner", permissions: { all: ["*"] }, callbackURL: "https://evil.example" };
    const ours = ["/sign-out"];
    const reached: string[] = [];
    for (const path of new Set([...own, ...plugins])) {
      const address = `/auth${path.replace(/:\w+/g, "x")}`;
      const [got, posted] = [await owner.fetch(address), await owner.post(address, body)];
      if (got.status !== 404 || posted.status !== 404) reached.push(path);
    }
    expect(reached).toEqual(ours);
    expect((await owner.get("/api/v1/me")).body).toMatchObject({ role: "owner" });
  });

  it("fields that nobody asked for are refused: no role, tenant, maker or address to return to comes with a body", async () => {
    for (const [path, body] of [
      ["/auth/sign-in", { email: EMAIL, password: PASSWORD, callbackURL: "https://evil.example" }],
      ["/auth/sign-up", { invitation: "x", name: "n", password: PASSWORD, role: "owner", tenant }],
      ["/api/v1/keys", { name: "k", userId: "other", permissions: ["all"] }],
      ["/api/v1/members", { email: "a@own.example", role: "viewer", tenant: "default" }],
    ] as const) {
      const answer = await owner.post(path, body);
      expect([path, answer.status]).toEqual([path, 400]);
    }
    const uninvited = { email: "new@own.example", name: "New", password: PASSWORD };
    expect((await visitor().post("/auth/sign-up", uninvited)).status).toBe(403);
  });

  it("the owner of one tenant reaches nothing of another by its ids", async () => {
    const { owner: other } = await newTenant(gateway, "Other", "owner@other.example");
    const theirs = {
      member: await idOf(other, "owner@other.example"),
      invitation: (await other.post("/api/v1/members", { email: "x@other.example", role: "viewer" })).body.invitation,
      key: (await other.post("/api/v1/keys", { name: "theirs" })).body,
    };
    const { id: invitation } = theirs.invitation as { id: string };
    const { key, secret } = theirs.key as { key: { id: string }; secret: string };
    const attempts = [
      owner.send("PATCH", `/api/v1/members/${theirs.member}`, { role: "viewer" }),
      owner.send("DELETE", `/api/v1/members/${theirs.member}`),
      owner.send("DELETE", `/api/v1/invitations/${invitation}`),
      owner.send("DELETE", `/api/v1/keys/${key.id}`),
    ];
    expect((await Promise.all(attempts)).map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    const seen = JSON.stringify([await owner.get("/api/v1/members"), await owner.get("/api/v1/keys")]);
    for (const id of [theirs.member, invitation, key.id, "other.example"]) expect(seen).not.toContain(id);
    const bearer = { authorization: `Bearer ${secret}` };
    expect((await fetch(`${gateway.url}/api/v1/me`, { headers: bearer })).status).toBe(200);
  });

  it("GHSA-4jpw-hj22-2xmc a key that may change members makes, lowers and removes no admin and no owner; what it invites to ends with its maker", async () => {
    const maker = await newMember(gateway, owner, "maker@own.example", "owner");
    await newMember(gateway, owner, "raised@own.example", "member");
    const made = await maker.post("/api/v1/keys", { name: "people", scopes: ["members:write"] });
    const key = async (method: string, path: string, body?: object) => {
      const bearer = { authorization: `Bearer ${made.body.secret}` };
      const headers = body === undefined ? bearer : { ...bearer, "content-type": "application/json" };
      const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
      const answer = await fetch(gateway.url + path, init);
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const refused = {
      status: 403,
      body: { code: "SEC_003", detail: expect.stringContaining("A key decides about nobody") },
    };
    const raised = await idOf(owner, "raised@own.example");
    for (const role of ["owner", "admin"]) {
      expect(await key("POST", "/api/v1/members", { email: "evil@own.example", role })).toMatchObject(refused);
      expect(await key("PATCH", `/api/v1/members/${raised}`, { role })).toMatchObject(refused);
    }
    expect((await key("PATCH", `/api/v1/members/${raised}`, { role: "viewer" })).status).toBe(200);
    await newMember(gateway, owner, "second@own.example", "admin");
    for (const email of ["second@own.example", EMAIL, "maker@own.example"]) {
      const above = await idOf(owner, email);
      expect(await key("PATCH", `/api/v1/members/${above}`, { role: "viewer" })).toMatchObject(refused);
      expect(await key("DELETE", `/api/v1/members/${above}`)).toMatchObject(refused);
    }

    const [used, left] = [
      await key("POST", "/api/v1/members", { email: "used@own.example", role: "member" }),
      await key("POST", "/api/v1/members", { email: "left@own.example", role: "member" }),
    ];
    expect((await (await joined(gateway, used.body.link)).get("/api/v1/me")).body).toMatchObject({ role: "member" });
    const removed = await owner.send("DELETE", `/api/v1/members/${await idOf(owner, "maker@own.example")}`);
    expect(removed.status).toBe(200);
    await expect(joined(gateway, left.body.link)).rejects.toThrow("REQ_002");
  });

  it("a session that is over, and one whose person is gone, is nobody's", async () => {
    const member = await newMember(gateway, owner, "brief@own.example", "member");
    using file = database();
    const id = await idOf(owner, "brief@own.example");
    file.prepare(`UPDATE session SET "expiresAt" = '2020-01-01T00:00:00.000Z' WHERE "userId" = ?`).run(id);
    expect((await member.get("/api/v1/me")).status).toBe(401);
    await member.post("/auth/sign-in", { email: "brief@own.example", password: PASSWORD });
    expect((await member.get("/api/v1/me")).status).toBe(200);
    file.exec("PRAGMA foreign_keys = ON");
    file.prepare(`DELETE FROM "user" WHERE id = ?`).run(id);
    expect((await member.get("/api/v1/me")).status).toBe(401);
  });

  it("a foreign Host header gets into no link and no cookie", async () => {
    const url = new URL(gateway.url);
    const body = JSON.stringify({ email: "host@own.example", role: "viewer" });
    const headers = {
      host: "evil.example",
      origin: "http://evil.example",
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    };
    const ask = (path: string, more: Record<string, string>) =>
      new Promise<{ status: number; text: string }>((resolve, reject) => {
        const options = { host: url.hostname, port: url.port, path, method: "POST", headers: { ...headers, ...more } };
        const sent = httpRequest(options, async (answer) => {
          let text = JSON.stringify(answer.headers);
          for await (const piece of answer) text += piece;
          resolve({ status: answer.statusCode ?? 0, text });
        });
        sent.on("error", reject);
        sent.end(body);
      });
    expect((await ask("/api/v1/members", { cookie: owner.cookie })).status).toBe(403);
    const made = await ask("/api/v1/members", { authorization: `Bearer ${gateway.token}` });
    expect(made.status).toBe(201);
    expect(made.text).toContain("http://localhost:");
    expect(made.text).not.toContain("evil.example");
  });

  it("guessing: the account is locked for a while, on the right password, too, and its tenants' audit log says so", async () => {
    const { id, owner: target } = await newTenant(gateway, "Target", "target@guess.example");
    const guess = (email: string, password: string) => visitor().post("/auth/sign-in", { email, password });
    const kinds = ["target@guess.example", "nobody@guess.example"].map(async (email) => {
      const said: unknown[] = [];
      for (let tries = 0; tries < 11; tries += 1) {
        const { body, status } = await guess(email, "the wrong one");
        said.push([status, (body.error as { code: string }).code, (body.error as { message: string }).message]);
      }
      return said;
    });
    const [known, unknown] = await Promise.all(kinds);
    // Enumeration: the same answers in the same order, whether there is such an account or not.
    expect(unknown).toEqual(known);
    expect(known?.map((each) => (each as [number])[0])).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
    const locked = await guess("Target@guess.example", PASSWORD);
    expect([locked.status, Number(locked.headers.get("retry-after")) > 0]).toEqual([429, true]);
    expect((await target.get("/api/v1/me")).status).toBe(200);
    using store = new DatabaseSync(join(gateway.directory, "switchboard.db"), { readOnly: true });
    const rows = store.prepare("SELECT outcome FROM audit WHERE tenant = ? AND action = 'sign-in.locked'").all(id);
    expect(rows.map(({ outcome }) => outcome)).toEqual(["denied"]);
  });

  it.each([
    ["/auth/invitation", { invitation: "made-up" }],
    ["/auth/password/reset", { token: "made-up", newPassword: PASSWORD }],
  ])("a flood of made-up links at %s ends, and refuses nobody's sign-in", async (path, body) => {
    const flood = visitor();
    const said = new Set<number>();
    for (let tries = 0; tries < 110; tries += 1) said.add((await flood.post(path, body)).status);
    expect(said).toContain(429);
    expect((await visitor().post("/auth/sign-in", { email: EMAIL, password: PASSWORD })).status).toBe(200);
  });

  it("enumeration: an address that nobody has costs as much work as one that somebody has", async () => {
    const took = async (email: string) => {
      const times: number[] = [];
      for (let round = 0; round < 4; round += 1) {
        const from = performance.now();
        await visitor().post("/auth/sign-in", { email, password: "the wrong one" });
        times.push(performance.now() - from);
      }
      return Math.min(...times);
    };
    // Without the work for the password it would be a small part.
    expect(await took("nobody@work.example")).toBeGreaterThan((await took(EMAIL)) / 4);
  });
});
