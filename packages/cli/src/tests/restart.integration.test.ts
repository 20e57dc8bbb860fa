/** A gateway that starts again in the same process, and its log. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GatewayClient } from "@switchboard/client";
import { SCOPES } from "@switchboard/protocol";
import { describe, expect, it, vi } from "vitest";
import { LAUNCHER } from "../test-support/switchboard.ts";
import { startWorld, TOKEN, type World } from "../test-support/world.ts";

// Each command is a process, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const settled = (condition: () => unknown, timeout = 30_000) =>
  expect.poll(condition, { timeout, interval: 20 }).toBeTruthy();

/** An operator who comes back by itself; `happened` is what it saw, in order. */
async function operator(world: World) {
  const happened: string[] = [];
  const client = new GatewayClient({
    url: world.url,
    token: TOKEN,
    client: { id: "cli", mode: "cli", version: "test", platform: "test" },
    scopes: SCOPES,
  });
  client.on("shutdown", ({ reason, restartExpectedMs }) => happened.push(`shutdown ${reason} ${restartExpectedMs}`));
  client.onState((state) => happened.push(state.name));
  await client.connect();
  return { client, happened, [Symbol.dispose]: () => client.close() };
}

/** A bare socket of an operator: `told` is every event's name, and at the end the close code. */
async function bareOperator(world: World) {
  const socket = new WebSocket(world.url.replace("http", "ws"));
  const told: (string | number)[] = [];
  const ready = Promise.withResolvers<void>();
  const closed = new Promise<void>((resolve) => {
    socket.addEventListener("close", ({ code }) => {
      told.push(code);
      resolve();
    });
  });
  const client = { id: "cli", mode: "cli", version: "test", platform: "test" };
  const params = { minProtocol: 4, maxProtocol: 4, client, scopes: ["operator.read"], auth: { token: TOKEN } };
  socket.addEventListener("message", ({ data }) => {
    const frame = JSON.parse(String(data)) as { readonly type: string; readonly event: string };
    if (frame.event === "connect.challenge") {
      socket.send(JSON.stringify({ type: "req", id: "c", method: "connect", params }));
    } else if (frame.type === "res") ready.resolve();
    else told.push(frame.event);
  });
  await ready.promise;
  return { told, closed };
}

function change(world: World, edit: (config: Record<string, unknown>) => void): void {
  const path = join(world.directory, "config.json");
  const config = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  edit(config);
  writeFileSync(path, JSON.stringify(config));
}

