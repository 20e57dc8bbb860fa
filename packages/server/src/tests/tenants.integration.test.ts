/** Two tenants on one gateway: nothing that is told to one reaches the other. */
import type { EngineEvent } from "@switchboard/core";
import type { AccountId, SessionKey, TenantId, TurnId } from "@switchboard/domain";
import { type ClientEvent, EVENTS, type EventName, eventSpec } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { broadcastEngine } from "../faces/broadcasts.ts";
import { Runs } from "../faces/runs.ts";
import { startTestEngine } from "../test-support/engine.ts";
import { authOf, pairingWorld, TestDevice } from "../test-support/pairing-world.ts";
import { SCRIPTED, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";
import { HEALTH, type RawClient, startGateway } from "../ws/harness.test.util.ts";
import type { Authenticator } from "../ws/index.ts";

const [ONE, TWO] = ["one", "two"] as [TenantId, TenantId];
const SECRET = "of tenant one only";

/** Who says so in its display name is of that tenant: in tests only. */
const tenantOf = ({ params }: Parameters<Authenticator["identify"]>[0]) =>
  params.client.displayName?.startsWith("two") ? TWO : ONE;
const program = (tenant: TenantId) =>
  ({ id: "cli", version: "1", platform: "linux", mode: "cli", displayName: tenant }) as const;
const page = (tenant: TenantId) =>
  ({ id: "test", version: "1", platform: "linux", mode: "ui", displayName: `${tenant} page` }) as const;

async function twoTenants() {
  const world = await pairingWorld({ tenantOf });
  const operator = (tenant: TenantId) => world.gateway.join({ client: program(tenant) });
  const [one, two] = [await operator(ONE), await operator(TWO)];
  return Object.assign(world, { one, two, operator });
}

/** The names of the events that came until now. */
async function heard(client: RawClient): Promise<string[]> {
  const names: string[] = [];
  client.send({ type: "req", id: "until-now", method: "health" });
  for (;;) {
    const frame = await client.next();
    if (frame.id === "until-now") return names;
    if (frame.type === "event") names.push(frame.event);
  }
}

const CLIENT_EVENTS = (Object.keys(EVENTS) as EventName[]).filter((name): name is ClientEvent => {
  const { scope } = eventSpec(name);
  return scope !== "handshake" && scope !== "node";
});

describe("two tenants", () => {
  it("TEN-2 every event reaches those of its own tenant only", async () => {
    await using world = await twoTenants();
    const { gateway, one, two } = world;
    for (const client of [one, two]) {
      await client.call("sessions.subscribe");
      await client.call("trace.subscribe", {});
    }
    const payload = { stream: "assistant", sessionKey: "agent:main:main", runId: "r", subject: "s" };
    for (const name of CLIENT_EVENTS) gateway.socket.broadcast(ONE, name, payload as never);
    expect(CLIENT_EVENTS.length).toBeGreaterThan(15);
    expect(await heard(one)).toEqual(CLIENT_EVENTS);
    expect(await heard(two)).toEqual([]);
  });

  it("TEN-2 DEV-4 are told of their own devices only, and removing a device of one leaves the other's alone", async () => {
    await using world = await twoTenants();
    const { connect, devices, one, two } = world;
    const watcher = await world.operator(ONE);
    const device = new TestDevice();
    const joined = await Promise.all(
      [ONE, TWO].map((tenant) => connect(device, { scopes: ["operator.read"], client: program(tenant) })),
    );
    for (const each of joined) authOf(each);
    await Promise.all([heard(one), heard(two)]);
    // The other key is one that only tenant one knows; it waits for approval there.
    const stranger = new TestDevice();
    await connect(stranger, { ip: "192.168.1.7", scopes: ["operator.read"], client: program(ONE) });
    expect(await heard(one)).toEqual(["device.pair.requested"]);
    expect((await two.call("device.pair.list", {})).payload).toMatchObject({
      pending: [],
      paired: [{ connected: true }],
    });
    const [request] = devices.requests(ONE);
    for (const method of ["device.pair.approve", "device.pair.reject"]) {
      expect((await two.call(method, { requestId: request?.id })).error.message).toMatch(/unknown requestId/);
    }
    expect((await two.call("device.pair.remove", { deviceId: stranger.id })).ok).toBe(false);
    expect((await one.call("device.pair.approve", { requestId: request?.id })).ok).toBe(true);
    expect((await one.call("device.pair.remove", { deviceId: device.id })).ok).toBe(true);
    expect(await joined[0]?.client.closed).toMatchObject({ code: 4001 });
    expect((await joined[1]?.client.call("health"))?.ok).toBe(true);
    expect(await heard(watcher)).toContain("device.pair.resolved");
    expect(await heard(two)).toEqual([]);
    expect((await two.call("device.pair.list", {})).payload).toMatchObject({ paired: [{ deviceId: device.id }] });
  });

  it("TEN-2 DEV-4 see whether their own devices are connected, whoever else's the same device is", async () => {
    await using world = await twoTenants();
    const device = new TestDevice();
    const [own] = await Promise.all([ONE, TWO].map((tenant) => world.connect(device, { client: program(tenant) })));
    own?.client.drop();
    const connected = async (client: RawClient) => {
      const { paired } = (await client.call("device.pair.list", {})).payload as { paired: { connected?: boolean }[] };
      return paired.map((each) => each.connected ?? false);
    };
    await expect.poll(() => connected(world.one)).toEqual([false]);
    expect(await connected(world.two)).toEqual([true]);
  });

  it("TEN-2 DEV-9 are told of their own nodes only, and reach no other", async () => {
    await using world = await twoTenants();
    const { connect, one, two } = world;
    const device = new TestDevice();
    const client = { ...program(ONE), id: "node-host", mode: "node" } as const;
    authOf(await connect(device, { role: "node", client, commands: ["system.which"], caps: ["system"] }));
    await one.event("node.pair.requested");
    expect(await heard(two)).toEqual([]);
    expect((await one.call("node.list", {})).payload).toMatchObject({ nodes: [{ nodeId: device.id }] });
    expect((await two.call("node.list", {})).payload).toMatchObject({ nodes: [] });
    expect((await two.call("node.describe", { nodeId: device.id })).ok).toBe(false);
    const call = { nodeId: device.id, command: "system.which", idempotencyKey: "k" };
    expect((await two.call("node.invoke", call)).error.message).toBe(
      (await two.call("node.invoke", { ...call, nodeId: "0".repeat(64), idempotencyKey: "l" })).error.message,
    );
  });

  it("TEN-2 see their own people present, and their own health", async () => {
    const asked: TenantId[] = [];
    await using world = await pairingWorld({ tenantOf });
    const own = { origin: world.gateway.url.replace("ws:", "http:") };
    const [one, two] = [
      await world.gateway.join({ client: page(ONE) }, own),
      await world.gateway.join({ client: page(TWO) }, own),
    ];
    await two.call("system-event", { text: "mine", deviceId: "beacon" });
    world.clock.advance(1_000);
    const hosts = async (client: RawClient) =>
      ((await client.call("system-presence")).payload as unknown as { host?: string; text?: string }[]).slice(1);
    expect((await hosts(one)).map(({ host }) => host)).toEqual(["one page"]);
    expect((await hosts(two)).map(({ host, text }) => host ?? text)).toEqual(["mine", "two page"]);
    const third = await world.gateway.open(own);
    const hello = await third.hello({ client: page(ONE) });
    expect(JSON.stringify(hello.snapshot.presence)).not.toContain("two page");

    await using other = await startGateway({
      snapshot: {
        version: "1",
        startedAt: 0,
        health(_probe, tenant) {
          asked.push(tenant);
          return { ...HEALTH, defaultAgentId: tenant };
        },
      },
      auth: { tenantOf },
    });
    for (const tenant of [ONE, TWO, ONE]) {
      const client = await other.join({ client: program(tenant) });
      expect((await client.call("health")).payload.defaultAgentId).toBe(tenant);
    }
    expect(asked).toEqual([ONE, TWO]);
  });

  it("TEN-2 hear their own runs, accounts, notices and traces only", async () => {
    await using world = await twoTenants();
    await using engine = await startTestEngine({ platform: scriptedPlatform(), clock: new TestClock() });
    const { events } = engine.engine;
    broadcastEngine(engine.engine, new Runs(engine.engine), world.gateway.socket);
    for (const client of [world.one, world.two]) {
      await client.call("sessions.subscribe");
      await client.call("trace.subscribe", {});
    }
    const session = `agent:main:${SCRIPTED}:default:direct:ada` as SessionKey;
    const turn = "trn_1" as TurnId;
    const run = { tenant: ONE, turn, run: "r", session, agent: "main" };
    const account = { tenant: ONE, channel: SCRIPTED, account: "default" as AccountId };
    const at = 1;
    const told: EngineEvent[] = [
      { type: "run.started", ...run, at },
      { type: "run.thinking", ...run, delta: SECRET, text: SECRET },
      { type: "run.text", ...run, delta: SECRET, text: SECRET },
      { type: "run.tool", ...run, phase: "start", id: "t", name: SECRET, value: SECRET },
      { type: "run.ended", ...run, state: "done", text: SECRET, startedAt: at, endedAt: at },
      { type: "notice", tenant: ONE, key: "k", session, entry: { role: "assistant", text: SECRET, at } },
      {
        type: "account",
        status: { ...account, state: "CONNECTED", breaker: "closed", generation: 1, reconnects: 0, times: {} },
      },
      { type: "step", tenant: ONE, at, step: "queued", key: SECRET, turn, session, account },
    ];
    for (const event of told) events.emit(event);
    expect(new Set(await heard(world.one))).toEqual(
      new Set(["chat", "agent", "sessions.changed", "channels.changed", "trace"]),
    );
    expect(await heard(world.two)).toEqual([]);
  });
});
