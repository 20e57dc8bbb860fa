/** `switchboard devices` against a running gateway, and on the state directory of a stopped one. */
import { GatewayClient } from "@switchboard/client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { TestDevice } from "../test-support/device.ts";
import { startWorld, TOKEN, type World } from "../test-support/world.ts";

// Each command is a process, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

interface Listed {
  readonly pending: readonly { readonly requestId: string; readonly deviceId: string }[];
  readonly paired: readonly {
    readonly deviceId: string;
    readonly roles: readonly string[];
    readonly connected: boolean;
  }[];
}

describe("DEV-8 devices on the command line", () => {
  let world: World;
  const clients: GatewayClient[] = [];
  beforeAll(async () => {
    // Programs of this machine are asked about, too: the test has no other.
    world = await startWorld({ gateway: { pairing: { autoApproveLocal: false } } });
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await world?.[Symbol.asyncDispose]();
  });

  async function connect(device: TestDevice, token = TOKEN): Promise<GatewayClient> {
    const client = new GatewayClient({
      url: world.url,
      token,
      device: await device.identity(),
      client: { id: "test", mode: "test", version: "1", platform: "linux", displayName: "Test phone" },
      scopes: ["operator.read"],
      reconnect: false,
    });
    clients.push(client);
    await client.connect();
    return client;
  }

  const list = () => world.ask<Listed>("devices", "list");

  it("DEV-8 a device waits, is shown, approved by the beginning of its id, named, rotated, revoked and removed", async () => {
    const device = new TestDevice();
    await expect(connect(device)).rejects.toMatchObject({ code: "REQ_005" });
    const [pending] = (await list()).pending;
    const id = pending?.requestId ?? "";
    const shown = await world.run(["devices", "list"]);
    expect(shown.stdout).toMatch(new RegExp(`${id} +Test phone +operator: read +this machine`));
    const preview = await world.run(["devices", "approve"]);
    expect([preview.code, preview.stdout]).toEqual([0, expect.stringContaining(`switchboard devices approve ${id}`)]);
    expect((await list()).pending).toHaveLength(1);
    const approved = await world.run(["devices", "approve", id.slice(0, 8)]);
    expect([approved.code, approved.stdout]).toEqual([
      0,
      expect.stringContaining("Test phone may connect as operator with read"),
    ]);

    const client = await connect(device);
    const token = client.hello?.auth.deviceToken ?? "";
    expect(await list()).toMatchObject({ pending: [], paired: [{ deviceId: expect.any(String), connected: true }] });
    const short = (await list()).paired[0]?.deviceId.slice(0, 12) ?? "";
    expect((await world.run(["devices", "rename", short, "Mine"])).stdout).toContain("is called Mine");
    expect((await world.run(["devices", "list"])).stdout).toMatch(/Mine +operator: read +owner .* connected/);

    const rotated = await world.run(["devices", "rotate", short, "--json"]);
    expect(rotated.json()).toMatchObject({ tokenDelivery: "withheld-cross-device" });
    await expect.poll(() => client.state.name, { timeout: 30_000 }).toBe("refused");
    await expect(connect(device, token)).rejects.toMatchObject({ code: "REQ_005" });

    expect((await world.run(["devices", "revoke", short])).code).toBe(0);
    expect((await world.run(["devices", "list"])).stdout).toContain("nothing");
    expect((await world.run(["devices", "remove", short])).code).toBe(0);
    expect(await list()).toEqual({ pending: [], paired: [] });
  });

  it("DEV-8 wrong ids, too short ones and missing scopes are told clearly", async () => {
    await expect(connect(new TestDevice())).rejects.toThrow();
    await expect(connect(new TestDevice())).rejects.toThrow();
    const unknown = await world.run(["devices", "approve", "no-such", "--json"]);
    expect([unknown.code, unknown.json()]).toMatchObject([2, { error: { code: "REQ_002" } }]);
    const empty = await world.run(["devices", "reject", ""]);
    expect([empty.code, empty.stderr]).toEqual([2, expect.stringContaining("2 begin with")]);
    for (const { requestId } of (await list()).pending) {
      expect((await world.run(["devices", "reject", requestId])).code).toBe(0);
    }
    expect((await world.run(["devices", "approve"])).stderr).toContain("No device waits for approval");
  });

  it("DEV-8 works while the gateway is stopped, and what was approved then holds afterwards", async () => {
    const device = new TestDevice();
    await expect(connect(device)).rejects.toThrow();
    await world.process.stop();
    const approved = await world.run(["devices", "approve", "--latest", "--json"]);
    expect(approved.json()).toMatchObject({ device: { roles: ["operator"] } });
    await world.restart();
    const client = await connect(device);
    expect(client.hello?.auth).toMatchObject({ role: "operator", scopes: ["operator.read"] });
  });
});
