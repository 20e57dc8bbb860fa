import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { discoverChannels } from "../channels/discovery.ts";
import { createChannelRegistry } from "../channels/registry.ts";
import { eventually } from "../test-support/eventually.ts";
import { type RestAnswer, type RestWorld, startRestWorld } from "../test-support/rest-world.ts";
import { TestClock } from "../test-support/test-clock.ts";

const ONE = { tenant: "one" };
const TWO = { tenant: "two" };
const OPEN = { dmPolicy: "open" };

describe("connecting and disconnecting a tenant's account", () => {
  let world: RestWorld;
  let channel: string;
  const clock = new TestClock();
  const connect = (caller: typeof ONE, changes: object = {}) =>
    world.call(caller, "POST", "/channels/connect", {
      body: { channel, credential: world.credential(caller.tenant), settings: OPEN, ...changes },
    });
  const disconnect = (caller: typeof ONE) => world.call(caller, "POST", "/channels/disconnect", { body: { channel } });
  const status = async (caller: typeof ONE) => (await world.call(caller, "GET", "/channels/status")).body.items;
  const row = (tenant: string) => {
    const text = readFileSync(join(world.gateway.directory, "switchboard.db")).toString("latin1");
    return text.includes(String(Object.values(world.credential(tenant))[0]));
  };

  beforeAll(async () => {
    world = await startRestWorld({ agent: "echo", clock });
    channel = world.gateway.platform.id;
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  it("TEN-1 tells what can be connected, without what is not a tenant's to set", async () => {
    const { body } = await world.call(ONE, "GET", "/channels");
    const found = body.items.find((each) => each.channel === channel) as unknown as {
      credential: { schema: { required: string[]; properties: object }; secrets: string[] };
    };
    expect(found.credential.schema.required).toEqual(found.credential.secrets);
    expect(Object.keys(found.credential.schema.properties)).not.toContain("baseUrl");
  });

  it("TEN-1 TEN-2 connects the account tenant-{tenant}, answers again the same, and shows it to its tenant only", async () => {
    const first = await connect(ONE);
    expect([first.status, first.body]).toMatchObject([
      200,
      { channel, accountId: "tenant-one", state: "CONNECTED", connected: true, dmPolicy: "open" },
    ]);
    const again = await connect(ONE);
    expect([again.status, again.body.accountId, again.body.lastConnectedAt]).toEqual([
      200,
      "tenant-one",
      first.body.lastConnectedAt,
    ]);
    expect(await status(ONE)).toMatchObject([{ accountId: "tenant-one" }]);
    expect(await status(TWO)).toEqual([]);
    expect(row("one")).toBe(false);
  });

  it("TEN-1 refuses another credential while one is in use", async () => {
    const other = await connect(ONE, { credential: world.credential("other") });
    expect([other.status, other.body.code]).toEqual([409, "REQ_004"]);
    expect(await status(ONE)).toMatchObject([{ state: "CONNECTED" }]);
  });

  it.each<readonly [string, number, string, object]>([
    ["a tenant in the body", 400, "REQ_001", { tenant: "two" }],
    ["a misspelt field", 400, "REQ_001", { chanel: "x" }],
    ["a channel that is not there", 404, "CFG_002", { channel: "carrier-pigeon" }],
    ["WebChat", 404, "CFG_002", { channel: "webchat" }],
    ["a credential without its secret", 400, "REQ_001", { credential: {} }],
    [
      "an address that the gateway should call",
      400,
      "REQ_001",
      { credential: { token: "1:x", baseUrl: "http://127.0.0.1" } },
    ],
    ["settings that do not exist", 400, "REQ_001", { settings: { dmPolicies: "open" } }],
  ])("TEN-1 refuses %s", async (_what, expected, code, changes) => {
    const answer = await connect(TWO, changes);
    expect([answer.status, answer.body.code]).toEqual([expected, code]);
    expect(await status(TWO)).toEqual([]);
  });

  it("TEN-1 takes the tenant from the principal, whatever query and headers say", async () => {
    const asked = await world.call(TWO, "GET", "/channels/status?tenant=one");
    expect([asked.status, asked.body.code]).toEqual([400, "REQ_001"]);
    const headers = { "x-tenant": "one", "x-tenant-id": "one", "x-organization-id": "one" };
    const { body } = await world.call(TWO, "GET", "/channels/status", { headers });
    expect(body.items).toEqual([]);
  });

  it("TEN-1 a credential that the platform refuses is 400 and kept nowhere", async () => {
    const [name = ""] = Object.keys(world.credential("two"));
    const answer = await connect(TWO, { credential: { [name]: "123456:not-the-right-one" } });
    expect([answer.status, answer.body.code]).toEqual([400, "CONN_002"]);
    expect(await status(TWO)).toEqual([]);
  });

  it("TEN-1 a platform in trouble is 502", async () => {
    const sick = { tenant: "sick" };
    world.bot("sick").inject({ on: "any", kind: "server-error", times: 20 });
    const answer = await connect(sick);
    expect([answer.status, answer.body.code, answer.body.retryable]).toEqual([502, "CONN_001", true]);
    expect(await status(sick)).toEqual([]);
  });

  it("TEN-8 disconnecting wipes the credential and leaves the account off; again it is the same; never connected is 404", async () => {
    const { body } = await disconnect(ONE);
    expect(body).toEqual({ channel, accountId: "tenant-one", cleared: true, loggedOut: false });
    expect((await disconnect(ONE)).body).toMatchObject({ cleared: false });
    expect(await status(ONE)).toMatchObject([{ state: "DISCONNECTED", connected: false, lastError: null }]);
    const never = await disconnect({ tenant: "three" });
    expect([never.status, never.body.code]).toEqual([404, "CFG_003"]);
    expect((await connect(ONE)).body).toMatchObject({ state: "CONNECTED", dmPolicy: "open" });
  });

  it("TEN-2 further connections have names, are listed, and are deleted whole", async () => {
    const body = { channel, name: "second", credential: world.credential("one-second"), settings: OPEN };
    const made = await world.call(ONE, "POST", "/connections", { body });
    expect([made.status, made.body]).toMatchObject([
      201,
      {
        id: `${channel}:tenant-one.second`,
        provider: `switchboard:${channel}`,
        credentialType: "bot_token",
        active: true,
      },
    ]);
    const ids = async (caller: typeof ONE) =>
      (await world.call(caller, "GET", "/connections")).body.items.map(({ id }) => id);
    expect(await ids(ONE)).toEqual([`${channel}:tenant-one`, `${channel}:tenant-one.second`]);
    expect((await world.call(TWO, "DELETE", `/connections/${made.body.id}`)).status).toBe(404);
    expect((await world.call(ONE, "DELETE", `/connections/${made.body.id}`)).body).toMatchObject({ deleted: true });
    expect(await ids(ONE)).toEqual([`${channel}:tenant-one`]);
  });

  it("TEN-1 a platform that does not answer in time is 504", async () => {
    const slow = { tenant: "slow" };
    world.bot("slow").inject({ on: "any", kind: "slow", delayMs: 30_000, times: 20 });
    const pending = connect(slow);
    await eventually(async () => (await status(slow)).length === 1, { what: "an account that connects" });
    clock.jump(21_000);
    const answer = await pending;
    expect([answer.status, answer.body.code]).toEqual([504, "CONN_007"]);
    expect(await status(slow)).toEqual([]);
  });

  describe("TEN-1 a failed attempt leaves an account that is off as it was", () => {
    const OWN = { tenant: "default" };
    const account = { accountId: "tenant-default" };
    const rows = () => {
      using database = new DatabaseSync(join(world.gateway.directory, "switchboard.db"), { readOnly: true });
      const ofOwn = (table: string) =>
        database.prepare(`SELECT * FROM ${table} WHERE tenant = 'default' AND account = 'tenant-default'`).all();
      return [
        ofOwn("accounts").map((row) => ({ ...row, updated_at: undefined, revision: undefined })),
        ofOwn("account_memory"),
      ];
    };
    const mistyped = () => ({ [Object.keys(world.credential("default"))[0] ?? ""]: "123456:mistyped" });

    it.each<readonly [string, string, () => Promise<RestAnswer>]>([
      ["a mistyped credential", "CONN_002", () => connect(OWN, { credential: mistyped() })],
      [
        "the same credential and a platform in trouble",
        "CONN_001",
        () => {
          world.bot("default").inject({ on: "any", kind: "server-error", times: 1 });
          return connect(OWN, { settings: { dmPolicy: "pairing" } });
        },
      ],
      [
        "another credential and no answer in time",
        "CONN_007",
        async () => {
          world.bot("spare").inject({ on: "any", kind: "slow", delayMs: 30_000, times: 1 });
          const pending = connect(OWN, { credential: world.credential("spare") });
          await eventually(async () => (await status(OWN)).some(({ state }) => state === "CONNECTING"), {
            what: "an account that connects",
          });
          clock.jump(21_000);
          return pending;
        },
      ],
    ])("%s", async (_what, code, attempt) => {
      expect((await connect(OWN)).body).toMatchObject({ state: "CONNECTED" });
      await world.gateway.request("channels.stop", { channel, ...account });
      const before = rows();
      expect(before[0]).toMatchObject([{ enabled: 0, sealed: expect.any(String), self: expect.any(String) }]);
      expect((await attempt()).body.code).toBe(code);
      expect(rows()).toEqual(before);
      expect(await status(OWN)).toMatchObject([{ ...account, state: "DISCONNECTED" }]);
      await world.gateway.request("channels.start", { channel, ...account });
      await world.gateway.connected("tenant-default");
    });
  });
});

describe("what a tenant may set of a channel", () => {
  const discovered = discoverChannels();
  const channels = createChannelRegistry(discovered);

  it.each(discovered.map(({ id }) => id))(
    "TEN-1 %s: all that it needs, and no address that the gateway calls",
    async (id) => {
      const { config } = await channels.load(id);
      const { properties, required = [] } = config.schema as unknown as {
        properties: Record<string, object>;
        required?: string[];
      };
      const allowed = [...config.secrets, ...(config.tenant ?? [])];
      expect(required.filter((name) => !allowed.includes(name) && !("default" in (properties[name] ?? {})))).toEqual(
        [],
      );
      expect(allowed.filter((name) => !(name in properties))).toEqual([]);
      expect(
        allowed.filter((name) => /https?:|Url$|Hosts?$|Ms$/.test(name + JSON.stringify(properties[name]))),
      ).toEqual([]);
    },
  );
});
