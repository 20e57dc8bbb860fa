import { GatewayClient } from "@switchboard/client";
import { SCOPES } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { byText } from "../test-support/by-text.ts";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { metric } from "../test-support/metrics.ts";
import { startProxiedGateway } from "../test-support/proxied-gateway.ts";
import { TestClock } from "../test-support/test-clock.ts";
import { peopleSaid } from "../test-support/transcript.ts";

const received = async (gateway: TestGateway) =>
  (await metric(gateway, "received_events_total", { channel: gateway.platform.id, account: "default" })) ?? 0;

const asked = ({ model }: TestGateway) => model.requests.map(({ lastUserText }) => lastUserText);

describe.concurrent("a gateway that is told to stop", () => {
  it("OPS-1 Q-6 lets the running answer end and sends it, claims nothing new, and takes the rest up afterwards in order", async () => {
    await using gateway = await startTestGateway({ account: { settings: { queueMode: "followup" } } });
    const { simulator, model } = gateway;
    model.otherwise(byText);
    const { conversation } = await simulator.say({ from: "Ada", text: "wait 2500 first" });
    await eventually(() => model.count === 1);
    await simulator.say({ from: "Ada", text: "second" });
    await simulator.say({ from: "Ada", text: "third" });
    await eventually(async () => (await received(gateway)) === 3);
    await gateway.stop();
    expect(simulator.sent({ conversation }).map(({ text }) => text)).toEqual(["wait 2500 first"]);
    expect(asked(gateway)).toEqual(["wait 2500 first"]);
    await gateway.start();
    await simulator.waitFor(({ text }) => text === "third", { conversation });
    expect(simulator.sent({ conversation }).map(({ text }) => text)).toEqual(["wait 2500 first", "second", "third"]);
    expect(await peopleSaid(gateway, conversation)).toEqual(["wait 2500 first", "second", "third"]);
    expect(model.count).toBe(3);
  });

  it("oc#51620 Q-6 gives back an answer that takes too long; the next process asks again, and the order is kept", async () => {
    await using gateway = await startTestGateway({
      account: { settings: { queueMode: "followup" } },
      config: { turns: { drainMs: 50 } },
    });
    const { simulator, model } = gateway;
    model.next({ type: "silence" });
    const { conversation } = await simulator.say({ from: "Ada", text: "first" });
    await eventually(() => model.count === 1);
    await simulator.say({ from: "Ada", text: "second" });
    await eventually(async () => (await received(gateway)) === 2);
    await gateway.restart();
    await simulator.waitFor(({ text }) => text === "second", { conversation });
    expect(simulator.sent({ conversation }).map(({ text }) => text)).toEqual(["first", "second"]);
    expect(asked(gateway)).toEqual(["first", "first", "second"]);
    expect(await peopleSaid(gateway, conversation)).toEqual(["first", "second"]);
    // Being interrupted is no failure: it costs no attempt and nobody is told.
    expect((await gateway.request("deadLetters.list", {})).deadLetters).toEqual([]);
  });

  it("oc#51620 hermes#87040 what arrives while it drains and while it is down is answered afterwards, once", async () => {
    await using setup = await startProxiedGateway();
    const { gateway, proxy } = setup;
    const { simulator, model } = gateway;
    model.otherwise(byText);
    const { conversation } = await simulator.say({ from: "Ada", text: "wait 2500 running" });
    await eventually(() => model.count === 1);
    const { url } = gateway;
    const stopped = gateway.stop();
    await eventually(async () => (await fetch(`${url}/readyz`)).status === 503, { what: "draining" });
    await simulator.say({ from: "Bob", text: "in the drain" });
    await eventually(() => proxy.passed.some(({ body }) => body.includes("in the drain")));
    await stopped;
    // Either it was stored before it was acknowledged, or it was not acknowledged.
    const calls = proxy.passed.filter(({ body }) => body.includes("in the drain"));
    expect(calls.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    await simulator.say({ from: "Cem", text: "while it is down" });
    expect(model.count).toBe(1);
    await gateway.start();
    await simulator.waitFor(({ text }) => text === "in the drain");
    await simulator.waitFor(({ text }) => text === "while it is down");
    expect(simulator.sent({ conversation }).map(({ text }) => text)).toEqual(["wait 2500 running"]);
    expect(simulator.sent()).toHaveLength(3);
    expect(model.count).toBe(3);
  });

  it("OPS-1 DEV-1 tells its clients that it goes and is not ready any more, while it ends what runs", async () => {
    await using gateway = await startTestGateway();
    const { model, simulator, token, url } = gateway;
    model.otherwise(byText);
    const watcher = new GatewayClient({
      url,
      token,
      client: { id: "cli", mode: "cli", version: "test", platform: "test" },
      scopes: SCOPES,
      reconnect: false,
    });
    const shutdown = new Promise((resolve) => watcher.on("shutdown", resolve));
    await watcher.connect();
    const { conversation } = await simulator.say({ from: "Ada", text: "wait 2500 running" });
    await eventually(() => model.count === 1);
    const stopped = gateway.stop();
    expect(await shutdown).toMatchObject({ reason: expect.any(String) });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, failing: ["draining"] }]);
    await stopped;
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    expect(simulator.sent({ conversation }).map(({ text }) => text)).toEqual(["wait 2500 running"]);
    watcher.close();
  });

  it("Q-6 a second stop, or one before anything happened, does no harm", async () => {
    await using gateway = await startTestGateway();
    await gateway.stop();
    await gateway.stop();
    await gateway.start();
    const { conversation } = await gateway.simulator.say({ from: "Ada", text: "hello" });
    await gateway.simulator.waitFor(({ text }) => text === "hello", { conversation });
  });
});

