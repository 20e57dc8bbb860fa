/** Looks for credentials everywhere a gateway writes or says something (CRED-1, CRED-3). */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { scrape } from "../test-support/metrics.ts";
import { TestClock } from "../test-support/test-clock.ts";

const MODEL_KEY = "sk-the-model-key-of-this-test-0123456789";
const GATEWAY_TOKEN = "the-gateway-token-of-this-test-0123456789";
const ENCRYPTION_KEY = `${"5ec2e7".repeat(10)}0123`;
const OLD_ENCRYPTION_KEY = `${"01d5ec2e7".repeat(7)}0`;
const HEADER = "the-header-secret-of-this-test-0123456789";

/** Every file of the state directory, as text. */
function filesOf(directory: string, except: readonly string[]): { name: string; text: string }[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !except.includes(entry.name))
    .map((entry) => ({
      name: entry.name,
      text: readFileSync(join(entry.parentPath, entry.name), "latin1"),
    }));
}

/** Everything an operator may read. */
async function everythingReadable(gateway: TestGateway): Promise<string> {
  const { deadLetters } = await gateway.request("deadLetters.list", { resolved: true, limit: 200 });
  const { deliveries } = await gateway.request("deliveries.list", { limit: 200 });
  const { sessions } = await gateway.request("sessions.list", {});
  const answers = [
    deadLetters,
    deliveries,
    sessions,
    await Promise.all(deadLetters.map(({ id }) => gateway.request("deadLetters.get", { id }))),
    await Promise.all(deadLetters.map(({ subject }) => gateway.request("trace.get", { id: subject }))),
    await Promise.all(deliveries.map(({ id }) => gateway.request("deliveries.get", { id }))),
    await Promise.all(deliveries.map(({ id }) => gateway.request("trace.get", { id }))),
    await Promise.all(sessions.map(({ key }) => gateway.request("sessions.transcript", { key }))),
    await gateway.request("auditLog.list", { limit: 200 }),
    await gateway.request("auditLog.export", { limit: 500 }),
    await gateway.request("channels.list", {}),
    await gateway.request("channels.status", {}),
    await gateway.request("config.get", {}),
    await gateway.request("status", {}),
    await gateway.request("health", { probe: true }),
    await gateway.request("agents.list", {}),
  ];
  return JSON.stringify(answers);
}

