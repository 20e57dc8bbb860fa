/** What a gateway tells of itself and its machine, and what it does not have. */
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { fits } from "../test-support/oracle.ts";

describe("what a gateway tells of itself and its machine", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ agent: { models: ["test-model", "other-model"], name: "Main" } });
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it("DEV-1 advertises what it can do, and nothing else", async () => {
    const { methods, events } = gateway.client.hello?.features ?? { methods: [], events: [] };
    for (const method of [
      "agents.list",
      "channels.logout",
      "commands.list",
      "config.apply",
      "config.get",
      "config.patch",
      "config.schema",
      "config.schema.lookup",
      "config.set",
      "cron.list",
      "cron.status",
      "gateway.identity.get",
      "last-heartbeat",
      "models.list",
      "set-heartbeats",
      "system-event",
      "system.info",
      "users.self",
    ]) {
      expect(methods).toContain(method);
    }
    // Nobody would start this gateway again, and its log is in no file.
    for (const method of ["gateway.restart.request", "logs.tail", "wake"]) expect(methods).not.toContain(method);
    expect(events).toContain("config.changed");
  });

  it("DEV-1 system.info describes the machine", async () => {
    const info = await gateway.request("system.info", {});
    expect(fits("SystemInfoResult", info)).toEqual([]);
    expect(info).toMatchObject({ hostname: hostname(), pid: process.pid, port: Number(new URL(gateway.url).port) });
    expect(info.diskTotalBytes).toBeGreaterThan(0);
  });

  it("DEV-3 the gateway's identity is a key of its own, kept over restarts, for its owner's eyes only", async () => {
    const identity = await gateway.request("gateway.identity.get", {});
    const raw = Buffer.from(identity.publicKey, "base64url");
    expect(raw).toHaveLength(32);
    expect(identity.deviceId).toBe(createHash("sha256").update(raw).digest("hex"));
    const file = join(gateway.directory, "gateway-identity");
    if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
    await gateway.restart();
    expect(await gateway.request("gateway.identity.get", {})).toEqual(identity);
  });

  it("AGT-5 models.list names the models that the agents are configured with", async () => {
    const all = await gateway.request("models.list", {});
    expect(fits("ModelsListResult", all)).toEqual([]);
    expect(all.models.map(({ id, provider }) => `${provider}/${id}`)).toEqual([
      "openai/test-model",
      "openai/other-model",
    ]);
    expect(await gateway.request("models.list", { agentId: "main" })).toEqual(all);
    await expect(gateway.request("models.list", { agentId: "ghost" })).rejects.toMatchObject({ code: "REQ_002" });
  });

  it("ACC-6 commands.list names the commands that people may write", async () => {
    const all = await gateway.request("commands.list", {});
    expect(fits("CommandsListResult", all)).toEqual([]);
    expect(all.commands.find(({ name }) => name === "model")).toMatchObject({
      textAliases: ["/model"],
      acceptsArgs: true,
      args: [{ name: "value", required: false }],
    });
    const { conversation } = await gateway.simulator.say({ from: "Ada", text: "/help" });
    const help = await gateway.simulator.waitFor(({ text }) => text.includes("/help"), { conversation });
    // Whoever owns nothing is not shown the owners' commands.
    const shown = [...help.text.matchAll(/\/([a-z]+)/g)].map(([, name]) => name);
    expect(all.commands.map(({ name }) => name)).toEqual(expect.arrayContaining(shown));
    const short = await gateway.request("commands.list", { includeArgs: false, scope: "text" });
    expect(short.commands.every((each) => each.args === undefined && each.nativeName === undefined)).toBe(true);
  });

  it("DEV-1 agents.list fits what clients of the wider world read", async () => {
    const agents = await gateway.request("agents.list", {});
    expect(fits("AgentsListResult", agents)).toEqual([]);
    expect(agents).toMatchObject({ defaultId: "main", mainKey: "main", agents: [{ id: "main", name: "Main" }] });
  });

  it("DEV-1 does not pretend to have heartbeats or jobs", async () => {
    expect(await gateway.request("last-heartbeat", {})).toBeNull();
    expect(await gateway.request("set-heartbeats", { enabled: false })).toEqual({ ok: true, enabled: false });
    const on = gateway.request("set-heartbeats", { enabled: true });
    await expect(on).rejects.toMatchObject({ details: { gatewayCode: "INVALID_REQUEST" } });
    expect(await gateway.request("cron.list", {})).toMatchObject({ jobs: [], total: 0 });
    expect(await gateway.request("cron.status", {})).toEqual({ enabled: false, jobs: 0, nextWakeAtMs: null });
  });

  it("DEV-1 users.self is who connected", async () => {
    const { profile } = await gateway.request("users.self", {});
    const { entries } = await gateway.request("auditLog.list", {});
    expect(profile.id).toMatch(/^operator:/);
    expect(entries.every(({ actor }) => actor === "system" || actor === profile.id)).toBe(true);
  });

  it("DEV-1 a machine that tells of itself stands in the presence list, and its newest beacon counts", async () => {
    const heard: string[] = [];
    gateway.client.on("presence", ({ presence }) => heard.push(JSON.stringify(presence)));
    for (const text of ["Node: kitchen · idle", "Node: kitchen · busy"]) {
      const beacon = { text, host: "kitchen", mode: "node", lastInputSeconds: 3, tags: ["a", ""], reason: "periodic" };
      expect(await gateway.request("system-event", beacon)).toEqual({ ok: true });
    }
    const rows = (await gateway.request("system-presence", {})).filter(({ host }) => host === "kitchen");
    expect(rows).toMatchObject([
      { text: "Node: kitchen · busy", lastInputSeconds: 3, tags: ["a"], reason: "periodic" },
    ]);
    await eventually(() => heard.some((each) => each.includes("kitchen · busy")));
    for (const more of [{ sessionKey: "main" }, { wake: true }]) {
      const refused = gateway.request("system-event", { text: "hello", ...more });
      await expect(refused).rejects.toMatchObject({ code: "REQ_001" });
    }
  });
});