describe.concurrent("what was sent", () => {
  it("Q-4 a delivery's confirmation is known for 24 hours: the same key sends nothing again, over restarts and pruning", async () => {
    const clock = new TestClock();
    await using gateway = await startTestGateway({ clock, agent: "echo", config: { retention: { messagesDays: 1 } } });
    const { simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "hello" });
    await simulator.waitFor(() => true, { conversation });
    const params = { to: conversation, message: "only once", idempotencyKey: "confirmed" };
    const first = await gateway.request("send", params);
    expect(first.state).toBe("sent");
    clock.jump(23 * 3_600_000);
    await gateway.restart();
    const again = await gateway.request("send", params);
    expect(again).toMatchObject({ state: "sent", messageId: first.messageId, deliveryIds: first.deliveryIds });
    expect(simulator.sent({ conversation }).filter(({ text }) => text === "only once")).toHaveLength(1);
    const { delivery } = await gateway.request("deliveries.get", { id: first.deliveryIds[0] ?? "" });
    expect(delivery).toMatchObject({ state: "sent", messageIds: [first.messageId] });
  });

  it("oc#136837 Q-4 sends at the same moment confirm their own messages, never each other's", async () => {
    await using gateway = await startTestGateway({ agent: "echo" });
    const { simulator } = gateway;
    const people = Array.from({ length: 6 }, (_, index) => `P${index}`);
    const homes = await Promise.all(
      people.map(async (from) => (await simulator.say({ from, text: "hello" })).conversation),
    );
    for (const conversation of homes) await simulator.waitFor(() => true, { conversation });
    const sends = people.flatMap((name, index) =>
      ["a", "b", "c"].map((letter) => ({ to: homes[index] ?? "", message: `${letter} for ${name}` })),
    );
    const answers = await Promise.all(
      sends.map((each) => gateway.request("send", { ...each, idempotencyKey: each.message })),
    );
    for (const [index, { conversationId, messageId, state }] of answers.entries()) {
      expect(state).toBe("sent");
      const found = simulator
        .sent()
        .find(({ conversation, id }) => conversation === conversationId && id === messageId);
      expect(found?.text).toBe(sends[index]?.message);
    }
  });
});
