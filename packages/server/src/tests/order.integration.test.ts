import type { ConversationId } from "@switchboard/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { byText } from "../test-support/by-text.ts";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { metric } from "../test-support/metrics.ts";
import { TestClock } from "../test-support/test-clock.ts";
import { peopleSaid } from "../test-support/transcript.ts";

const MODES = ["collect", "followup", "interrupt"] as const;

describe.concurrent("many people at once", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({
      account: { settings: { queueMode: "followup" } },
      accounts: {
        ...Object.fromEntries(MODES.map((mode) => [`${mode}_bot`, { settings: { queueMode: mode } }])),
        waits_bot: { settings: { debounceMs: 400, debounceMaxMs: 900 } },
      },
    });
    gateway.model.otherwise(byText);
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  const received = (account: string) =>
    metric(gateway, "received_events_total", { channel: gateway.platform.id, account });

  it("Q-5 keeps the order within each conversation while all of them run side by side", async () => {
    const { simulator } = gateway;
    const people = ["Bea", "Cem", "Dan", "Eli", "Fay"];
    const texts = Array.from({ length: 8 }, (_, index) => `${index % 3 === 0 ? "wait 60" : "now 0"} number ${index}`);
    const homes = new Map<string, ConversationId>();
    for (const text of texts) {
      for (const from of people) homes.set(from, (await simulator.say({ from, text })).conversation);
    }
    for (const conversation of homes.values()) {
      await simulator.waitFor(({ text }) => text === texts.at(-1), { conversation });
      expect(simulator.sent({ conversation }).map(({ text }) => text)).toEqual(texts);
      expect(await peopleSaid(gateway, conversation)).toEqual(texts);
    }
  });

  it("Q-5 oc#123760 oc#127211 lets a long healthy turn delay nobody, and never calls it dead", async () => {
    const { simulator, model } = gateway;
    const slow = await simulator.say({ from: "Gus", text: "wait 4000 a long thought" });
    await eventually(() => model.requests.some(({ lastUserText }) => lastUserText.includes("a long thought")));
    await simulator.say({ from: "Gus", text: "and this behind it" });
    for (const from of ["Hal", "Ida", "Jon"]) {
      const { conversation } = await simulator.say({ from, text: `quick ${from}` });
      await simulator.waitFor(({ text }) => text === `quick ${from}`, { conversation });
    }
    const running = model.requests.find(({ lastUserText }) => lastUserText.includes("a long thought"));
    expect(running?.outcome).toBe("running");
    await simulator.waitFor(({ text }) => text === "and this behind it", slow);
    expect(simulator.sent(slow).map(({ text }) => text)).toEqual(["wait 4000 a long thought", "and this behind it"]);
    const { deadLetters } = await gateway.request("deadLetters.list", {});
    expect(deadLetters).toEqual([]);
  });

  it("collect: what arrives while the agent is busy is answered together", async () => {
    const bot = gateway.other("collect_bot");
    const { conversation } = await bot.say({ from: "Kim", text: "wait 500 one" });
    await eventually(() => gateway.model.requests.some(({ lastUserText }) => lastUserText === "wait 500 one"));
    await bot.say({ from: "Kim", text: "two" });
    await bot.say({ from: "Kim", text: "three" });
    await bot.waitFor(({ text }) => text.includes("three"), { conversation });
    expect(bot.sent({ conversation }).map(({ text }) => text)).toEqual(["wait 500 one", "two\n\nthree"]);
    expect(await peopleSaid(gateway, conversation, "collect_bot")).toEqual(["wait 500 one", "two", "three"]);
  });

  it("followup: what arrives while the agent is busy is answered one by one", async () => {
    const bot = gateway.other("followup_bot");
    const texts = ["wait 300 one", "two", "three"];
    let conversation: ConversationId | undefined;
    for (const text of texts) ({ conversation } = await bot.say({ from: "Lou", text }));
    await bot.waitFor(({ text }) => text === "three");
    expect(bot.sent({ ...(conversation && { conversation }) }).map(({ text }) => text)).toEqual(texts);
  });

  it("interrupt: what arrives stops the answer that is being written", async () => {
    const bot = gateway.other("interrupt_bot");
    const { conversation } = await bot.say({ from: "Mia", text: "wait 60000 never mind" });
    const asked = await eventually(() =>
      gateway.model.requests.find(({ lastUserText }) => lastUserText === "wait 60000 never mind"),
    );
    await bot.say({ from: "Mia", text: "something else" });
    const answer = await bot.waitFor(({ text }) => text.endsWith("something else"), { conversation });
    expect((await gateway.model.settled(asked.number)).outcome).toBe("abandoned");
    expect(bot.sent({ conversation })).toEqual([answer]);
    expect(await peopleSaid(gateway, conversation, "interrupt_bot")).toEqual([
      "wait 60000 never mind",
      "something else",
    ]);
  });

  it("debounce: what is written in pieces is answered once, and at the latest after its longest wait", async () => {
    const bot = gateway.other("waits_bot");
    const { conversation } = await bot.say({ from: "Nat", text: "in" });
    await bot.say({ from: "Nat", text: "three" });
    await bot.say({ from: "Nat", text: "pieces" });
    await bot.waitFor(({ text }) => text === "in\n\nthree\n\npieces", { conversation });
    expect(bot.sent({ conversation })).toHaveLength(1);
    // Somebody who never stops is answered all the same.
    const before = (await received("waits_bot")) ?? 0;
    let number = 0;
    await eventually(
      async () => {
        await bot.say({ from: "Nat", text: `word ${++number}` });
        await new Promise((resolve) => setTimeout(resolve, 100));
        return bot.sent({ conversation }).length > 1;
      },
      { what: "an answer to somebody who goes on writing" },
    );
    expect(bot.sent({ conversation })[1]?.text.split("\n\n").length).toBeGreaterThan(1);
    expect(await received("waits_bot")).toBe(before + number);
  });
});

