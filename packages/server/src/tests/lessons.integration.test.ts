/** What broke in comparable gateways and is covered nowhere else: queues that strand, strike or forget messages. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { byText } from "../test-support/by-text.ts";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { TestClock } from "../test-support/test-clock.ts";
import { peopleSaid } from "../test-support/transcript.ts";

const followup = { settings: { queueMode: "followup" } } as const;

const idle = (gateway: TestGateway) =>
  eventually(
    async () => {
      const { queues } = await gateway.request("status", {});
      return Object.values(queues).every(({ depth }) => depth === 0);
    },
    { what: "empty queues", timeoutMs: 15_000 },
  );

const lettersOf = async (gateway: TestGateway) => (await gateway.request("deadLetters.list", {})).deadLetters;

describe.concurrent("messages that wait behind others", () => {
  it("oc#121076 oc#127229 a message that fails for good takes none of those behind it along, and the operator is told", async () => {
    await using gateway = await startTestGateway({ account: followup, clock: new TestClock(50) });
    const { simulator, model } = gateway;
    model.otherwise(byText);
    const { conversation } = await simulator.say({ from: "Ada", text: "fail 503 first" });
    await eventually(() => model.count >= 1);
    for (const text of ["second", "third"]) await simulator.say({ from: "Ada", text });
    await simulator.waitFor(({ text }) => text.endsWith("third"), { conversation });
    const texts = simulator.sent({ conversation }).map(({ text }) => text);
    expect(texts).toEqual([
      expect.stringContaining("AGENT_001"),
      expect.stringMatching(/second$/),
      expect.stringMatching(/third$/),
    ]);
    expect((await lettersOf(gateway)).map(({ kind, preview }) => [kind, preview])).toEqual([
      ["turn", "fail 503 first"],
    ]);
    expect((await gateway.request("status", {})).problems.join()).toContain("1 dead letters");
    expect(gateway.log.lines.filter(({ level }) => level === "error").length).toBeGreaterThanOrEqual(1);
  });

  it("oc#121269 vercel/chat#685 a turn that outlives its lease keeps it, and is run once", async () => {
    // A lease lives for 300 s and is renewed every 100 s; this answer takes 360 s of the gateway's time.
    await using gateway = await startTestGateway({ account: followup, clock: new TestClock(60) });
    const { simulator, model } = gateway;
    model.otherwise(byText);
    const { conversation } = await simulator.say({ from: "Ada", text: "wait 6000 a long one" });
    await eventually(() => model.count === 1);
    await simulator.say({ from: "Ada", text: "behind it" });
    await simulator.waitFor(({ text }) => text === "behind it", { conversation, timeoutMs: 15_000 });
    expect(simulator.sent({ conversation }).map(({ text }) => text)).toEqual(["wait 6000 a long one", "behind it"]);
    expect(model.count).toBe(2);
    expect(gateway.log.text()).not.toMatch(/lease/);
    const { deliveries } = await gateway.request("deliveries.list", {});
    const long = deliveries.find(({ preview }) => preview === "behind it");
    const { steps } = await gateway.request("trace.get", { id: long?.turn ?? "" });
    expect(steps.find(({ step }) => step === "started")?.detail).toMatchObject({ starts: 1 });
    expect(await lettersOf(gateway)).toEqual([]);
  });

  it("oc#121269 work that ends while its lease is being renewed is not taken for lost", async () => {
    // Renewed all the time; only looked for to be broken every few seconds, and this is over by then.
    await using gateway = await startTestGateway({
      agent: "echo",
      config: { turns: { leaseMs: 30 }, limits: { userBurst: 1_000 } },
    });
    const { simulator } = gateway;
    const people = Array.from({ length: 12 }, (_, index) => `P${index}`);
    for (let round = 0; round < 12; round++) {
      for (const from of people) await simulator.say({ from, text: `round ${round}` });
    }
    for (const from of people) await simulator.say({ from, text: `last of ${from}` });
    for (const from of people) await simulator.waitFor(({ text }) => text.includes(`last of ${from}`));
    await idle(gateway);
    expect(gateway.log.lines.filter(({ message }) => message.includes("lease was lost"))).toEqual([]);
  });

  it("oc#102076 a replay into a busy session neither blocks it nor makes it deaf", async () => {
    await using gateway = await startTestGateway({ account: followup });
    const { simulator, model } = gateway;
    model.otherwise(byText);
    const { conversation } = await simulator.say({ from: "Ada", text: "fail 401 at first" });
    await simulator.waitFor(({ text }) => text.includes("AGENT_006"), { conversation });
    const [letter] = await lettersOf(gateway);
    await simulator.say({ from: "Ada", text: "wait 2000 busy" });
    await eventually(() => model.count === 2);
    await simulator.say({ from: "Ada", text: "queued" });
    model.otherwise((request) => (request.lastUserText.endsWith("at first") ? { type: "echo" } : byText(request)));
    expect(await gateway.request("deadLetters.replay", { id: letter?.id ?? "" })).toMatchObject({ replayed: true });
    await simulator.waitFor(({ text }) => text === "queued", { conversation });
    await simulator.waitFor(({ text }) => text.endsWith("fail 401 at first"), { conversation });
    await simulator.say({ from: "Ada", text: "still listening" });
    await simulator.waitFor(({ text }) => text.endsWith("still listening"), { conversation });
    await idle(gateway);
    expect(simulator.sent({ conversation })).toHaveLength(5);
  });

  it("vercel/chat#928 getsentry/junior#33 hermes#55806 nothing is stranded when messages come just as a turn ends", async () => {
    await using gateway = await startTestGateway({
      account: followup,
      config: { limits: { userBurst: 1_000 } },
      accounts: { collects_bot: { settings: { queueMode: "collect" } } },
    });
    const { model } = gateway;
    for (const bot of [gateway.simulator, gateway.other("collects_bot")]) {
      const texts = Array.from({ length: 40 }, (_, index) => `number ${index}`);
      let conversation = "";
      for (const [index, text] of texts.entries()) {
        ({ conversation } = await bot.say({ from: "Ada", text }));
        // Every few messages wait until the answer to one is there, and speak in that moment.
        if (index % 4 === 3) await bot.waitFor((sent) => sent.text.split("\n\n").includes(text));
        else if (index % 4 === 1) await sleep(index % 7);
      }
      await bot.waitFor((sent) => sent.text.split("\n\n").includes("number 39"));
      const answered = bot.sent().flatMap(({ text }) => text.split("\n\n"));
      expect(answered).toEqual(texts);
      expect(conversation).not.toBe("");
    }
    await idle(gateway);
    expect(model.requests.every(({ outcome }) => outcome === "answered")).toBe(true);
  });

  it("oc#138564 requests that wait when the gateway ends are answered by the next one, under their own names", async () => {
    await using gateway = await startTestGateway({ account: false, config: { turns: { drainMs: 20 } } });
    const { model } = gateway;
    model.next({ type: "silence" });
    const runs = ["rpc-1", "rpc-2", "rpc-3"];
    for (const run of runs) {
      await gateway.request("chat.send", { sessionKey: "main", message: `of ${run}`, idempotencyKey: run });
    }
    await eventually(() => model.count === 1);
    await gateway.restart();
    for (const runId of runs) {
      expect(await gateway.request("agent.wait", { runId, timeoutMs: 10_000 })).toMatchObject({ status: "ok" });
    }
    const { messages } = await gateway.request("chat.history", { sessionKey: "main" });
    expect(messages.map(({ role, runId }) => [role, runId])).toEqual(
      runs.flatMap((run) => [
        ["user", run],
        ["assistant", run],
      ]),
    );
  });
});

describe.concurrent("messages that go out", () => {
  it("oc#44670 oc#31526 an answer goes to the one place where it was asked, whoever else watches the session", async () => {
    await using gateway = await startTestGateway({ accounts: { other_bot: {} } });
    const { simulator } = gateway;
    const other = gateway.other("other_bot");
    const { conversation } = await simulator.say({ from: "Ada", text: "asked here" });
    await simulator.waitFor(({ text }) => text === "asked here", { conversation });
    const elsewhere = await other.say({ from: "Ada", text: "asked there" });
    await other.waitFor(({ text }) => text === "asked there", elsewhere);
    const key = await gateway.sessionOf(conversation);
    await gateway.request("agent", { sessionKey: key, message: "only to the operator", idempotencyKey: "quiet" });
    await gateway.request("agent", { sessionKey: key, message: "to both", idempotencyKey: "loud", deliver: true });
    await simulator.waitFor(({ text }) => text === "to both", { conversation });
    await idle(gateway);
    expect(simulator.sent().map(({ text }) => text)).toEqual(["asked here", "to both"]);
    expect(other.sent().map(({ text }) => text)).toEqual(["asked there"]);
    expect(await peopleSaid(gateway, conversation)).toEqual(["asked here", "only to the operator", "to both"]);
  });

  it("oc#125376 oc#87178 a delivery keeps its id and counts its attempts on over a restart", async () => {
    await using gateway = await startTestGateway({ agent: "echo" });
    const { simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "hello" });
    await simulator.waitFor(() => true, { conversation });
    simulator.inject({ on: "send", kind: "server-error", times: 1, conversation });
    await simulator.say({ from: "Ada", text: "twice tried" });
    const rowOf = async () => {
      const { deliveries } = await gateway.request("deliveries.list", {});
      return deliveries.find(({ preview }) => preview === "twice tried");
    };
    const before = await eventually(async () => {
      const row = await rowOf();
      return row?.attempts === 1 && row;
    });
    await gateway.restart();
    await simulator.waitFor(({ text }) => text === "twice tried", { conversation });
    const after = await eventually(async () => {
      const row = await rowOf();
      return row?.state === "sent" && row;
    });
    expect(after.id).toBe(before.id);
    const { delivery } = await gateway.request("deliveries.get", { id: after.id });
    expect(delivery.tries.map(({ number, state }) => [number, state])).toEqual([
      [1, "failed"],
      [2, "sent"],
    ]);
  });

  it("nanoclaw#207 CH-0 sends no faster than the account allows, whoever waits", async () => {
    await using gateway = await startTestGateway({
      agent: "echo",
      account: { settings: { rateLimit: { perSecond: 10, burst: 1 } } },
    });
    const { simulator } = gateway;
    const people = Array.from({ length: 6 }, (_, index) => `P${index}`);
    await Promise.all(people.map((from) => simulator.say({ from, text: `hello from ${from}` })));
    for (const from of people) await simulator.waitFor(({ text }) => text.startsWith(`hello from ${from}`));
    const sent = await eventually(async () => {
      const { deliveries } = await gateway.request("deliveries.list", { states: ["sent"] });
      return deliveries.length === people.length && deliveries;
    });
    const rows = await Promise.all(sent.map(({ id }) => gateway.request("deliveries.get", { id })));
    const starts = rows.map(({ delivery }) => delivery.tries.at(-1)?.startedAt ?? 0).toSorted((a, b) => a - b);
    for (const [index, at] of starts.slice(1).entries()) expect(at - (starts[index] ?? 0)).toBeGreaterThanOrEqual(90);
    expect(rows.every(({ delivery }) => delivery.tries.length === 1)).toBe(true);
  });
});
