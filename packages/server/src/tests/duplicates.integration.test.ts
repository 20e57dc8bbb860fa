import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway } from "../test-support/gateway.ts";
import { metric } from "../test-support/metrics.ts";
import { startPlatform } from "../test-support/platform.ts";
import { startProxiedGateway } from "../test-support/proxied-gateway.ts";
import { peopleSaid } from "../test-support/transcript.ts";

describe.concurrent("what comes twice", () => {
  it("Q-4 oc#42681 oc#34039 runs no second turn and sends nothing when the platform repeats its updates", async () => {
    await using gateway = await startTestGateway();
    const { simulator, model, platform } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "one" });
    await simulator.say({ from: "Ada", text: "two" });
    await simulator.waitFor(({ text }) => text === "two", { conversation });
    await simulator.redeliver(2);
    await simulator.redeliver(2);
    const labels = { channel: platform.id, account: "default" };
    await eventually(async () => (await metric(gateway, "duplicate_events_total", labels)) === 4);
    await simulator.say({ from: "Ada", text: "three" });
    await simulator.waitFor(({ text }) => text === "three", { conversation });
    expect(simulator.sent().map(({ text }) => text)).toEqual(["one", "two", "three"]);
    expect(model.count).toBe(3);
    expect(await metric(gateway, "received_events_total", labels)).toBe(3);
  });

  it("Q-4 knows an update again after a restart, and while many copies arrive at the same moment", async () => {
    await using setup = await startProxiedGateway();
    const { gateway, proxy } = setup;
    const { simulator, model } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "only once" });
    await simulator.waitFor(({ text }) => text === "only once", { conversation });
    const [call] = proxy.passed.filter(({ body }) => body.includes("only once"));
    if (!call) throw new Error("no call");
    await gateway.restart();
    const again = await Promise.all(Array.from({ length: 20 }, () => proxy.send(call)));
    expect(again.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    await simulator.say({ from: "Ada", text: "next" });
    await simulator.waitFor(({ text }) => text === "next", { conversation });
    expect(simulator.sent().map(({ text }) => text)).toEqual(["only once", "next"]);
    expect(model.count).toBe(2);
  });

  it("Q-4 CONN-1 knows an update again that first came while the account was still connecting", async () => {
    await using setup = await startProxiedGateway({ start: false });
    const { gateway, proxy } = setup;
    const { model, simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "are you up?" });
    // The webhook is registered and called long before the gateway has its answers.
    simulator.inject({ on: "any", kind: "slow", delayMs: 300, times: 6 });
    await gateway.start();
    await simulator.waitFor(({ text }) => text === "are you up?", { conversation });
    const [call] = proxy.passed.filter(({ status, body }) => status === 200 && body.includes("are you up?"));
    if (!call) throw new Error("no call");
    expect(await proxy.send(call)).toMatchObject({ status: 200 });
    await simulator.say({ from: "Ada", text: "next" });
    await simulator.waitFor(({ text }) => text === "next", { conversation });
    expect(simulator.sent().map(({ text }) => text)).toEqual(["are you up?", "next"]);
    expect(model.count).toBe(2);
  });

  it("Q-4 nanoclaw#3226 takes an update whose id was used before for what it is: another one", async () => {
    await using directory = await temporaryDirectory();
    // The same bot twice: once as it was made, once more as it was made.
    const [made, again] = ["made.db", "again.db"].map((name) => join(directory.path, name));
    await (await startPlatform({ file: made })).simulator.close();
    copyFileSync(made ?? "", again ?? "");
    await using gateway = await startTestGateway({
      platform: { file: made },
      account: { config: { pollPauseMs: 20 } },
    });
    const { simulator, model } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "to the old world" });
    await simulator.waitFor(({ text }) => text === "to the old world", { conversation });
    await simulator.say({ from: "Ada", text: "farewell" });
    await simulator.waitFor(({ text }) => text === "farewell", { conversation });
    await eventually(
      async () => (await gateway.request("deliveries.list", { states: ["sent"] })).deliveries.length === 2,
    );
    await simulator.close();
    // Ids start anew; times do not.
    await sleep(1_100);
    const { simulator: anew } = await startPlatform({ file: again, port: Number(new URL(simulator.url).port) });
    try {
      const later = await anew.say({ from: "Ada", text: "to the new world" });
      await anew.waitFor(({ text }) => text === "to the new world", { conversation: later.conversation });
      const texts = ["to the old world", "farewell", "to the new world"];
      expect(model.requests.map(({ lastUserText }) => lastUserText)).toEqual(texts);
      expect(await peopleSaid(gateway, conversation)).toEqual(texts);
    } finally {
      await anew.close();
    }
  });

  it("DEV-10 Q-4 an idempotency key stands for one message, also after a restart, be it an answer, a command or a send", async () => {
    await using gateway = await startTestGateway();
    const { conversation } = await gateway.simulator.say({ from: "Ada", text: "hello" });
    await gateway.simulator.waitFor(({ text }) => text === "hello", { conversation });
    const to = { to: conversation, message: "once", idempotencyKey: "send" };
    const chat = { sessionKey: "main", idempotencyKey: "chat", message: "a question" };
    const command = { sessionKey: "main", idempotencyKey: "command", message: "/help" };
    const first = await gateway.request("send", to);
    await gateway.request("chat.send", chat);
    await gateway.request("chat.send", command);
    await eventually(async () => (await gateway.request("chat.history", { sessionKey: "main" })).messages.length === 4);
    await gateway.restart();
    for (const [method, params] of [
      ["send", { ...to, message: "another" }],
      ["chat.send", { ...chat, message: "another" }],
      ["chat.send", { ...command, message: "/status" }],
      ["chat.send", { ...chat, sessionKey: "agent:main:webchat:default:direct:elsewhere" }],
    ] as const) {
      await expect(gateway.client.request(method, params)).rejects.toMatchObject({ code: "REQ_006" });
    }
    await gateway.restart();
    expect((await gateway.request("send", to)).deliveryIds).toEqual(first.deliveryIds);
    expect(await gateway.request("chat.send", chat)).toMatchObject({ status: "ok" });
    await gateway.request("chat.send", command);
    await gateway.simulator.say({ from: "Ada", text: "afterwards" });
    await gateway.simulator.waitFor(({ text }) => text === "afterwards", { conversation });
    const texts = gateway.simulator.sent({ conversation }).map(({ text }) => text);
    expect(texts).toEqual(["hello", "once", "afterwards"]);
    expect((await gateway.request("chat.history", { sessionKey: "main" })).messages).toHaveLength(4);
  });
});