describe.concurrent("what waits for its time", () => {
  it("oc#127860 oc#17421 debounced messages survive a restart, because they wait in the store", async () => {
    const clock = new TestClock();
    const settings = { debounceMs: 600_000, debounceMaxMs: 600_000 };
    await using gateway = await startTestGateway({ clock, account: { settings } });
    const { simulator, model, platform } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "first half" });
    await simulator.say({ from: "Ada", text: "second half" });
    const labels = { channel: platform.id, account: "default", state: "admitted" };
    await eventually(async () => (await metric(gateway, "settled_events_total", labels)) === 2);
    await gateway.restart();
    expect(model.count).toBe(0);
    clock.jump(600_000);
    await simulator.waitFor(({ text }) => text === "first half\n\nsecond half", { conversation });
    expect(model.count).toBe(1);
    expect(await peopleSaid(gateway, conversation)).toEqual(["first half", "second half"]);
  });

  it("Q-2 runs turns by priority when there is no room for all", async () => {
    await using gateway = await startTestGateway({ config: { turns: { concurrency: 1 } } });
    const { simulator, model } = gateway;
    model.otherwise(byText);
    await simulator.say({ from: "Ada", text: "wait 600 holding the only place" });
    await eventually(() => model.count === 1);
    for (const from of ["Bob", "Cid"]) await simulator.say({ from, text: `normal ${from}` });
    await eventually(async () => (await gateway.request("status", {})).queues.turn.depth === 3);
    // What an operator writes is of high priority.
    await gateway.request("chat.send", { sessionKey: "main", message: "high", idempotencyKey: "priority-1" });
    await simulator.waitFor(({ text }) => text === "normal Cid");
    expect(model.requests.map(({ lastUserText }) => lastUserText)).toEqual([
      "wait 600 holding the only place",
      "high",
      "normal Bob",
      "normal Cid",
    ]);
  });

  it("Q-2 oc#6917 holds what is to be sent until the account is connected, then sends by priority", async () => {
    await using gateway = await startTestGateway({ account: { settings: { rateLimit: { perSecond: 5, burst: 1 } } } });
    const { simulator, platform } = gateway;
    const homes: Record<string, ConversationId> = {};
    for (const priority of ["low", "normal", "high", "critical"] as const) {
      homes[priority] = (await simulator.say({ from: priority, text: "hello" })).conversation;
      await simulator.waitFor(() => true, { conversation: homes[priority] });
    }
    await gateway.request("channels.stop", { channel: platform.id });
    const pending = (["low", "normal", "high", "critical"] as const).map((priority) =>
      gateway.request("send", {
        to: homes[priority] ?? "",
        message: `priority ${priority}`,
        priority,
        idempotencyKey: priority,
      }),
    );
    await eventually(async () => (await gateway.request("status", {})).queues.delivery.depth === 4);
    expect(simulator.sent().filter(({ text }) => text.startsWith("priority"))).toEqual([]);
    await gateway.request("channels.start", { channel: platform.id });
    const answers = await Promise.all(pending);
    expect(answers.map(({ state }) => state)).toEqual(["sent", "sent", "sent", "sent"]);
    const { deliveries } = await gateway.request("deliveries.list", {});
    const direct = deliveries.filter(({ kind }) => kind === "direct");
    const order = direct.toSorted((a, b) => (a.sentAt ?? 0) - (b.sentAt ?? 0)).map(({ priority }) => priority);
    expect(order).toEqual(["critical", "high", "normal", "low"]);
  });

  it("Q-2 sends a scheduled message when it is due, before what waits already", async () => {
    await using gateway = await startTestGateway();
    const { simulator, platform } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "hello" });
    await simulator.waitFor(() => true, { conversation });
    await gateway.request("channels.stop", { channel: platform.id });
    const send = (message: string, sendAt?: number) =>
      gateway.request("send", {
        to: conversation,
        message,
        idempotencyKey: message,
        ...(sendAt !== undefined && { sendAt }),
      });
    const waiting = send("waits");
    await eventually(async () => (await gateway.request("status", {})).queues.delivery.depth === 1);
    const scheduled = await send("scheduled", Date.now() + 3_000);
    expect(scheduled.state).toBe("scheduled");
    expect((await gateway.request("status", {})).scheduled).toBe(1);
    await eventually(async () => (await gateway.request("status", {})).scheduled === 0);
    await gateway.request("channels.start", { channel: platform.id });
    await waiting;
    expect(simulator.sent({ conversation }).map(({ text }) => text)).toEqual(["hello", "scheduled", "waits"]);
    await expect(send("yesterday", Date.now() - 86_400_000)).resolves.toMatchObject({ state: "sent" });
  });

  it("Q-2 keeps a scheduled message over a restart, and does not send it early", async () => {
    const clock = new TestClock();
    await using gateway = await startTestGateway({ clock });
    const { simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "hello" });
    await simulator.waitFor(() => true, { conversation });
    const params = {
      to: conversation,
      message: "in time",
      idempotencyKey: "later",
      sendAt: clock.now() + 3_600_000,
    };
    const first = await gateway.request("send", params);
    await gateway.restart();
    // The same request again, as a program does that did not hear the answer.
    expect((await gateway.request("send", params)).deliveryIds).toEqual(first.deliveryIds);
    clock.jump(45 * 60_000);
    await simulator.say({ from: "Ada", text: "not yet" });
    await simulator.waitFor(({ text }) => text.endsWith("not yet"), { conversation });
    expect(simulator.sent({ conversation })).toHaveLength(2);
    clock.jump(15 * 60_000);
    await simulator.waitFor(({ text }) => text === "in time", { conversation });
    expect(simulator.sent({ conversation })).toHaveLength(3);
    const { delivery } = await gateway.request("deliveries.get", { id: first.deliveryIds[0] ?? "" });
    expect(delivery.tries.map(({ startedAt }) => startedAt >= params.sendAt)).toEqual([true]);
  });

  it("a time far away, and one that is none, are both dealt with", async () => {
    await using gateway = await startTestGateway();
    const to = (await gateway.simulator.say({ from: "Ada", text: "hello" })).conversation;
    const inAYear = Date.now() + 365 * 86_400_000;
    const far = await gateway.request("send", { to, message: "see you", idempotencyKey: "far", sendAt: inAYear });
    expect(far.state).toBe("scheduled");
    const sends = () => gateway.request("status", {}).then(({ scheduled }) => scheduled);
    expect(await sends()).toBe(1);
    await gateway.simulator.waitFor(({ text }) => text === "hello", { conversation: to });
    await expect(
      gateway.request("send", { to, message: "x", idempotencyKey: "bad", sendAt: -5 }),
    ).rejects.toMatchObject({ code: "REQ_001" });
  });
});
