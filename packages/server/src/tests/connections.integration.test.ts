import type { EventPayload } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { metric } from "../test-support/metrics.ts";
import { startProxiedGateway } from "../test-support/proxied-gateway.ts";
import { TestClock } from "../test-support/test-clock.ts";

async function statusOf(gateway: TestGateway, account = "default") {
  const { channelAccounts } = await gateway.request("channels.status", {});
  const found = channelAccounts[gateway.platform.id]?.find(({ accountId }) => accountId === account);
  if (!found) throw new Error(`no account ${account}`);
  return found;
}

function changesOf(gateway: TestGateway): EventPayload<"channels.changed">["account"][] {
  const changes: EventPayload<"channels.changed">["account"][] = [];
  gateway.client.on("channels.changed", ({ account }) => changes.push(account));
  return changes;
}

describe.concurrent("an account's connection", () => {
  it("CONN-1 CONN-2 is CONNECTED for a reason that is shown, DISCONNECTED when stopped, also after a restart", async () => {
    await using gateway = await startTestGateway();
    const { simulator, platform } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "hello" });
    await simulator.waitFor(({ text }) => text === "hello", { conversation });
    const connected = await eventually(async () => {
      const found = await statusOf(gateway);
      return typeof found.lastOutboundAt === "number" && found;
    });
    expect(connected).toMatchObject({ state: "CONNECTED", connected: true, breaker: "closed" });
    expect(connected.evidence?.kind).toBe("event");
    expect(connected.lastInboundAt).toBeGreaterThanOrEqual(connected.lastConnectedAt ?? Number.POSITIVE_INFINITY);
    const changes = changesOf(gateway);
    await gateway.request("channels.stop", { channel: platform.id });
    expect(await statusOf(gateway)).toMatchObject({ state: "DISCONNECTED", connected: false, enabled: false });
    await gateway.request("channels.start", { channel: platform.id });
    await gateway.connected();
    const states = changes.map(({ state }) => state);
    expect(states[0]).toBe("DISCONNECTED");
    expect(states.at(-1)).toBe("CONNECTED");
  });

  it("CONN-1 an account that a person stopped stays stopped over a restart, and what was said meanwhile is answered later", async () => {
    await using gateway = await startTestGateway({ account: false });
    const { simulator, platform } = gateway;
    const config = simulator.accountConfig({ transport: "polling" });
    const account = { channel: platform.id, config, settings: { dmPolicy: "open" as const } };
    await gateway.request("channels.add", { ...account, accountId: "default" });
    await gateway.connected();
    await gateway.request("channels.stop", { channel: platform.id });
    await gateway.restart();
    expect(await statusOf(gateway)).toMatchObject({ state: "DISCONNECTED", enabled: false });
    const { conversation } = await simulator.say({ from: "Ada", text: "anybody there" });
    await gateway.request("channels.start", { channel: platform.id });
    await simulator.waitFor(({ text }) => text === "anybody there", { conversation });
  });

  it("CONN-3 CONN_002 a credential that is refused from the start is PERMANENTLY_FAILED at once; started again it is tried again", async () => {
    await using gateway = await startTestGateway({ account: false });
    const { simulator, platform } = gateway;
    const account = { channel: platform.id, accountId: "default", config: simulator.accountConfig(), settings: {} };
    simulator.inject({ on: "any", kind: "unauthorised", times: 2 });
    await gateway.request("channels.add", account);
    const failed = () => eventually(async () => (await statusOf(gateway)).state === "PERMANENTLY_FAILED");
    await failed();
    expect((await statusOf(gateway)).error).toMatchObject({ code: "CONN_002", retryable: false });
    expect((await gateway.request("status", {})).problems.join()).toContain("CONN_002");
    await gateway.request("channels.stop", { channel: platform.id });
    expect((await statusOf(gateway)).state).toBe("DISCONNECTED");
    await gateway.request("channels.start", { channel: platform.id });
    await failed();
    // The platform takes it again now; starting what was given up is enough.
    await gateway.request("channels.start", { channel: platform.id });
    await gateway.connected();
    const attempts = gateway.log.lines.filter(({ message }) => message.startsWith("given up"));
    expect(attempts).toHaveLength(2);
  });

  it("CONN-3 CONN_005 oc#50913 two gateways with one credential: the conflict is named, and ends when one of them does", async () => {
    await using gateway = await startTestGateway({
      clock: new TestClock(20),
      account: { config: { pollPauseMs: 20, pollTimeoutSeconds: 1 } },
    });
    const { simulator } = gateway;
    const rival = await startTestGateway({
      clock: new TestClock(20),
      account: {
        config: { ...simulator.accountConfig({ transport: "polling" }), pollPauseMs: 20, pollTimeoutSeconds: 1 },
      },
      connects: [],
    });
    try {
      const conflict = await eventually(
        async () => {
          const all = [await statusOf(gateway), await statusOf(rival)];
          return all.find(({ error }) => error?.code === "CONN_005");
        },
        { what: "a conflict" },
      );
      expect(conflict.lastError).toMatch(/another program/i);
      expect([gateway, rival].some(({ log }) => log.text().includes("CONN_005"))).toBe(true);
    } finally {
      await rival[Symbol.asyncDispose]();
    }
    await gateway.connected();
    await eventually(async () => {
      const { state, error } = await statusOf(gateway);
      return state === "CONNECTED" && error === undefined;
    });
    const { conversation } = await simulator.say({ from: "Ada", text: "alone again" });
    await simulator.waitFor(({ text }) => text === "alone again", { conversation, timeoutMs: 15_000 });
  });

  it("CONN-4 CH-1 falls back to polling when the webhook fails, loses and doubles nothing, and returns to it", async () => {
    await using setup = await startProxiedGateway({
      account: { config: { webhookCheckMs: 100, webhookReturnMs: 700, pollPauseMs: 20, pollTimeoutSeconds: 1 } },
    });
    const { gateway, proxy } = setup;
    const { simulator, model } = gateway;
    const changes = changesOf(gateway);
    const { conversation } = await simulator.say({ from: "Ada", text: "by webhook" });
    await simulator.waitFor(({ text }) => text === "by webhook", { conversation });
    expect((await statusOf(gateway)).mode).toBe("webhook");
    proxy.rewrite(() => "{ no JSON any more");
    await simulator.say({ from: "Ada", text: "by polling" });
    await simulator.waitFor(({ text }) => text === "by polling", { conversation, timeoutMs: 15_000 });
    expect(changes.some(({ mode, note }) => mode === "polling" && note !== undefined)).toBe(true);
    proxy.rewrite(undefined);
    await eventually(async () => (await statusOf(gateway)).mode === "webhook", { timeoutMs: 15_000 });
    const before = proxy.passed.length;
    await simulator.say({ from: "Ada", text: "by webhook again" });
    await simulator.waitFor(({ text }) => text === "by webhook again", { conversation });
    expect(proxy.passed.slice(before).some(({ body, status }) => status === 200 && body.includes("again"))).toBe(true);
    const texts = ["by webhook", "by polling", "by webhook again"];
    expect(simulator.sent({ conversation }).map(({ text }) => text)).toEqual(texts);
    expect(model.requests.map(({ lastUserText }) => lastUserText)).toEqual(texts);
    // A change of transport is no loss of connection.
    const labels = { channel: gateway.platform.id, account: "default" };
    expect(await metric(gateway, "connected", labels)).toBe(1);
    expect((await statusOf(gateway)).reconnectAttempts).toBe(0);
  }, 40_000);
});
