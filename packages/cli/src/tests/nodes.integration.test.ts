/** `switchboard nodes` against a running gateway, with our own client as the node, and on a stopped one's directory. */
import { GatewayClient } from "@switchboard/client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { TestDevice } from "../test-support/device.ts";
import { startWorld, TOKEN, type World } from "../test-support/world.ts";

// Each command is a process, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

interface Listed {
  readonly pending: readonly { readonly requestId: string; readonly nodeId: string }[];
  readonly nodes: readonly {
    readonly nodeId: string;
    readonly commands: readonly string[];
    readonly approvalState: string;
    readonly connected: boolean;
  }[];
}

describe("DEV-9 nodes on the command line", () => {
  let world: World;
  const device = new TestDevice();
  let node: GatewayClient;
  const calls: unknown[] = [];
  beforeAll(async () => {
    world = await startWorld();
    node = new GatewayClient({
      url: world.url,
      token: TOKEN,
      device: await device.identity(),
      client: { id: "node-host", mode: "node", version: "1", platform: "linux", displayName: "Attic" },
      role: "node",
      caps: ["system"],
      commands: ["system.notify", "system.which"],
    });
    node.on("node.invoke.request", ({ command, id, nodeId, paramsJSON }) => {
      calls.push({ command, paramsJSON });
      void node.request("node.invoke.result", { id, nodeId, ok: true, payload: { shown: command } });
    });
    await node.connect();
  });
  afterAll(async () => {
    node?.close();
    await world?.[Symbol.asyncDispose]();
  });

  const list = () => world.ask<Listed>("nodes", "list");

  it("DEV-9 what it offers is shown, approved, called, and taken away again", async () => {
    const { id: nodeId } = await device.identity();
    await vi.waitFor(async () => expect((await list()).pending).toMatchObject([{ nodeId }]), { timeout: 60_000 });
    const [pending] = (await list()).pending;
    const shown = await world.run(["nodes", "list"]);
    expect(shown.stdout).toMatch(/Attic +system\.notify, system\.which +admin/);
    const early = await world.run(["nodes", "invoke", "attic", "system.notify"]);
    expect([early.code, early.stderr]).toEqual([2, expect.stringContaining("command not approved")]);
    const approved = await world.run(["nodes", "approve", pending?.requestId.slice(0, 8) ?? ""]);
    expect([approved.code, approved.stdout]).toEqual([
      0,
      expect.stringContaining("Attic may be called for system.notify"),
    ]);
    // The node is cut off and comes back by itself.
    await vi.waitFor(async () => expect((await list()).nodes).toMatchObject([{ connected: true }]), {
      timeout: 60_000,
    });
    const described = await world.run(["nodes", "describe", "attic"]);
    expect(described.stdout).toContain("may be called for: system.notify, system.which");
    const params = ["--params", '{"title":"Hello"}', "--key", "once"];
    expect(await world.ask("nodes", "invoke", "Attic", "system.notify", ...params)).toMatchObject({
      ok: true,
      nodeId,
      payload: { shown: "system.notify" },
    });
    await world.ask("nodes", "invoke", nodeId.slice(0, 8), "system.notify", ...params);
    expect(calls).toEqual([{ command: "system.notify", paramsJSON: '{"title":"Hello"}' }]);
    expect((await world.run(["nodes", "invoke", "attic", "camera.snap"])).stderr).toContain("not declared by node");
    expect((await world.run(["nodes", "rename", "attic", "Cellar"])).stdout).toContain("is called Cellar");
    node.close();
    await vi.waitFor(async () => expect((await list()).nodes).toMatchObject([{ connected: false }]), {
      timeout: 60_000,
    });
    const away = await world.run(["nodes", "invoke", "cellar", "system.notify"]);
    expect([away.code, away.stderr]).toEqual([1, expect.stringContaining("node not connected (NODE_001)")]);
    expect((await world.run(["nodes", "remove", "cellar"])).stdout).toContain("is no node any more");
    expect(await list()).toEqual({ pending: [], nodes: [] });
  });

  it("says what is wrong with what it is told", async () => {
    const wrong = await world.run(["nodes", "describe", "nobody"]);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("There is no node nobody.")]);
    const json = await world.run(["nodes", "invoke", "nobody", "x", "--params", "{"]);
    expect([json.code, json.stderr]).toEqual([2, expect.stringContaining("--params is no JSON.")]);
    await world.process.stop();
    expect((await world.run(["nodes", "list"])).code).toBe(0);
    expect((await world.run(["nodes", "invoke", "nobody", "x"])).code).toBe(3);
  });
});
