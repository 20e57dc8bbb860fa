/** A company's front end offers messengers to its customers: two tenants, one gateway. */
import { nodeGatewayClient } from "@switchboard/client/node";
import { SCOPES } from "@switchboard/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { type RestWorld, startRestWorld } from "../test-support/rest-world.ts";

const TENANTS = ["acme", "globex"] as const;

describe("TEN-1 TEN-2 two tenants of one gateway", () => {
  let world: RestWorld;
  let channel: string;
  const get = (tenant: string, path: string) => world.call({ tenant }, "GET", path);
  const status = async (tenant: string) => (await get(tenant, "/channels/status")).body.items;
  const says = async (tenant: string, text: string) => {
    const bot = world.bot(tenant);
    await bot.say({ from: `customer of ${tenant}`, text });
    return bot.waitFor((message) => message.text.includes(text));
  };
  const keyOf = async (tenant: string) => String((await get(tenant, "/conversations")).body.items[0]?.key);

  beforeAll(async () => {
    world = await startRestWorld({ agent: "echo" });
    channel = world.gateway.platform.id;
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  it("connect their bots, and people of both get answers", async () => {
    for (const tenant of TENANTS) {
      const body = { channel, credential: world.credential(tenant), settings: { dmPolicy: "open" } };
      const { body: account, status: code } = await world.call({ tenant }, "POST", "/channels/connect", { body });
      expect([code, account]).toMatchObject([200, { accountId: `tenant-${tenant}`, state: "CONNECTED" }]);
    }
    for (const tenant of TENANTS) await says(tenant, `a word about ${tenant}`);
    for (const tenant of TENANTS) expect(await status(tenant)).toMatchObject([{ accountId: `tenant-${tenant}` }]);
  });

  it("read their own conversations page by page, and nothing of each other's", async () => {
    await eventually(async () => Number((await get("acme", "/conversations")).body.items[0]?.entries) >= 2);
    const key = encodeURIComponent(await keyOf("acme"));
    const { body: newest } = await get("acme", `/conversations/${key}/messages?limit=1`);
    expect([newest.items, typeof newest.next]).toMatchObject([[{ role: "assistant" }], "string"]);
    const { body: older } = await get("acme", `/conversations/${key}/messages?limit=1&cursor=${newest.next}`);
    expect(older.items).toMatchObject([{ role: "user", text: expect.stringContaining("about acme") }]);
    expect(older.next).toBeUndefined();
    for (const path of [`/conversations/${key}`, `/conversations/${key}/messages`, `/sessions/${key}`]) {
      expect([path, (await get("globex", path)).status]).toEqual([path, 404]);
    }
    const reset = await world.call({ tenant: "globex" }, "POST", `/sessions/${key}/reset`);
    const patch = await world.call({ tenant: "globex" }, "PATCH", `/sessions/${key}`, { body: { label: "mine" } });
    expect([reset.status, patch.status]).toEqual([404, 404]);
    const all = await Promise.all(
      ["/conversations", "/sessions", "/deliveries", "/dead-letters", "/audit", "/connections", "/devices"].map(
        (path) => get("globex", path),
      ),
    );
    expect(all.map(({ status: code }) => code)).toEqual(all.map(() => 200));
    expect(JSON.stringify(all.map(({ body }) => body))).not.toContain("acme");
  });

  it("send, once for an idempotency key, and ask what became of it", async () => {
    const { conversation } = (await get("acme", "/conversations")).body.items[0] as { conversation: string };
    const send = (tenant: string, text: string) =>
      world.call({ tenant }, "POST", "/messages", {
        body: { channel, to: conversation, text },
        headers: { "idempotency-key": "order-1" },
      });
    const first = await send("acme", "your order is ready");
    expect([first.status, first.body.state]).toEqual([202, "sent"]);
    expect((await send("acme", "your order is ready")).body.deliveryIds).toEqual(first.body.deliveryIds);
    const other = await send("acme", "something else");
    expect([other.status, other.body.code]).toEqual([422, "REQ_006"]);
    const [id] = first.body.deliveryIds as string[];
    expect((await get("acme", `/messages/${id}`)).body).toMatchObject({ id, state: "sent" });
    expect((await world.call({ tenant: "acme" }, "POST", `/deliveries/${id}/cancel`)).status).toBe(409);
    for (const path of [`/messages/${id}`, `/deliveries/${id}`]) {
      expect([path, (await get("globex", path)).status]).toEqual([path, 404]);
    }
    expect((await world.call({ tenant: "globex" }, "POST", `/deliveries/${id}/cancel`)).status).toBe(404);
    expect(
      world
        .bot("acme")
        .sent()
        .filter(({ text }) => text === "your order is ready"),
    ).toHaveLength(1);
  });

  it("TEN-5 have an audit log each, with who did it", async () => {
    const { body } = await get("acme", "/audit?action=channel.connected");
    expect(body.items).toMatchObject([{ actor: "person:acme", subject: `${channel}:tenant-acme`, outcome: "ok" }]);
  });

  it("TEN-2 an operator of the default tenant who is connected hears and sees nothing of theirs", async () => {
    const heard: string[] = [];
    const client = nodeGatewayClient({
      url: world.gateway.url,
      token: world.gateway.token,
      client: { id: "cli", mode: "cli", version: "test", platform: "test" },
      scopes: SCOPES,
      reconnect: false,
    });
    await client.connect();
    for (const event of ["chat", "agent", "sessions.changed", "channels.changed"] as const) {
      client.on(event, (payload) => heard.push(JSON.stringify(payload)));
    }
    await client.request("sessions.subscribe", {});
    const connectOwn = { channel, credential: world.credential("default"), settings: { dmPolicy: "open" } };
    expect((await world.call({ tenant: "default" }, "POST", "/channels/connect", { body: connectOwn })).status).toBe(
      200,
    );
    await says("default", "a word of its own tenant");
    await eventually(() => heard.some((event) => event.includes("a word of its own tenant")), {
      what: "an event of its own tenant",
    });
    await says("acme", "something that only acme hears");
    await says("default", "its own tenant again");
    await eventually(() => heard.some((event) => event.includes("its own tenant again")), {
      what: "the next event of its own tenant",
    });
    const { sessions } = await client.request("sessions.list", {});
    client.close();
    expect(JSON.stringify([heard, sessions])).not.toContain("acme");
  });

  it("TEN-3 TEN-8 one disconnects, and after a restart the other reconnects by itself", async () => {
    const gone = await world.call({ tenant: "globex" }, "POST", "/channels/disconnect", { body: { channel } });
    expect(gone.body).toMatchObject({ cleared: true });
    expect((await get("globex", "/connections")).body.items).toMatchObject([
      { active: false, hasCredential: false, credentialType: "bot_token" },
    ]);
    await world.gateway.restart();
    await eventually(async () => (await status("acme"))[0]?.state === "CONNECTED", { what: "acme's bot connected" });
    expect(await status("globex")).toMatchObject([{ state: "DISCONNECTED" }]);
    await says("acme", "still here after the restart");
  });
});
