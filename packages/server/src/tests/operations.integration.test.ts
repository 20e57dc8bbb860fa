import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "@switchboard/testkit/gateway-process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeConfigFile } from "../config/config-file.ts";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { metric, scrape } from "../test-support/metrics.ts";
import { TestClock } from "../test-support/test-clock.ts";

describe("what a gateway tells of itself", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ clock: new TestClock(20), agent: "echo" });
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  const labels = (more: object = {}) => ({ channel: gateway.platform.id, account: "default", ...more });

  it("OPS-4 /healthz and /readyz answer without a token, and tell nothing that is anybody's business", async () => {
    for (const path of ["/healthz", "/health"]) {
      const response = await fetch(gateway.url + path);
      expect(response.status).toBe(200);
      expect(Object.keys((await response.json()) as object).sort()).toEqual(["ok", "status", "version"]);
    }
    const ready = await fetch(`${gateway.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true }]);
  });

  it("OPS-4 CONN-5 counts what is received, decided, run, sent, repeated, lost and dead, under the names that are documented", async () => {
    const { simulator } = gateway;
    const first = await simulator.say({ from: "Ada", text: "hello" });
    await simulator.waitFor(() => true, first);
    await simulator.redeliver(1);
    simulator.inject({ on: "send", kind: "cut-after", times: 1, conversation: first.conversation });
    await simulator.say({ from: "Ada", text: "unknown" });
    await simulator.waitFor(({ text }) => text !== "unknown" && text.includes("unknown"), first);
    simulator.inject({ on: "send", kind: "forbidden", times: 1, conversation: first.conversation });
    await simulator.say({ from: "Ada", text: "forbidden" });
    await eventually(async () => (await metric(gateway, "dead_letters")) === 1);
    await gateway.request("channels.stop", { channel: gateway.platform.id });
    void gateway.request("send", { to: first.conversation, message: "waits", idempotencyKey: "w" }).catch(() => {});
    await eventually(async () => (await metric(gateway, "queue_depth", { queue: "delivery" })) === 1);
    expect(await metric(gateway, "queue_oldest_age_seconds", { queue: "delivery" })).toBeGreaterThanOrEqual(0);
    await gateway.request("channels.start", { channel: gateway.platform.id });
    await gateway.connected();
    await simulator.waitFor(({ text }) => text === "waits", first);

    expect(await metric(gateway, "received_events_total", labels())).toBe(3);
    expect(await metric(gateway, "duplicate_events_total", labels())).toBe(1);
    expect(await metric(gateway, "settled_events_total", labels({ state: "admitted" }))).toBe(3);
    expect(await metric(gateway, "send_attempts_total", labels({ outcome: "unknown" }))).toBe(1);
    expect(await metric(gateway, "send_attempts_total", labels({ outcome: "dead" }))).toBe(1);
    await eventually(async () => (await metric(gateway, "send_attempts_total", labels({ outcome: "sent" }))) === 3);
    expect(await metric(gateway, "unknown_sends")).toBe(0);
    expect(await metric(gateway, "connected", labels())).toBe(1);
    const text = await scrape(gateway);
    const names = ["queue_depth", "connected", "nothing_of_that_name"].map((name) => `name=switchboard_${name}`);
    const few = await (await fetch(`${gateway.url}/metrics?${names.join("&")}`)).text();
    expect(few.match(/^# TYPE \S+/gm)).toEqual(["# TYPE switchboard_queue_depth", "# TYPE switchboard_connected"]);
    expect(few).toContain('switchboard_queue_depth{queue="inbox"} 0');
    for (const name of ["received_events_total", "settled_events_total", "send_attempts_total", "connected"]) {
      expect(text).toContain(`switchboard_${name}{tenant="default",`);
    }
    for (const name of [
      "queue_depth",
      "queue_oldest_age_seconds",
      "admission_seconds_bucket",
      "turn_seconds_bucket",
      "send_seconds_bucket",
      "delivery_seconds_bucket",
      "send_attempts_total",
      "dead_letters",
      "unknown_sends",
      "scheduled_deliveries",
      "event_loop_delay_seconds",
      "store_bytes",
      "ws_connections",
      "ws_request_seconds_count",
    ]) {
      expect(text).toContain(`\nswitchboard_${name}`);
    }
    for (const quantile of ["0.5", "0.9", "0.99"]) {
      expect(await metric(gateway, "event_loop_delay_seconds", { quantile })).toBeGreaterThanOrEqual(0);
    }
    // What people say, and who they are, is in none of it. A figure may have the digits of an id by chance.
    const withoutFigures = text.replaceAll(/ \S+$/gm, "");
    for (const word of ["hello", 'forbidden"', "Ada", first.conversation]) expect(withoutFigures).not.toContain(word);
  });

  it("OPS-4 tells the event loop's delay since the start, however often its health is asked for", async () => {
    for (let times = 0; times < 3; times++) {
      const { eventLoop } = await gateway.request("health", {});
      expect(eventLoop?.delayP99Ms).toBeGreaterThanOrEqual(0);
      expect(eventLoop?.cpuCoreRatio).toBeGreaterThan(0);
      expect(await metric(gateway, "event_loop_delay_seconds", { quantile: "0.5" })).toBeGreaterThan(0);
    }
  });

  it("OPS-4 names operators in the audit log and nobody else, and says who decided about a dead letter", async () => {
    const { deadLetters } = await gateway.request("deadLetters.list", {});
    await gateway.request("deadLetters.discard", { id: deadLetters[0]?.id ?? "" });
    const { entries } = await gateway.request("auditLog.list", {});
    const actions = entries.map(({ action }) => action);
    for (const action of ["dead-letter.discarded", "account.started", "account.stopped"]) {
      expect(actions).toContain(action);
    }
    expect(entries.every(({ actor }) => /^(operator:.+|system|peer:[0-9a-f]{16})$/.test(actor))).toBe(true);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map(({ seq }) => seq).toSorted((a, b) => b - a));
    expect(JSON.stringify(entries)).not.toContain("Ada");
  });
});

describe.concurrent("what a gateway is told", () => {
  it("OPS-1 the environment is stronger than the file, and the file than the defaults", async () => {
    await using gateway = await startTestGateway({ agent: "echo", account: false, start: false });
    const [inFile, inEnvironment] = [await freePort(), await freePort()];
    const path = join(gateway.directory, "config.json");
    writeConfigFile(path, { gateway: { port: inFile, auth: { token: "of-the-file" } }, limits: { userBurst: 3 } });
    await gateway.start({ env: { GATEWAY_PORT: String(inEnvironment), GATEWAY_TOKEN: "of-the-environment" } });
    expect(new URL(gateway.url).port).toBe(String(inEnvironment));
    expect(gateway.token).toBe("of-the-environment");
    const { config } = await gateway.request("config.get", {});
    expect(config).toMatchObject({
      gateway: { port: inEnvironment, auth: { token: "[hidden]" } },
      limits: { userBurst: 3, userPerMinute: 60 },
    });
  });

  it("OPS-1 an account comes from variables alone", async () => {
    await using gateway = await startTestGateway({ agent: "echo", account: false, start: false });
    const { platform, simulator } = gateway;
    const { env } = platform.channel.config;
    const config = simulator.accountConfig({ transport: "polling" });
    const given = Object.entries(env).flatMap(([name, property]) =>
      typeof config[property] === "string" ? [[name, config[property]]] : [],
    );
    const prefix = platform.id.toUpperCase().replaceAll("-", "_");
    await gateway.start({ env: { ...Object.fromEntries(given), [`${prefix}_DM_POLICY`]: "open" } });
    await gateway.connected();
    const { conversation } = await simulator.say({ from: "Ada", text: "hello" });
    await simulator.waitFor(({ text }) => text.startsWith("hello"), { conversation });
    // Taken out of the environment it is switched off; nothing of it is deleted.
    await gateway.stop();
    await gateway.start({ env: {} });
    const { accounts } = await gateway.request("channels.list", {});
    expect(accounts).toMatchObject([{ source: "environment", enabled: false, status: { state: "DISCONNECTED" } }]);
    expect((await gateway.request("sessions.list", {})).sessions).toHaveLength(1);
  });

  it.each([
    ["a setting that does not exist", { gatway: {} }, {}, /gatway/],
    ["a value of the wrong kind", { gateway: { port: "http" } }, {}, /gateway\.port|\/gateway\/port/],
    ["a number out of bounds", { gateway: { port: 70_000 } }, {}, /port/],
    ["a variable that is no number", {}, { GATEWAY_PORT: "eighty" }, /GATEWAY_PORT.*eighty/],
    ["a secret whose variable is not set", { gateway: { auth: { token: { env: "NOT_SET" } } } }, {}, /NOT_SET/],
    ["two agents of one name", { agents: [{ id: "a" }, { id: "a" }] }, {}, /Two agents have the id a/],
    ["a binding without its agent", { bindings: [{ agent: "ghost" }] }, {}, /ghost/],
  ])("OPS-1 CFG_001 %s is named, and nothing starts", async (_, config, env, words) => {
    await using gateway = await startTestGateway({ start: false });
    writeConfigFile(join(gateway.directory, "config.json"), config);
    const started = gateway.start({ env });
    await expect(started).rejects.toMatchObject({ code: "CFG_001", message: expect.stringMatching(words) });
  });

  it("OPS-1 SYS_002 SYS_003 hermes#34415 a port or a state directory that is taken is said, and the first gateway goes on", async () => {
    await using gateway = await startTestGateway({ agent: "echo" });
    await using other = await startTestGateway({ agent: "echo", start: false });
    const { port } = new URL(gateway.url);
    await expect(other.start({ env: { GATEWAY_PORT: port } })).rejects.toMatchObject({ code: "SYS_003" });
    // What failed to start let go of everything: it starts on another port.
    await other.start({ env: {} });
    await other.stop();
    const same = startTestGateway({ agent: "echo", directory: gateway.directory, account: false });
    await expect(same).rejects.toMatchObject({ code: "SYS_002" });
    const { conversation } = await gateway.simulator.say({ from: "Ada", text: "still there" });
    await gateway.simulator.waitFor(({ text }) => text.startsWith("still there"), { conversation });
  });
});

describe("what a gateway keeps", () => {
  it("MSG-6 AGT-2 files go with the transcripts that show them, sessions when nothing of them is left; a message of later keeps its file", async () => {
    const clock = new TestClock();
    await using gateway = await startTestGateway({
      clock,
      agent: "echo",
      config: { retention: { messagesDays: 30, transcriptsDays: 90 } },
    });
    const day = 86_400_000;
    const { conversation } = await gateway.simulator.say({ from: "Ada", text: "hello" });
    await gateway.simulator.waitFor(({ text }) => text.startsWith("hello"), { conversation });
    const file = (text: string) => ({
      to: conversation,
      buffer: Buffer.from(text).toString("base64"),
      filename: `${text}.txt`,
      contentType: "text/plain",
      idempotencyKey: text,
    });
    await gateway.request("send", file("now"));
    await gateway.request("send", { ...file("later"), sendAt: clock.now() + 200 * day });
    const kept = () =>
      readdirSync(join(gateway.directory, "media"), { recursive: true, withFileTypes: true })
        .filter((each) => each.isFile())
        .map(({ name, parentPath }) => readFileSync(join(parentPath, name), "utf8"))
        .sort();
    expect(kept()).toEqual(["later", "now"]);
    clock.jump(100 * day);
    await eventually(() => kept().length === 1);
    expect(kept()).toEqual(["later"]);
    await eventually(async () => (await gateway.request("sessions.list", {})).sessions.length === 0);
  });

  it("OPS-1 CRED-3 says that it does not use a Redis it is told of, and not how to reach it", async () => {
    const env = { REDIS_URL: "redis://:hidden-password@localhost" };
    await using gateway = await startTestGateway({ agent: "echo", env });
    const warnings = gateway.log.lines.filter(({ message }) => message.includes("is set, but"));
    expect(warnings.map(({ message }) => message.split(" ")[0])).toEqual(["REDIS_URL"]);
    expect(JSON.stringify(gateway.log.lines)).not.toContain("hidden-password");
  });
});
