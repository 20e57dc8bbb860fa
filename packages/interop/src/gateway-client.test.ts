/** The published npm gateway client, unchanged, against a real gateway; every frame is held against its schemas. */
import { SCOPES } from "@switchboard/protocol";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { CALLS, type CallContext } from "./test-support/calls.ts";
import { checkFrames } from "./test-support/check-frames.ts";
import { type Connected, connectTheirs, Machine } from "./test-support/their-client.ts";
import { openWorld, type World } from "./test-support/world.ts";

const patience = { timeout: 30_000, interval: 20 };
const READ = ["operator.read"];

/** A device of the same network that shows the gateway's token. */
function visit(world: World, machine: Machine, scopes: readonly string[] = READ): Connected {
  const shown = machine.tokens.size > 0 ? {} : { token: world.token };
  return connectTheirs(world.elsewhere.url, { machine, scopes: [...scopes], ...shown });
}

interface Refusal {
  readonly details?: { readonly code?: string; readonly requestId?: string };
}

/** The request that a device was sent away with. */
function asked({ errors }: Connected): Promise<string> {
  return vi.waitFor(() => {
    const requestId = errors.map((error) => (error as Refusal).details?.requestId).find(Boolean);
    if (requestId === undefined) throw new Error(`no request: ${errors.map(String).join("; ")}`);
    return requestId;
  }, patience);
}

const helloCount = (connected: Connected, count: number) =>
  vi.waitFor(() => expect(connected.hellos.length).toBeGreaterThanOrEqual(count), patience);

describe("the npm gateway client", () => {
  let world: World;
  let operator: Connected;

  beforeAll(async () => {
    world = await openWorld();
    operator = connectTheirs(world.here.url, { token: world.token, scopes: [...SCOPES], caps: ["tool-events"] });
    await helloCount(operator, 1);
  });
  afterAll(async () => {
    await operator?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  /** A device that was approved and came in by its own token. */
  async function admitted(scopes: readonly string[] = READ): Promise<{ machine: Machine; connected: Connected }> {
    const machine = new Machine();
    const before = visit(world, machine, scopes);
    await operator.request("device.pair.approve", { requestId: await asked(before) });
    await before[Symbol.asyncDispose]();
    const paired = visit(world, machine, scopes);
    await helloCount(paired, 1);
    await paired[Symbol.asyncDispose]();
    const connected = visit(world, machine, scopes);
    await helloCount(connected, 1);
    return { machine, connected };
  }

  it("DEV-4 has to be approved, is let in, and comes back with its device token alone", async () => {
    const { connected, machine } = await admitted();
    await using _ = connected;
    expect(machine.tokens.get("operator")?.token).toBeTruthy();
    expect(connected.hellos[0]?.auth).toMatchObject({ role: "operator", scopes: READ });
    expect(await connected.request("status")).toMatchObject({ runtimeVersion: expect.any(String) });
    const events = operator.events.map(({ event }) => event);
    expect(events).toContain("device.pair.requested");
    expect(events).toContain("device.pair.resolved");
  });

  it("DEV-1 calls every method that is advertised", async () => {
    const { connected: device } = await admitted();
    await using _ = device;
    const context: CallContext = {
      operator,
      device,
      channel: world.channel,
      simulator: world.simulator,
      async stranger() {
        const machine = new Machine();
        await using visitor = visit(world, machine);
        return { machine, requestId: await asked(visitor) };
      },
      async node(machine, commands) {
        const how = { machine, role: "node", mode: "node", clientName: "node-host" } as const;
        const offer = { caps: ["system"], commands: [...commands], token: world.token };
        await using visitor = connectTheirs(world.elsewhere.url, { ...how, ...offer, scopes: [] });
        await operator.request("device.pair.approve", { requestId: await asked(visitor) });
        const connected = connectTheirs(world.elsewhere.url, { ...how, ...offer, scopes: [] });
        await helloCount(connected, 1);
        return connected;
      },
    };
    const advertised = operator.hellos[0]?.features.methods ?? [];
    // Restarting has a test of its own.
    const methods = advertised.filter((method) => method !== "gateway.restart.request");
    expect(
      methods.filter((method) => !CALLS[method]),
      "advertised methods without a call: add them to test-support/calls.ts",
    ).toEqual([]);
    const refused: string[] = [];
    for (const method of methods) {
      await CALLS[method]?.(context).catch((error: unknown) => refused.push(`${method}: ${String(error)}`));
    }
    expect(refused).toEqual([]);
  });

  it("DEV-1 hears ticks, health, presence, chats, agents and sessions, without a gap", async () => {
    await operator.request("sessions.subscribe");
    await using other = connectTheirs(world.here.url, {
      token: world.token,
      scopes: READ,
      clientName: "gateway-client",
      mode: "ui",
    });
    await helloCount(other, 1);
    const idempotencyKey = "a-chat-that-is-heard";
    await operator.request("chat.send", { sessionKey: "agent:main:main", message: "hello", idempotencyKey });
    await vi.waitFor(() => {
      const heard = new Set(operator.events.map(({ event }) => event));
      for (const event of ["tick", "health", "presence", "chat", "agent", "sessions.changed"]) {
        expect([...heard]).toContain(event);
      }
    }, patience);
    expect(operator.gaps).toEqual([]);
  });

  it("DEV-1 hears a restart, comes back by itself and goes on", async () => {
    const { connected: device } = await admitted();
    await using _ = device;
    const hellos = operator.hellos.length;
    await operator.request("gateway.restart.request", { reason: "a test" });
    await vi.waitFor(() => expect(operator.closes.at(-1)?.code).toBe(1012), patience);
    expect(operator.events.map(({ event }) => event)).toContain("shutdown");
    await helloCount(operator, hellos + 1);
    await helloCount(device, 2);
    expect(device.closes.map(({ code }) => code)).toContain(1012);
    expect(await device.request("health")).toMatchObject({ ok: true });
    expect(await operator.request("status")).toMatchObject({ runtimeVersion: expect.any(String) });
  });

  it("DEV-4 is told in known words that a node takes an admin to approve, so that it asks again as one", async () => {
    const scopes = ["operator.pairing"];
    await using pairing = connectTheirs(world.here.url, { token: world.token, scopes });
    await helloCount(pairing, 1);
    const how = { role: "node", mode: "node", clientName: "node-host" } as const;
    await using node = connectTheirs(world.elsewhere.url, {
      ...how,
      scopes: [],
      machine: new Machine(),
      token: world.token,
    });
    const requestId = await asked(node);
    await expect(pairing.request("device.pair.approve", { requestId })).rejects.toThrow(
      "device pairing approval denied",
    );
    expect(await operator.request("device.pair.approve", { requestId })).toMatchObject({ requestId });
  });

  it("DEV-4 is cut off when its token is revoked, and does not come back", async () => {
    const { connected: device, machine } = await admitted();
    await using _ = device;
    const { deviceId } = machine.identity;
    await operator.request("device.token.revoke", { deviceId, role: "operator" });
    await vi.waitFor(() => expect(device.closes[0]?.code).toBe(4001), patience);
    await vi.waitFor(() => expect(device.errors).not.toEqual([]), patience);
    expect(device.hellos).toHaveLength(1);
  });

  it("DEV-1 every frame that was sent fits the schemas of the published package", () => {
    for (const { passed } of [world.here, world.elsewhere]) {
      const { faults } = checkFrames(passed);
      expect(faults).toEqual([]);
    }
    const { seen } = checkFrames(world.here.passed);
    expect(seen.results.size).toBeGreaterThan(40);
    expect(seen.events.size).toBeGreaterThan(8);
  });
});
