import type { Fault } from "@switchboard/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { metric } from "../test-support/metrics.ts";
import { TestClock } from "../test-support/test-clock.ts";

/** How much faster than the wall's the gateway's time runs here: retries wait for seconds. */
const SPEED = 20;

type Delivery = Awaited<ReturnType<typeof deliveryOf>>;

async function deliveryOf(gateway: TestGateway, preview: string) {
  const { deliveries } = await gateway.request("deliveries.list", {});
  const row = deliveries.find((each) => each.preview === preview);
  if (!row) return undefined;
  return (await gateway.request("deliveries.get", { id: row.id })).delivery;
}

function inState(gateway: TestGateway, preview: string, state: string): Promise<NonNullable<Delivery>> {
  return eventually(
    async () => {
      const delivery = await deliveryOf(gateway, preview);
      return delivery?.state === state && delivery;
    },
    { what: `${preview} ${state}` },
  );
}

describe.concurrent("sends that go wrong", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({
      clock: new TestClock(SPEED),
      agent: "echo",
      accounts: { holds_bot: { settings: { unknownSends: "hold" } }, breaks_bot: {}, busy_bot: {} },
    });
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  /** Makes somebody's chat go wrong from the next answer on. The first answer introduces the agent and goes well. */
  async function chatThat(from: string, fault: Omit<Fault, "on" | "conversation">, account?: string) {
    const simulator = account === undefined ? gateway.simulator : gateway.other(account);
    const { conversation } = await simulator.say({ from, text: `I am ${from}` });
    await simulator.waitFor(() => true, { conversation });
    simulator.inject({ ...fault, on: "send", conversation });
    const texts = () =>
      simulator
        .sent({ conversation })
        .slice(1)
        .map(({ text }) => text);
    return { simulator, conversation, texts };
  }

  it("Q-3 tries again after 2 s and 4 s, in the same place of its lane", async () => {
    const { simulator, conversation, texts } = await chatThat("Ada", { kind: "server-error", times: 2 });
    await simulator.say({ from: "Ada", text: "third time lucky" });
    await simulator.say({ from: "Ada", text: "behind it" });
    await simulator.waitFor(({ text }) => text === "behind it", { conversation });
    expect(texts()).toEqual(["third time lucky", "behind it"]);
    const { attempts, tries } = (await deliveryOf(gateway, "third time lucky")) ?? { tries: [] };
    expect(attempts).toBe(2);
    expect(tries.map(({ state, error }) => [state, error?.code])).toEqual([
      ["failed", "MSG_002"],
      ["failed", "MSG_002"],
      ["sent", undefined],
    ]);
    const [first, second, third] = tries.map(({ startedAt }) => startedAt);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(2_000);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(4_000);
  });

  it("Q-3 CONN-3 MSG_002 moves a message to the dead letters after its last attempt, whole, and the next one goes", async () => {
    const { simulator, conversation, texts } = await chatThat("Bob", { kind: "server-error", times: 3 });
    await simulator.say({ from: "Bob", text: "never arrives" });
    await simulator.say({ from: "Bob", text: "arrives" });
    await simulator.waitFor(({ text }) => text === "arrives", { conversation });
    const dead = await inState(gateway, "never arrives", "dead");
    expect(dead.tries).toHaveLength(3);
    expect(texts()).toEqual(["arrives"]);
    const { deadLetters } = await gateway.request("deadLetters.list", { kind: "delivery" });
    const letter = deadLetters.find(({ subject }) => subject === dead.id);
    expect(letter).toMatchObject({ preview: "never arrives", error: { code: "MSG_002" } });
    const { deadLetter } = await gateway.request("deadLetters.get", { id: letter?.id ?? "" });
    expect(JSON.stringify(deadLetter.payload)).toContain("never arrives");
    // oc#109911: a person decides, and the message goes.
    expect(await gateway.request("deadLetters.replay", { id: deadLetter.id })).toMatchObject({ replayed: true });
    await simulator.waitFor(({ text }) => text === "never arrives", { conversation });
    expect(await gateway.request("deadLetters.replay", { id: deadLetter.id })).toMatchObject({ replayed: false });
    const { steps, summary } = await gateway.request("trace.get", { id: dead.id });
    const names = steps.filter(({ subject }) => subject === dead.id).map(({ step }) => step);
    expect(names).toEqual([
      "answer-queued",
      ...["sending", "failed", "sending", "failed", "sending", "failed"],
      "dead-letter",
      "replayed",
      "sending",
      "sent",
    ]);
    expect(summary).toBe("1 delivery: sent");
  });

  it("oc#24353 never repeats what the platform forbids, and does not let it stand in the way", async () => {
    const { simulator, conversation, texts } = await chatThat("Cid", { kind: "forbidden", times: 1 });
    await simulator.say({ from: "Cid", text: "forbidden" });
    await simulator.say({ from: "Cid", text: "allowed" });
    await simulator.waitFor(({ text }) => text === "allowed", { conversation });
    const dead = await inState(gateway, "forbidden", "dead");
    expect(dead.tries.map(({ error }) => error?.code)).toEqual(["MSG_004"]);
    expect(texts()).toEqual(["allowed"]);
    const labels = { channel: gateway.platform.id, account: "default", outcome: "dead" };
    expect(await metric(gateway, "send_attempts_total", labels)).toBeGreaterThanOrEqual(1);
  });

  it("Q-6 oc#87178 records a send whose answer never came as unknown and repeats it with a note", async () => {
    const { simulator, conversation, texts } = await chatThat("Dot", { kind: "cut-after", times: 1 });
    await simulator.say({ from: "Dot", text: "did it arrive" });
    await simulator.waitFor(({ text }) => text !== "did it arrive" && text.includes("did it arrive"), { conversation });
    const sent = await inState(gateway, "did it arrive", "sent");
    expect(sent).toMatchObject({ markedDuplicate: true, attempts: 1 });
    expect(sent.tries.map(({ state }) => state)).toEqual(["unknown", "sent"]);
    expect(texts()).toHaveLength(2);
    expect(texts()[0]).toBe("did it arrive");
  });

  it("Q-6 holds a send of unknown fate for a person where the account says so", async () => {
    const { simulator, conversation, texts } = await chatThat("Eva", { kind: "cut-after", times: 1 }, "holds_bot");
    await simulator.say({ from: "Eva", text: "held" });
    await simulator.say({ from: "Eva", text: "not held" });
    await simulator.waitFor(({ text }) => text === "not held", { conversation });
    const dead = await inState(gateway, "held", "dead");
    expect(dead.error).toMatchObject({ code: "MSG_007", delivered: "unknown" });
    expect(dead.tries.map(({ state }) => state)).toEqual(["unknown"]);
    expect(texts()).toEqual(["held", "not held"]);
  });

  it("Q-6 a held send that a person brings back is sent with a note that it may be a repeat", async () => {
    const { simulator, conversation, texts } = await chatThat("Ewa", { kind: "cut-after", times: 1 }, "holds_bot");
    await simulator.say({ from: "Ewa", text: "held for now" });
    const dead = await inState(gateway, "held for now", "dead");
    const { deadLetters } = await gateway.request("deadLetters.list", { kind: "delivery" });
    const letter = deadLetters.find(({ subject }) => subject === dead.id);
    expect(await gateway.request("deadLetters.replay", { id: letter?.id ?? "" })).toMatchObject({ replayed: true });
    await simulator.waitFor(({ text }) => text !== "held for now" && text.includes("held for now"), { conversation });
    const sent = await inState(gateway, "held for now", "sent");
    expect(sent).toMatchObject({ markedDuplicate: true });
    expect(sent.tries.map(({ state }) => state)).toEqual(["unknown", "sent"]);
    expect(texts()).toHaveLength(2);
  });

  it("Q-3 gives a message of unknown fate no more attempts than any other", async () => {
    const { simulator } = await chatThat("Fay", { kind: "cut-before", times: 99 });
    await simulator.say({ from: "Fay", text: "into the void" });
    const dead = await inState(gateway, "into the void", "dead");
    expect(dead.tries).toHaveLength(3);
    expect(dead.error?.delivered).toBe("unknown");
  });

  it("CONN-3 CONN_003 waits as the platform asks, and that costs the message no attempt", async () => {
    const limit = { kind: "rate-limit", times: 5, retryAfterMs: 1_000 } as const;
    const { simulator, conversation, texts } = await chatThat("Gil", limit, "busy_bot");
    await simulator.say({ from: "Gil", text: "patience" });
    await simulator.waitFor(({ text }) => text === "patience", { conversation });
    const sent = await inState(gateway, "patience", "sent");
    expect(sent.attempts).toBe(0);
    expect(sent.tries.map(({ error }) => error?.code)).toEqual([...Array(5).fill("CONN_003"), undefined]);
    for (const [index, { startedAt }] of sent.tries.slice(1).entries()) {
      expect(startedAt - (sent.tries[index]?.startedAt ?? 0)).toBeGreaterThanOrEqual(1_000);
    }
    expect(texts()).toEqual(["patience"]);
  });

  it("CONN-2 CONN_006 opens the circuit after five failures in a row, lets the outbox wait, and resumes by itself", async () => {
    const simulator = gateway.other("breaks_bot");
    const people = ["H1", "H2", "H3", "H4", "H5", "H6"];
    const homes = [];
    for (const from of people) {
      const { conversation } = await simulator.say({ from, text: "hello" });
      await simulator.waitFor(() => true, { conversation });
      homes.push(conversation);
    }
    simulator.inject({ on: "send", kind: "server-error", times: 6 });
    for (const from of people) await simulator.say({ from, text: `again ${from}` });
    for (const [index, conversation] of homes.entries()) {
      await simulator.waitFor(({ text }) => text === `again ${people[index]}`, { conversation });
    }
    for (const conversation of homes) expect(simulator.sent({ conversation })).toHaveLength(2);
    const again = await eventually(async () => {
      const { deliveries } = await gateway.request("deliveries.list", { accountId: "breaks_bot", states: ["sent"] });
      const found = deliveries.filter(({ preview }) => preview.startsWith("again"));
      return found.length === people.length && found;
    });
    const opened = gateway.log.lines.filter(({ message }) => message.startsWith("Sends of this account wait"));
    expect(opened.map(({ fields }) => fields.account)).toContain("breaks_bot");
    const status = async () => {
      const { channelAccounts } = await gateway.request("channels.status", {});
      return channelAccounts[gateway.platform.id]?.find(({ accountId }) => accountId === "breaks_bot");
    };
    expect(await status()).toMatchObject({ state: "CONNECTED", breaker: "closed", lastError: null });
    // Nobody lost more than the attempts that were really made.
    expect(again.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(6);
  });
});

