/** `config.*` on a real gateway: what is shown, written, applied, refused. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "@switchboard/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { fits } from "../test-support/oracle.ts";

const SECRET = "sk-the-key-of-this-test-0123456789";

type Content = Record<string, unknown>;

const pathOf = (gateway: TestGateway) => join(gateway.directory, "config.json");
const textOf = (gateway: TestGateway) => readFileSync(pathOf(gateway), "utf8");
const contentOf = (gateway: TestGateway) => JSON.parse(textOf(gateway)) as Content;
const hashOf = async (gateway: TestGateway) => (await gateway.request("config.get", {})).hash;

async function patch(gateway: TestGateway, change: Content, more: object = {}): Promise<Result<"config.patch">> {
  const baseHash = await hashOf(gateway);
  return gateway.request("config.patch", { raw: JSON.stringify(change), baseHash, ...more });
}

describe("the configuration, read and changed", () => {
  it("OPS-1 CRED-3 config.get shows the file, what counts, and no secret, also not in raw", async () => {
    await using gateway = await startTestGateway({
      agent: { apiKey: SECRET, headers: { "x-key": `${SECRET}-header` } },
      env: { GATEWAY_TOKEN: `${SECRET}-gateway` },
    });
    const shown = await gateway.request("config.get", {});
    expect(JSON.stringify(shown)).not.toContain(SECRET);
    expect(shown).toMatchObject({
      path: pathOf(gateway),
      exists: true,
      valid: true,
      issues: [],
      parsed: { agents: [{ apiKey: "[hidden]", headers: { "x-key": "[hidden]" } }] },
      config: { limits: { userPerMinute: 60 }, gateway: { auth: { token: "[hidden]" } } },
    });
    expect(JSON.parse(shown.raw ?? "")).toEqual(shown.parsed);
    expect(shown.appliedConfigHash).toBe(shown.configRevisionHash);
    expect(shown.hash).not.toBe(shown.configRevisionHash);
  });

  it("OPS-1 CRED-3 a file that is broken meanwhile is told of without a word of it, and what counts goes on", async () => {
    await using gateway = await startTestGateway({ agent: "echo", account: false });
    writeFileSync(pathOf(gateway), `{\n"agents": [{ "apiKey": "${SECRET}" x`);
    const shown = await gateway.request("config.get", {});
    expect(JSON.stringify(shown)).not.toContain(SECRET);
    expect(shown).toMatchObject({ exists: true, valid: false, parsed: {}, config: { gateway: { host: "127.0.0.1" } } });
    expect(shown.issues).toEqual([{ path: "", message: expect.stringMatching(/^not valid JSON/) }]);
    expect(shown.raw).toBeUndefined();
    const refused = gateway.request("config.patch", { raw: "{}", baseHash: shown.hash });
    await expect(refused).rejects.toMatchObject({ code: "CFG_001" });
    writeFileSync(pathOf(gateway), JSON.stringify({ gateway: { prot: 1 } }));
    const next = await gateway.request("config.get", {});
    expect(next.issues).toEqual([
      { path: "gateway.prot", message: "there is nothing of this name; did you mean port?" },
    ]);
  });

  it("OPS-1 CRED-3 config.set writes what it is given, keeps what is hidden and what refers to a variable", async () => {
    const env = { MODEL_KEY: SECRET };
    await using gateway = await startTestGateway({ agent: { apiKey: { env: "MODEL_KEY" } }, env });
    const before = contentOf(gateway);
    const shown = await gateway.request("config.get", {});
    const next = { ...(JSON.parse(shown.raw ?? "") as Content), limits: { userBurst: 3 } };
    const changed = await gateway.request("config.set", { raw: JSON.stringify(next), baseHash: shown.hash });
    expect(contentOf(gateway)).toEqual({ ...before, limits: { userBurst: 3 } });
    expect(changed).toMatchObject({ ok: true, applied: [], restart: { required: true, paths: ["limits.userBurst"] } });
    expect(changed.hash).toBe(await hashOf(gateway));
    expect(JSON.stringify(changed)).not.toContain(SECRET);
    expect(gateway.log.text()).not.toContain(SECRET);
    if (process.platform !== "win32") expect(statSync(pathOf(gateway)).mode & 0o777).toBe(0o600);
    const { entries } = await gateway.request("auditLog.list", { action: "config.changed" });
    expect(entries).toMatchObject([
      { subject: "config.set", outcome: "ok", detail: { restart: ["limits.userBurst"] } },
    ]);
    const after = await gateway.request("config.get", {});
    expect(after.appliedConfigHash).toBe(shown.configRevisionHash);
    await gateway.restart();
    const restarted = await gateway.request("config.get", {});
    expect(restarted.appliedConfigHash).toBe(restarted.configRevisionHash);
  });

  it("OPS-1 oc#83017 agents and bindings count from the next turn on; what waits and what was said is untouched", async () => {
    await using gateway = await startTestGateway();
    const { simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "before" });
    await simulator.waitFor(({ text }) => text === "before", { conversation });
    const later = { to: conversation, message: "later", idempotencyKey: "l", sendAt: Date.now() + 3_600_000 };
    await gateway.request("send", later);
    const changed = await patch(gateway, {
      agents: [{ id: "second", runtime: "echo" }],
      bindings: [{ agent: "second" }],
    });
    expect(changed).toMatchObject({ applied: ["agents", "bindings"], restart: { required: false, paths: [] } });
    await simulator.say({ from: "Ada", text: "after" });
    await simulator.waitFor(({ text }) => text.startsWith("after"), { conversation });
    const { sessions } = await gateway.request("sessions.list", {});
    expect(sessions.map(({ agentId }) => agentId).toSorted()).toEqual(["main", "second"]);
    const { deliveries } = await gateway.request("deliveries.list", { states: ["scheduled"] });
    expect(deliveries).toHaveLength(1);
    expect((await gateway.request("agents.list", {})).agents.map(({ id }) => id)).toEqual(["main", "second"]);
  });

  it("OPS-1 an account is added, changed and switched off by a patch, without a restart", async () => {
    await using gateway = await startTestGateway({ agent: "echo", account: false });
    const { platform, simulator } = gateway;
    const config = simulator.accountConfig({ transport: "polling" });
    const account = { config, settings: { dmPolicy: "open" } };
    const added = await patch(gateway, { channels: { [platform.id]: { default: account } } });
    expect(added).toMatchObject({ applied: [`channels.${platform.id}.default`], restart: { required: false } });
    await gateway.connected();
    const { conversation } = await simulator.say({ from: "Ada", text: "hello" });
    await simulator.waitFor(({ text }) => text.startsWith("hello"), { conversation });
    for (const secret of platform.channel.config.secrets) {
      expect(JSON.stringify(added)).not.toContain(String(config[secret]).split(":").at(-1));
    }
    await patch(gateway, { channels: { [platform.id]: { default: null } } });
    const { accounts } = await gateway.request("channels.list", {});
    expect(accounts).toMatchObject([{ enabled: false }]);
  });

  it("OPS-1 everybody who may read hears that it was changed, and not how", async () => {
    await using gateway = await startTestGateway({ agent: "echo", account: false });
    const heard: unknown[] = [];
    gateway.client.on("config.changed", (payload) => heard.push(payload));
    const { hash } = await patch(gateway, { limits: { userBurst: 3 } });
    await eventually(() => heard.length === 1);
    expect(heard).toEqual([{ path: "config.json", hash, ts: expect.any(Number) }]);
    expect(await patch(gateway, { limits: { userBurst: 3 } })).toMatchObject({ noop: true, hash });
    await gateway.request("health", {});
    expect(heard).toHaveLength(1);
  });
});

describe("what changes nothing", () => {
  let gateway: TestGateway;
  let before: string;
  beforeAll(async () => {
    gateway = await startTestGateway({ config: { gateway: { auth: { token: "the-token-of-this-test" } } } });
    before = textOf(gateway);
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it.each([
    ["text that is no JSON", () => "{", /not valid JSON/],
    ["a list", () => "[]", /must be a JSON object/],
    ["a name that reaches a prototype", () => '{"__proto__":{"gateway":{}}}', /forbidden/],
    ["a setting that does not exist", () => '{"gatway":{}}', /gatway/],
    ["a value of the wrong kind", () => '{"gateway":{"port":"80"}}', /gateway\.port/],
    ["a variable that is not set", () => '{"gateway":{"auth":{"token":{"env":"NOT_SET"}}}}', /NOT_SET/],
    ["a binding without its agent", () => '{"bindings":[{"agent":"ghost"}]}', /ghost/],
    ["a channel that is not installed", () => '{"channels":{"nowhere":{"default":{}}}}', /nowhere/],
    ["a placeholder that hides nothing", () => '{"agents":[{"id":"n","apiKey":"[hidden]"}]}', /nothing|no value/],
    ["nesting without end", () => `{"a":${"[".repeat(5_000)}${"]".repeat(5_000)}}`, /nested/],
    [
      "a setting of an account that does not exist",
      () => {
        const config = gateway.simulator.accountConfig({ transport: "polling" });
        return JSON.stringify({
          channels: { [gateway.platform.id]: { other: { config, settings: { dmPolcy: "open" } } } },
        });
      },
      /dmPolcy/,
    ],
    [
      "an account that lacks its credential",
      () => JSON.stringify({ channels: { [gateway.platform.id]: { other: { config: {} } } } }),
      /channels\.\w+\.other/,
    ],
  ])("OPS-1 CFG_001 GHSA-cwj3-vqpp-pmxr %s", async (_what, raw, message) => {
    for (const method of ["config.set", "config.apply", "config.patch"] as const) {
      const refused = gateway.request(method, { raw: raw(), baseHash: await hashOf(gateway) });
      await expect(refused, method).rejects.toMatchObject({
        message: expect.stringMatching(message),
        details: { gatewayCode: "INVALID_REQUEST" },
      });
    }
    expect(textOf(gateway)).toBe(before);
  });

  it("GHSA-cwj3-vqpp-pmxr a change of a state that is not the present one, or that is not named", async () => {
    const stale = await hashOf(gateway);
    writeFileSync(pathOf(gateway), `${before} `);
    for (const baseHash of [stale, undefined]) {
      const refused = gateway.request("config.apply", { raw: "{}", ...(baseHash !== undefined && { baseHash }) });
      await expect(refused).rejects.toMatchObject({ code: "REQ_004", details: { gatewayCode: "INVALID_REQUEST" } });
    }
    expect(textOf(gateway)).toBe(`${before} `);
    writeFileSync(pathOf(gateway), before);
    const { entries } = await gateway.request("auditLog.list", { action: "config.changed" });
    expect(entries[0]).toMatchObject({ outcome: "failed", detail: { code: "REQ_004" } });
  });

  it("GHSA-cwj3-vqpp-pmxr of two changes of the same state one wins, and the other is told", async () => {
    const baseHash = await hashOf(gateway);
    const raw = (userBurst: number) => JSON.stringify({ limits: { userBurst } });
    const both = await Promise.allSettled([
      gateway.request("config.patch", { raw: raw(5), baseHash }),
      gateway.request("config.patch", { raw: raw(6), baseHash }),
    ]);
    expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(contentOf(gateway)).toMatchObject({ limits: { userBurst: 5 } });
    writeFileSync(pathOf(gateway), before);
  });

  it("CVE-2026-25593 GHSA-g55j-c2v4-pjcg config.apply from somebody who is not connected, or holds too little", async () => {
    const url = gateway.url.replace("http", "ws");
    const raw = JSON.stringify({ agents: [{ id: "theirs", runtime: "echo" }] });
    const baseHash = await hashOf(gateway);
    const apply = (id: string) => ({ type: "req", id, method: "config.apply", params: { raw, baseHash } });
    const attempt = async (frames: readonly object[]): Promise<string> => {
      const socket = new WebSocket(url);
      const heard: string[] = [];
      socket.on("message", (data) => heard.push(String(data)));
      await new Promise((resolve) => socket.once("open", resolve));
      for (const frame of frames) socket.send(JSON.stringify(frame));
      await eventually(() => heard.some((each) => each.includes('"a1"')) || socket.readyState === WebSocket.CLOSED);
      socket.terminate();
      return heard.join("\n");
    };
    const connect = (auth: object, scopes: readonly string[]) => ({
      type: "req",
      id: "c",
      method: "connect",
      params: {
        minProtocol: 4,
        maxProtocol: 4,
        client: { id: "cli", mode: "cli", version: "1", platform: "test" },
        scopes,
        auth,
      },
    });
    const token = "the-token-of-this-test";
    expect(await attempt([apply("a1")])).not.toContain('"ok":true');
    expect(await attempt([connect({}, ["operator.admin"]), apply("a1")])).not.toContain('"ok":true');
    expect(await attempt([connect({ token: "wrong" }, ["operator.admin"]), apply("a1")])).not.toContain('"ok":true');
    const little = [[], ["operator.read"], ["operator.write", "operator.approvals", "operator.pairing"]];
    for (const scopes of little) {
      const heard = await attempt([connect({ token }, scopes), apply("a1")]);
      expect(heard).toContain('"missing scope: operator.admin"');
    }
    for (const path of ["/config", "/api/config", "/config/apply", "/tools/invoke", "/api/v1/admin/rpc"]) {
      expect((await fetch(gateway.url + path, { method: "POST", body: raw })).status).toBe(404);
    }
    expect(textOf(gateway)).toBe(before);
    expect((await gateway.request("agents.list", {})).agents.map(({ id }) => id)).toEqual(["main"]);
  });

  it("GHSA-93rg-2xm5-2p9v nobody is shown configuration, paths or secrets before they may read", async () => {
    const pages = [
      "/__openclaw/control-ui-config.json",
      "/control-ui-config.json",
      "/config.json",
      "/.well-known/config",
    ];
    for (const path of pages) {
      const response = await fetch(gateway.url + path);
      const text = await response.text();
      expect([response.status, text.includes("the-token-of-this-test"), text.includes(gateway.directory)]).toEqual([
        404,
        false,
        false,
      ]);
    }
    const socket = new WebSocket(gateway.url.replace("http", "ws"));
    const heard: string[] = [];
    socket.on("message", (data) => heard.push(String(data)));
    await new Promise((resolve) => socket.once("open", resolve));
    const params = {
      minProtocol: 4,
      maxProtocol: 4,
      client: { id: "cli", mode: "cli", version: "1", platform: "test" },
      auth: { token: "the-token-of-this-test" },
    };
    socket.send(JSON.stringify({ type: "req", id: "c", method: "connect", params }));
    for (const method of ["config.get", "config.schema", "logs.tail", "system.info"]) {
      socket.send(JSON.stringify({ type: "req", id: method, method }));
    }
    await eventually(() => heard.some((each) => each.includes('"id":"system.info"')));
    socket.terminate();
    const told = heard.join("\n");
    expect(told).toContain("hello-ok");
    for (const word of [gateway.directory, "the-token-of-this-test", "config.json"]) expect(told).not.toContain(word);
  });
});

describe("the schema", () => {
  it("OPS-1 is told whole and one path at a time, with what is secret and what needs a restart", async () => {
    await using gateway = await startTestGateway({ agent: "echo", account: false });
    const whole = await gateway.request("config.schema", {});
    expect(fits("ConfigSchemaResponse", whole)).toEqual([]);
    const { schema, uiHints, version } = whole;
    expect(schema).toMatchObject({ properties: { gateway: { properties: { port: { maximum: 65_535 } } } } });
    expect(version).toBe((await gateway.request("status", {})).runtimeVersion);
    const { platform } = gateway;
    const [secret = ""] = platform.channel.config.secrets;
    expect(uiHints).toMatchObject({
      "gateway.auth.token": { sensitive: true },
      [`channels.${platform.id}.*.config.${secret}`]: { sensitive: true },
    });
    const port = await gateway.request("config.schema.lookup", { path: "gateway.port" });
    expect(port).toMatchObject({ path: "gateway.port", reloadKind: "restart", children: [] });
    for (const path of ["agents[].model", "agents.0.model", "agents[3].model", "agents/0/model"]) {
      const found = await gateway.request("config.schema.lookup", { path });
      expect(found).toMatchObject({ path: "agents[].model", reloadKind: "hot", schema: { type: "string" } });
    }
    const account = await gateway.request("config.schema.lookup", { path: `channels.${platform.id}.default.config` });
    expect(fits("ConfigSchemaLookupResult", account)).toEqual([]);
    expect(account.children).toContainEqual(
      expect.objectContaining({
        key: secret,
        hint: { sensitive: true },
        hintPath: `channels.${platform.id}.*.config.${secret}`,
      }),
    );
    const nothing = gateway.request("config.schema.lookup", { path: "gateway.prot" });
    await expect(nothing).rejects.toMatchObject({ code: "REQ_002" });
  });
});
