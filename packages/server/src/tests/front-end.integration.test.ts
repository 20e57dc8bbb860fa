/**
 * A company's own front end, with nothing but HTTP: its customers' owners come by a link, each makes a key, and with
 * those keys the front end connects their bots, shows what they may see, and disconnects them.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { missingServer, startServer, type TestServer } from "@switchboard/testkit/postgres-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { newTenant } from "../test-support/people.ts";
import { credentialOf, surroundingsOf } from "../test-support/platform.ts";

const SCOPES = ["channels:read", "channels:write", "messages:read", "sessions:read"];
const COLUMNS = ["sealed", "self", "enabled"] as const;

type Row = Readonly<Record<(typeof COLUMNS)[number], unknown>>;
/** What a front end keeps of a customer. */
interface Customer {
  readonly tenant: string;
  readonly key: string;
}
interface Place {
  /** Whether a text is anywhere in the files of the database, the gateway being stopped. */
  holds?(gateway: TestGateway, text: string): boolean;
  readonly env: NodeJS.ProcessEnv;
  /** A tenant's only account as the database has it. */
  row(gateway: TestGateway, tenant: string): Promise<Row | undefined>;
}

function frontEnd(placeOf: () => Promise<Place>) {
  let gateway: TestGateway;
  let place: Place;
  let channel: string;
  const sealed = new Map<string, string>();
  const customers = new Map<string, Customer>();
  const customer = (name: string): Customer => customers.get(name) ?? { tenant: "", key: "" };
  const api = async (name: string, method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${gateway.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${customer(name).key}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.json() };
  };
  const connect = (name: string) =>
    api(name, "POST", "/channels/connect", {
      channel,
      credential: credentialOf(gateway.platform, gateway.other(name)),
      settings: { dmPolicy: "open" },
    });
  const status = async (name: string) => (await api(name, "GET", "/channels/status")).body.items;
  const chats = async (name: string, text: string) => {
    const bot = gateway.other(name);
    await bot.say({ from: `customer of ${name}`, text });
    return bot.waitFor((message) => message.text.includes(text));
  };

  beforeAll(async () => {
    place = await placeOf();
    gateway = await startTestGateway({
      agent: "echo",
      account: false,
      config: { identity: { enabled: true } },
      start: false,
    });
    await gateway.start({ env: { ...place.env, ...surroundingsOf(gateway.platform) } });
    channel = gateway.platform.id;
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it("two tenants sign up, and each gives the front end a key", async () => {
    for (const name of ["acme", "globex"]) {
      const { id, owner } = await newTenant(gateway, name, `owner@${name}.example`);
      const made = await owner.post("/api/v1/keys", { name: "front end", scopes: SCOPES });
      expect(made.status).toBe(201);
      customers.set(name, { tenant: id, key: String(made.body.secret) });
    }
  });

  it("they connect and chat, and each sees its own and nothing of the other's", async () => {
    for (const name of customers.keys()) {
      const connected = await connect(name);
      expect(connected).toMatchObject({
        status: 200,
        body: { accountId: `tenant-${customer(name).tenant}`, state: "CONNECTED" },
      });
      expect(await connect(name)).toMatchObject({ status: 200, body: { accountId: connected.body.accountId } });
    }
    for (const name of customers.keys()) await chats(name, `a word about ${name}`);
    for (const name of customers.keys()) {
      expect(await status(name)).toMatchObject([{ accountId: `tenant-${customer(name).tenant}`, connected: true }]);
      const conversations = await eventually(
        async () => (await api(name, "GET", "/conversations")).body.items as { key: string }[],
        { what: `${name}'s conversation` },
      );
      expect(conversations).toHaveLength(1);
    }
    const { items } = (await api("acme", "GET", "/conversations")).body;
    const key = encodeURIComponent(items[0].key);
    expect((await api("acme", "GET", `/conversations/${key}/messages`)).status).toBe(200);
    expect((await api("globex", "GET", `/conversations/${key}/messages`)).status).toBe(404);
  });

  it("its back end makes tenants and their keys by a key of its own, which reaches no further", async () => {
    const own = { tenant: "default", key: gateway.token };
    customers.set("back end", own);
    const scopes = ["tenant:write"];
    const { body: backEnd } = await api("back end", "POST", "/tenants/default/keys", { name: "back end", scopes });
    customers.set("back end", { ...own, key: backEnd.secret });
    const made = await api("back end", "POST", "/tenants", { name: "Initech" });
    expect(made.status).toBe(201);
    const key = await api("back end", "POST", `/tenants/${made.body.id}/keys`, { name: "front end" });
    expect([key.status, key.body.scopes]).toEqual([201, expect.not.arrayContaining(["tenant:write", "keys:write"])]);
    customers.set("initech", { tenant: made.body.id, key: key.body.secret });
    expect(await status("initech")).toEqual([]);

    const refused = { status: 403, body: { code: "SEC_003" } };
    expect(await api("back end", "GET", "/channels/status")).toMatchObject(refused);
    expect(await api("back end", "POST", "/tenants/default/keys", { name: "more" })).toMatchObject(refused);
    expect(await api("initech", "GET", "/tenants")).toMatchObject(refused);
    expect(await api("back end", "DELETE", `/tenants/${made.body.id}`)).toMatchObject({ status: 200 });
    expect(await api("initech", "GET", "/channels/status")).toMatchObject({ status: 401, body: { code: "REQ_005" } });
    for (const name of ["back end", "initech"]) customers.delete(name);
  });

  it("TEN-8 one disconnects: the platform's session ends, the sealed credential is gone from the table", async () => {
    const { tenant } = customer("globex");
    for (const name of customers.keys()) {
      const row = await place.row(gateway, customer(name).tenant);
      expect(row).toMatchObject({ sealed: expect.any(String), self: expect.any(String) });
      sealed.set(name, String(row?.sealed));
    }
    expect((await api("globex", "POST", "/channels/disconnect", { channel })).body).toMatchObject({ cleared: true });
    expect(await place.row(gateway, tenant)).toMatchObject({ sealed: null, self: null });
    expect(Number((await place.row(gateway, tenant))?.enabled)).toBe(0);
    expect(await status("globex")).toMatchObject([{ connected: false }]);
    expect(await status("acme")).toMatchObject([{ connected: true }]);
    await chats("acme", "the other one is untouched");
  });

  it("TEN-3 after a restart the other reconnects by itself, and the disconnected one may come back", async () => {
    await gateway.stop();
    if (place.holds) {
      const kept = sealed.get("acme") ?? "";
      const wiped = sealed.get("globex") ?? "";
      expect([place.holds(gateway, kept), place.holds(gateway, wiped)]).toEqual([true, false]);
    }
    await gateway.start();
    await eventually(async () => (await status("acme"))[0]?.connected, { what: "acme's bot connected" });
    expect(await status("globex")).toMatchObject([{ connected: false }]);
    await chats("acme", "still here after the restart");
    expect(await connect("globex")).toMatchObject({ status: 200, body: { state: "CONNECTED" } });
    await chats("globex", "back again");
  });
}

describe("TEN-1 TEN-2 a company's front end, on the embedded store", () => {
  frontEnd(async () => ({
    env: {},
    async row({ directory }, tenant) {
      using database = new DatabaseSync(join(directory, "switchboard.db"), { readOnly: true });
      return database.prepare(`SELECT ${COLUMNS} FROM accounts WHERE tenant = ?`).get(tenant) as Row | undefined;
    },
    holds({ directory }, text) {
      const files = readdirSync(directory).filter((name) => name.startsWith("switchboard.db"));
      return files.some((name) => readFileSync(join(directory, name)).includes(text));
    },
  }));
});

const missing = missingServer();
describe.skipIf(missing)(`TEN-1 TEN-2 a company's front end, on PostgreSQL${missing ? ` (${missing})` : ""}`, () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.stop());

  frontEnd(async () => {
    const database = await server.createDatabase();
    return {
      env: { DATABASE_URL: server.url(database) },
      async row(_gateway, tenant) {
        await using client = await server.connect(database);
        const sql = `SELECT ${COLUMNS} FROM switchboard.accounts WHERE tenant = $1`;
        return (await client.query<Row>(sql, [tenant])).rows[0];
      },
    };
  });
});