describe("starting again in the same process", () => {
  it("DEV-1 OPS-1 on request: clients are told, find it again, and what was configured meanwhile counts", async () => {
    await using world = await startWorld();
    using here = await operator(world);
    const { client, happened } = here;
    const { simulator, model, process: gateway } = world;
    const { pid } = await client.request("system.info", {});
    const identity = await client.request("gateway.identity.get", {});
    change(world, (config) => {
      config.limits = { userBurst: 7 };
    });
    // Somebody is being answered: that is finished first.
    model.next({ type: "echo", firstDelayMs: 300 });
    const { conversation } = await simulator.say({ from: "Ada", text: "in the middle" });
    await settled(() => model.count === 1);
    expect(await client.request("gateway.restart.request", { reason: "a test" })).toEqual({ ok: true, delayMs: 0 });
    await settled(() => happened.some((each) => each.startsWith("shutdown gateway restarting")));
    await settled(async () => (await client.request("health", {}).catch(() => undefined)) !== undefined);
    const after = await client.request("system.info", {});
    expect([after.pid, gateway.running]).toEqual([pid, true]);
    expect(await client.request("gateway.identity.get", {})).toEqual(identity);
    const { config, appliedConfigHash, configRevisionHash } = await client.request("config.get", {});
    expect(config).toMatchObject({ limits: { userBurst: 7 } });
    expect(appliedConfigHash).toBe(configRevisionHash);
    await simulator.waitFor(({ text }) => text === "in the middle", { conversation, timeoutMs: 20_000 });
    await simulator.say({ from: "Ada", text: "afterwards" });
    await simulator.waitFor(({ text }) => text === "afterwards", { conversation, timeoutMs: 20_000 });
    expect(simulator.sent({ conversation }).map(({ text }) => text)).toEqual(["in the middle", "afterwards"]);
    const { entries } = await client.request("auditLog.list", { action: "gateway.restart" });
    expect(entries).toMatchObject([{ outcome: "ok", detail: { reason: "a test" } }]);
    expect(await gateway.stop()).toBe(true);
    expect((await gateway.ended).code).toBe(0);
  });

  it("DEV-1 OPS-1 every line, also one that says nothing, hears shutdown and is closed with 1012; the same when it is told to end", async () => {
    await using world = await startWorld();
    using here = await operator(world);
    const [first, silent] = [await bareOperator(world), new WebSocket(world.url.replace("http", "ws"))];
    const dismissed = new Promise<number>((resolve) => silent.addEventListener("close", ({ code }) => resolve(code)));
    await new Promise((resolve) => silent.addEventListener("message", resolve, { once: true }));
    await here.client.request("gateway.restart.request", {});
    await first.closed;
    expect(first.told.slice(-2)).toEqual(["shutdown", 1012]);
    expect(await dismissed).toBe(1012);
    await settled(async () => (await here.client.request("health", {}).catch(() => undefined)) !== undefined);
    const second = await bareOperator(world);
    expect(await world.process.stop()).toBe(true);
    await second.closed;
    expect(second.told.slice(-2)).toEqual(["shutdown", 1012]);
  });

  it("OPS-1 not from a file that it could not start from: it says so and goes on", async () => {
    await using world = await startWorld();
    using here = await operator(world);
    const { startedAt } = await here.client.request("status", {});
    change(world, (config) => {
      config.gatway = {};
    });
    const refused = here.client.request("gateway.restart.request", {});
    await expect(refused).rejects.toMatchObject({ code: "CFG_001", message: expect.stringContaining("gatway") });
    expect((await here.client.request("status", {})).startedAt).toBe(startedAt);
  });

  it.runIf(process.platform !== "win32")(
    "OPS-1 on SIGHUP; what it cannot start from is told of, and it goes on as it was",
    async () => {
      await using world = await startWorld({}, { logLevel: "info" });
      using here = await operator(world);
      const { startedAt } = await here.client.request("status", {});
      const told = (text: string) => world.process.log.some((line) => line.includes(text));
      change(world, (config) => {
        config.gatway = {};
      });
      process.kill(world.process.pid, "SIGHUP");
      await settled(() => told("the configuration file is not valid"));
      expect((await here.client.request("status", {})).startedAt).toBe(startedAt);
      change(world, (config) => {
        delete config.gatway;
        // Nothing can listen there.
        config.gateway = { host: "192.0.2.1" };
      });
      process.kill(world.process.pid, "SIGHUP");
      await settled(() => told("could not start as configured now"));
      await settled(async () => {
        const status = await here.client.request("status", {}).catch(() => undefined);
        return status !== undefined && status.startedAt > startedAt;
      });
      expect(world.process.running).toBe(true);
    },
  );
});

describe("the log", () => {
  it("OPS-4 CRED-3 is in a file of the state directory, over the wire and on the command line, without secrets", async () => {
    await using world = await startWorld({}, { logLevel: "info" });
    using here = await operator(world);
    const file = join(world.directory, "logs", "gateway.log");
    if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
    const tail = await here.client.request("logs.tail", { limit: 5 });
    expect(tail).toMatchObject({ file, cursor: tail.size });
    expect(tail.lines.length).toBeGreaterThan(0);
    for (const line of tail.lines) expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number) });
    expect(readFileSync(file, "utf8")).not.toContain(TOKEN);
    const asked = await world.ask<{ lines: readonly string[] }>("logs", "--limit", "3");
    expect(asked.lines).toHaveLength(3);
    const shown = await world.run(["logs"]);
    expect([shown.code, shown.stdout.includes("connected")]).toEqual([0, true]);
    expect((await world.run(["logs", "--limit", "none"])).code).toBe(2);

    // Live: what is told less of from now on.
    const { hash } = await here.client.request("config.get", {});
    expect(existsSync(file)).toBe(true);
    const patch = { raw: JSON.stringify({ log: { level: "error" } }), baseHash: hash };
    // The level comes from the environment here, which is stronger than the file.
    expect(await here.client.request("config.patch", patch)).toMatchObject({ applied: [] });

    const follower = spawn(
      process.execPath,
      ["--conditions=@switchboard/source", LAUNCHER, "logs", "--follow", "--json", "--limit", "1"],
      {
        env: { ...process.env, SWITCHBOARD_STATE_DIR: world.directory, GATEWAY_TOKEN: TOKEN },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    try {
      let followed = "";
      follower.stdout.setEncoding("utf8").on("data", (text: string) => {
        followed += text;
      });
      await settled(() => followed !== "");
      // It goes on over a restart, and misses nothing of it.
      await here.client.request("gateway.restart.request", { reason: "to be followed" });
      await settled(() => followed.includes("to be followed") && followed.includes("started again"), 60_000);
      for (const line of followed.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("msg");
    } finally {
      const gone = new Promise((resolve) => follower.once("exit", resolve));
      follower.kill();
      await gone;
    }
    await world.process.stop();
    const stopped = await world.ask<{ lines: readonly string[] }>("logs", "--limit", "5000");
    expect(stopped.lines.join("\n")).toContain("stopping");
  });
});
