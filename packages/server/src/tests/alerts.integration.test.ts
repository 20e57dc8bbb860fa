/** Alerts of a whole gateway: an account loses its credential; a receiver and a chat hear of it. */
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonObject } from "@switchboard/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { settingsOf } from "../config/settings.ts";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { TestClock } from "../test-support/test-clock.ts";

const KEY = Buffer.from("a secret of thirty-two bytes, ok");
const SECRET = `whsec_${KEY.toString("base64")}`;
const REFUSALS = 1;
/** Longer than any account needs to connect, on a busy machine, too. */
const AFTER_MS = 600_000;
const PROBE_MS = 30_000;

const heard: { readonly id: string; readonly event: JsonObject }[] = [];
let refused = 0;
const receiver = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const { "webhook-id": id, "webhook-signature": signature, "webhook-timestamp": at } = request.headers;
  const expected = createHmac("sha256", KEY).update(`${id}.${at}.${body}`).digest("base64");
  if (signature !== `v1,${expected}`) return response.writeHead(401).end();
  if (refused++ < REFUSALS) return response.writeHead(503).end();
  heard.push({ id: String(id), event: JSON.parse(body) as JsonObject });
  return response.writeHead(204).end();
});

const clock = new TestClock();
let gateway: TestGateway;
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const { port } = receiver.address() as AddressInfo;
  gateway = await startTestGateway({
    start: false,
    clock,
    agent: "echo",
    env: { ALERT_SECRET: SECRET },
    accounts: { second: {} },
    config: {
      egress: { allow: ["127.0.0.1"] },
      alerts: {
        afterMs: AFTER_MS,
        webhooks: [{ url: `http://127.0.0.1:${port}/alerts`, signingSecret: { env: "ALERT_SECRET" } }],
      },
    },
  });
});
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]();
  receiver.closeAllConnections();
  receiver.close();
});

describe("TEN-5 an account of a gateway that falls", () => {
  it("TEN-5 is told by a signed request, again after a failure, and in a chat; a restart tells it no second time", async () => {
    const { platform, simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Ann", text: "hello" });
    await gateway.restart({ alerts: { chat: { channel: platform.id, conversation } } });
    gateway.other("second").inject({ on: "any", kind: "unauthorised", times: 1 });
    // What proves the connection alive is due.
    clock.jump(PROBE_MS);
    await simulator.waitFor(({ text }) => text.startsWith("Not connected since"), { conversation, timeoutMs: 30_000 });
    await eventually(() => heard.length === 1, { what: "told" });
    await gateway.restart();
    clock.jump(AFTER_MS);
    await simulator.waitFor(({ text }) => text.startsWith("Connected again since"), {
      conversation,
      timeoutMs: 30_000,
    });
    await eventually(() => heard.length >= 2, { what: "told that it is back" });
    expect(heard.map(({ event }) => [event.type, event.subject])).toEqual([
      ["switchboard.account.down", `${platform.id}:second`],
      ["switchboard.account.back", `${platform.id}:second`],
    ]);
    const [down, back] = heard;
    expect(down?.event).toMatchObject({ id: down?.id, data: { accountId: "second", state: "PERMANENTLY_FAILED" } });
    expect(back?.id).not.toBe(down?.id);
    expect(refused).toBe(REFUSALS + 2);
    const told = simulator.sent({ conversation }).filter(({ text }) => /^(Not c|C)onnected (again )?since/.test(text));
    expect(told).toHaveLength(2);
  });

  it("TEN-5 alerts.test tells a marked test once by every way, says what became of each, and is audited", async () => {
    const { platform, simulator } = gateway;
    const before = heard.length;
    const { id, ways } = await gateway.request("alerts.test", {});
    const webhook = { by: "webhook", to: expect.stringContaining("http://127.0.0.1") };
    const chat = { by: "chat", to: `${platform.id}:default`, arrived: true, state: "sent" };
    expect(ways).toEqual([
      { ...webhook, arrived: true, status: 204 },
      { ...chat, deliveryIds: [expect.stringMatching(/^dlv_/)] },
    ]);
    expect(heard.slice(before)).toMatchObject([
      { id, event: { id, type: "switchboard.alert.test", data: { test: true } } },
    ]);
    const tests = () => simulator.sent().filter(({ text }) => text.startsWith("This is a test"));
    expect(tests()).toHaveLength(1);
    refused = 0;
    const again = await gateway.request("alerts.test", {});
    expect(again.ways).toMatchObject([{ ...webhook, arrived: false, status: 503 }, chat]);
    // Once means once: whoever asks sees what became of it, and asks again.
    expect([heard.length, tests().length]).toEqual([before + 1, 2]);
    const { entries } = await gateway.request("auditLog.list", { limit: 10 });
    expect(entries.filter(({ action }) => action === "alerts.tested").map(({ outcome }) => outcome)).toEqual([
      "failed",
      "ok",
    ]);
  });

  it("TEN-5 is not told by itself; the log says so", async () => {
    const before = heard.length;
    gateway.simulator.inject({ on: "any", kind: "unauthorised", times: 1 });
    clock.jump(PROBE_MS);
    const line = await eventually(
      () => gateway.log.lines.find(({ message }) => message === "an alert could not be told"),
      { what: "the log says it" },
    );
    expect(line.fields).toMatchObject({ account: "default", by: `${gateway.platform.id}:default` });
    await eventually(() => heard.length > before, { what: "the receiver was told all the same" });
    expect(gateway.log.text()).not.toContain(SECRET);
  });

  it.each([
    { url: "https://alerts.example", signingSecret: "short" },
    { url: "https://ann:word@alerts.example", signingSecret: SECRET },
    { url: "ftp://alerts.example", signingSecret: SECRET },
  ])("TEN-5 CFG_001 a target that could never be told is refused at the start: %o", (webhook) => {
    expect(() => settingsOf({ alerts: { webhooks: [webhook] } }, "config.json", {})).toThrow(/alerts\.webhooks/);
  });
});