describe("credentials", () => {
  it("CRED-3 CRED-1 stand in no log, trace, error, audit entry, metric, answer or file, whatever goes wrong", async () => {
    await using gateway = await startTestGateway({
      clock: new TestClock(20),
      agent: { apiKey: { env: "MODEL_KEY" }, headers: { "x-gateway": HEADER } },
      env: { MODEL_KEY, GATEWAY_TOKEN, CHANNEL_ENCRYPTION_KEY: `${ENCRYPTION_KEY},${OLD_ENCRYPTION_KEY}` },
      account: { config: { pollPauseMs: 10 } },
    });
    const { simulator, model, platform } = gateway;
    const channelSecrets = secretsOf(simulator.accountConfig(), platform.channel.config.secrets);
    const keys = [ENCRYPTION_KEY, OLD_ENCRYPTION_KEY].flatMap(everyForm);
    const secrets = [...channelSecrets, MODEL_KEY, GATEWAY_TOKEN, HEADER, ...keys];
    expect(secrets.length).toBeGreaterThanOrEqual(12);
    const heard: string[] = [];
    const observer = new WebSocket(gateway.url.replace("http", "ws"));
    observer.on("message", (data) => heard.push(String(data)));
    for (const event of ["agent", "chat", "trace", "channels.changed", "health"] as const) {
      gateway.client.on(event, (payload) => heard.push(JSON.stringify(payload)));
    }
    await gateway.request("trace.subscribe", {});

    // The provider repeats the key that it refuses.
    const words = `Incorrect API key provided: ${MODEL_KEY}. Header ${HEADER}.`;
    model.next({ type: "error", status: 401, message: words });
    const { conversation } = await simulator.say({ from: "Ada", text: "refused" });
    await simulator.waitFor(({ text }) => text.includes("AGENT_006"), { conversation });
    model.next(
      { type: "raw", status: 500, body: words },
      {
        type: "answer",
        text: "x",
        interruption: { afterPieces: 0, how: "error", error: { type: "e", message: words } },
      },
    );
    await simulator.say({ from: "Ada", text: "fails twice" });
    await simulator.waitFor(({ text }) => text.endsWith("fails twice"), { conversation });
    // The platform fails in every way it knows, while its address holds the credential.
    for (const kind of ["server-error", "cut-before", "cut-after", "forbidden"] as const) {
      const home = await simulator.say({ from: kind, text: "hello" });
      await simulator.waitFor(() => true, home);
      simulator.inject({ on: "send", kind, times: 1, conversation: home.conversation });
      await simulator.say({ from: kind, text: `goes ${kind}` });
      if (kind !== "forbidden") await simulator.waitFor(({ text }) => text.endsWith(`goes ${kind}`), home);
    }
    await eventually(async () => (await gateway.request("deadLetters.list", { kind: "delivery" })).deadLetters.length);
    simulator.inject({ on: "any", kind: "unauthorised", times: 3 });
    await simulator.say({ from: "Ada", text: "wakes the poll" });
    await eventually(() => gateway.log.text().includes("CONN_002"));
    await simulator.close();
    await gateway.request("channels.start", { channel: platform.id });
    await eventually(() => gateway.log.text().includes("CONN_001"));
    // What the vault says, and refuses: its key comes from the environment, which has no newer one.
    for (const method of ["vault.status", "vault.verify"] as const) {
      heard.push(JSON.stringify(await gateway.request(method, {})));
    }
    const rotated = await gateway.request("vault.rotate", {}).catch((error) => String(error));
    heard.push(JSON.stringify(rotated));
    heard.push(await (await fetch(`${gateway.url}/readyz`)).text());
    // Somebody who guesses, and a request whose address holds the token.
    for (const path of ["/chat", "/nowhere", "/webhooks/x/y/z"]) {
      heard.push(await (await fetch(`${gateway.url}${path}?token=${GATEWAY_TOKEN}`, { method: "POST" })).text());
    }
    await expect(
      gateway.request("channels.add", {
        channel: platform.id,
        accountId: "wrong",
        config: { ...simulator.accountConfig(), nonsense: channelSecrets[0] ?? "" },
        settings: {},
      }),
    ).rejects.toMatchObject({ code: "CFG_001", message: expect.not.stringContaining(channelSecrets[0] ?? "?") });

    const places: Record<string, string> = {
      log: gateway.log.text(),
      readable: await everythingReadable(gateway),
      heard: heard.join("\n"),
      metrics: await scrape(gateway),
    };
    observer.close();
    await gateway.stop();
    for (const { name, text } of filesOf(gateway.directory, ["config.json"])) places[`file ${name}`] = text;
    expect(Object.keys(places)).toEqual(expect.arrayContaining(["file switchboard.db", "log", "metrics"]));
    // All of them say something: what is empty proves nothing.
    const silent = Object.entries(places).filter(([place, text]) => text === "" && !place.startsWith("file "));
    expect(silent).toEqual([]);
    expect(Object.keys(places).length).toBeGreaterThanOrEqual(6);
    const found = Object.entries(places).flatMap(([place, text]) =>
      secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret.slice(0, 12)}… in ${place}`),
    );
    expect(found).toEqual([]);
    expect(gateway.fatal).toEqual([]);
  }, 40_000);

  it("CRED-3 a secret that was given in clear text in the configuration is not shown by config.get", async () => {
    await using gateway = await startTestGateway({
      agent: { apiKey: MODEL_KEY, headers: { "x-gateway": HEADER } },
      config: { gateway: { auth: { token: GATEWAY_TOKEN } } },
    });
    const { simulator, platform } = gateway;
    const shown = JSON.stringify(await gateway.request("config.get", {}));
    for (const secret of [MODEL_KEY, HEADER, GATEWAY_TOKEN]) expect(shown).not.toContain(secret);
    for (const secret of secretsOf(simulator.accountConfig(), platform.channel.config.secrets)) {
      expect(shown).not.toContain(secret);
    }
  });
});

/** A key as it might be written somewhere. */
function everyForm(key: string): string[] {
  const bytes = Buffer.from(key, "hex");
  return [key, bytes.toString("base64"), bytes.toString("base64url"), bytes.toString("latin1")];
}

/** The values of these properties, and what makes them secret: what follows the colon, where there is one. */
function secretsOf(config: JsonObject, names: readonly string[]): string[] {
  return names.map((name) => String(config[name]).split(":").at(-1) ?? "");
}