describe.concurrent("what waited too long", () => {
  const DAY = 24 * 3_600_000;

  it("oc#39138 Q-2 never sends a message that is a day old: it lies in the dead letters, and replay sends it", async () => {
    const clock = new TestClock();
    await using gateway = await startTestGateway({ clock, agent: "echo", config: { turns: { drainMs: 200 } } });
    const { simulator, platform } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "hello" });
    await simulator.waitFor(() => true, { conversation });
    await gateway.request("channels.stop", { channel: platform.id });
    const ids = ["news", "more news"].map((message) =>
      gateway.request("send", { to: conversation, message, idempotencyKey: message }).catch(() => {}),
    );
    await eventually(async () => (await gateway.request("status", {})).queues.delivery.depth === 2);
    await gateway.stop();
    await Promise.all(ids);
    clock.jump(DAY + 60_000);
    await gateway.start();
    const letters = await eventually(async () => {
      const { deadLetters } = await gateway.request("deadLetters.list", {});
      return deadLetters.length === 2 && deadLetters;
    });
    expect(letters.map(({ error, kind }) => [kind, error.code])).toEqual([
      ["delivery", "MSG_006"],
      ["delivery", "MSG_006"],
    ]);
    await gateway.request("channels.start", { channel: platform.id });
    await gateway.connected();
    await simulator.say({ from: "Ada", text: "anything new?" });
    await simulator.waitFor(({ text }) => text.startsWith("anything new?"), { conversation });
    expect(simulator.sent({ conversation })).toHaveLength(2);
    const [wanted, unwanted] = letters;
    await gateway.request("deadLetters.replay", { id: wanted?.id ?? "" });
    await gateway.request("deadLetters.discard", { id: unwanted?.id ?? "" });
    await simulator.waitFor(({ text }) => text === wanted?.preview, { conversation });
    expect(simulator.sent({ conversation })).toHaveLength(3);
    expect((await gateway.request("deadLetters.list", {})).deadLetters).toEqual([]);
  });

  it("oc#39138 answers no question of yesterday but says so; replayed it is answered", async () => {
    const clock = new TestClock();
    await using gateway = await startTestGateway({ clock, config: { turns: { drainMs: 50 } } });
    const { simulator, model } = gateway;
    model.next({ type: "silence" });
    const { conversation } = await simulator.say({ from: "Ada", text: "what is the time?" });
    await eventually(() => model.count === 1);
    await gateway.stop();
    clock.jump(DAY + 60_000);
    await gateway.start();
    const letter = await eventually(async () => (await gateway.request("deadLetters.list", {})).deadLetters[0]);
    expect(letter).toMatchObject({ kind: "turn", error: { code: "MSG_006" }, preview: "what is the time?" });
    const notice = await simulator.waitFor(({ text }) => text.includes("MSG_006"), { conversation });
    expect(notice.text).toContain("The operator can see it and send it again");
    expect(model.count).toBe(1);
    await gateway.request("deadLetters.replay", { id: letter.id });
    await simulator.waitFor(({ text }) => text.endsWith("what is the time?"), { conversation });
    expect(model.count).toBe(2);
  });
});
