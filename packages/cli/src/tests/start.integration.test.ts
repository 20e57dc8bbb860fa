import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGatewayProcess } from "@switchboard/testkit/gateway-process";
import { describe, expect, it, vi } from "vitest";
import { startWorld, TOKEN } from "../test-support/world.ts";

// Each command is a process, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const settled = (condition: () => boolean) => expect.poll(condition, { timeout: 15_000, interval: 20 }).toBe(true);

describe("switchboard start", () => {
  it("OPS-1 ends in good order on SIGTERM: the running answer is sent, the exit code is 0, nothing is left behind", async () => {
    await using world = await startWorld();
    const { model, process: gateway, simulator } = world;
    model.next({ type: "echo", firstDelayMs: 800 });
    const { conversation } = await simulator.say({ from: "Ada", text: "in the middle" });
    await settled(() => model.count === 1);
    const note = join(world.directory, "running.json");
    expect(existsSync(note)).toBe(true);
    expect(await gateway.stop()).toBe(true);
    expect((await gateway.ended).code).toBe(0);
    expect(simulator.sent({ conversation }).map(({ text }) => text)).toEqual(["in the middle"]);
    expect(existsSync(note)).toBe(false);
    // What is asked of it now is answered from the state directory.
    const { sessions } = await world.ask<{ sessions: readonly { entries: number }[] }>("sessions", "list");
    expect(sessions.map(({ entries }) => entries)).toEqual([2]);
  });

  it("OPS-1 a second signal ends it at once, and the next process finishes what was cut off", async () => {
    await using world = await startWorld();
    const { model, process: gateway, simulator } = world;
    model.next({ type: "silence" });
    const { conversation } = await simulator.say({ from: "Ada", text: "cut off" });
    await settled(() => model.count === 1);
    gateway.terminate();
    const draining = async () => (await fetch(`${world.url}/readyz`)).status === 503;
    await expect.poll(draining, { timeout: 15_000, interval: 20 }).toBe(true);
    gateway.terminate();
    expect((await gateway.ended).code).toBe(130);
    await world.restart();
    await simulator.waitFor(({ text }) => text === "cut off", { conversation, timeoutMs: 20_000 });
    expect(simulator.sent({ conversation })).toHaveLength(1);
  });

  it("Q-6 kill -9 in the middle of an answer loses nothing: the next process answers, once", async () => {
    await using world = await startWorld();
    const { model, simulator } = world;
    // Neither is answered before the kill: what was sent and not recorded would come again, with a note.
    model.next({ type: "silence" });
    model.next({ type: "silence" });
    const { conversation } = await simulator.say({ from: "Ada", text: "survive this" });
    await simulator.say({ from: "Bob", text: "and this" });
    await settled(() => model.count === 2);
    await world.process.kill();
    await world.restart();
    await simulator.waitFor(({ text }) => text === "survive this", { conversation, timeoutMs: 20_000 });
    await simulator.waitFor(({ text }) => text === "and this");
    expect(
      simulator
        .sent()
        .map(({ text }) => text)
        .toSorted(),
    ).toEqual(["and this", "survive this"]);
    const status = await world.ask<{ deadLetters: number }>("status");
    expect(status.deadLetters).toBe(0);
  });

  it("OPS-1 CRED-3 logs JSON lines without credentials", async () => {
    await using world = await startWorld({}, { logLevel: "debug" });
    const { conversation } = await world.simulator.say({ from: "Ada", text: "hello" });
    await world.simulator.waitFor(({ text }) => text === "hello", { conversation });
    await world.process.stop();
    const config = JSON.parse(readFileSync(join(world.directory, "config.json"), "utf8")) as {
      channels: Record<string, { default: { config: { token: string } } }>;
    };
    const secret = config.channels[world.channel]?.default.config.token.split(":").at(-1) ?? "";
    expect(secret.length).toBeGreaterThan(10);
    const lines = world.process.log;
    expect(lines.join("\n")).toContain("Chat in the browser");
    expect(lines.join("\n")).not.toContain(TOKEN);
    expect(lines.join("\n")).not.toContain(secret);
    const objects = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as { msg?: string });
    expect(objects.some(({ msg }) => msg === "connection state")).toBe(true);
  });

  it("OPS-1 ends when its store cannot be opened, also where another program waits for its word", async () => {
    const directory = mkdtempSync(join(tmpdir(), "switchboard-start-"));
    writeFileSync(
      join(directory, "switchboard.db"),
      "This is a letter and no database, and long enough to be read. ".repeat(20),
    );
    const gateway = startGatewayProcess({ stateDirectory: directory, port: 0, token: TOKEN, form: "source" });
    try {
      await expect(gateway.ready).rejects.toThrow(/STORE_005/);
      expect(await gateway.ended).toEqual({ code: 1, signal: null });
    } finally {
      await gateway.kill();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