describe("logging an account out", () => {
  it("TEN-8 disconnects it and forgets its credential; messages, settings and other accounts stay", async () => {
    await using gateway = await startTestGateway({ agent: "echo", account: false });
    const { platform, simulator } = gateway;
    const given = { channel: platform.id, settings: { dmPolicy: "open" } } as const;
    await gateway.request("channels.add", { ...given, config: simulator.accountConfig({ transport: "polling" }) });
    await gateway.connected();
    const { conversation } = await simulator.say({ from: "Ada", text: "hello" });
    await simulator.waitFor(({ text }) => text.startsWith("hello"), { conversation });
    const answer = await gateway.request("channels.logout", { channel: platform.id });
    expect(answer).toMatchObject({ channel: platform.id, accountId: "default", cleared: true });
    const { channelAccounts } = await gateway.request("channels.status", {});
    expect(channelAccounts[platform.id]).toMatchObject([{ accountId: "default", state: "DISCONNECTED" }]);
    expect((await gateway.request("sessions.list", {})).sessions).toHaveLength(1);
    expect((await gateway.request("health", { probe: true })).ok).toBe(true);
    const again = await gateway.request("channels.logout", { channel: platform.id });
    expect(again).toMatchObject({ cleared: false, loggedOut: false });
    // Not even a restart brings it back; only a new credential does.
    await gateway.restart();
    const { channelAccounts: after } = await gateway.request("channels.status", {});
    expect(after[platform.id]).toMatchObject([{ state: "DISCONNECTED" }]);
    const config = simulator.accountConfig({ transport: "polling" });
    await gateway.request("channels.add", { ...given, config, replace: true });
    await gateway.connected();
    const { entries } = await gateway.request("auditLog.list", { action: "account.logged-out" });
    expect(entries).toHaveLength(2);
  });

  it("CRED-1 says where a credential has to be taken out that a file would bring back", async () => {
    await using gateway = await startTestGateway({ agent: "echo" });
    const refused = gateway.request("channels.logout", { channel: gateway.platform.id });
    await expect(refused).rejects.toMatchObject({ code: "REQ_004", message: expect.stringContaining("config") });
    await gateway.connected();
    const nobody = gateway.request("channels.logout", { channel: gateway.platform.id, accountId: "ghost" });
    await expect(nobody).rejects.toMatchObject({ code: "CFG_003" });
  });
});
