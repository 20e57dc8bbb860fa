import type { SimulatedMessage } from "@switchboard/domain";
import type { Behaviour, ModelRequest } from "@switchboard/testkit/model-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

const SENTENCE = "Every word of this answer is shown while it is being written. ";
const WHOLE = SENTENCE.repeat(6).trim();

/** What the first word of a message makes the model do. */
function slowly({ lastUserText }: ModelRequest): Behaviour {
  const word = lastUserText.split(" ").find((each) => ["words", "long", "breaks"].includes(each));
  switch (word) {
    case "words":
      return { type: "answer", text: WHOLE, delayMs: 150, pieceLength: 12 };
    case "long":
      return { type: "answer", text: SENTENCE.repeat(100).trim(), delayMs: 60, pieceLength: 250 };
    case "breaks":
      return {
        type: "answer",
        text: WHOLE,
        delayMs: 150,
        pieceLength: 12,
        interruption: { afterPieces: 10, how: "error", error: { type: "invalid_request_error", message: "no more" } },
      };
    default:
      return { type: "echo" };
  }
}

describe.concurrent("an answer while it is written", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ accounts: { plain_bot: { settings: { streaming: false } } } });
    gateway.model.otherwise(slowly);
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it("AGT-4 MSG-4 shows typing first, then one message that grows by edits and ends without a cursor", async () => {
    const { simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "words please" });
    await eventually(() => simulator.typing().includes(conversation), { what: "typing" });
    const shown = new Set<string>();
    await eventually(() => {
      for (const { text } of simulator.sent({ conversation })) shown.add(text);
      return shown.has(WHOLE);
    });
    const steps = [...shown];
    expect(steps.length).toBeGreaterThanOrEqual(3);
    for (const text of steps.slice(0, -1)) {
      expect(text.endsWith("▍")).toBe(true);
      expect(WHOLE.startsWith(text.slice(0, -1).trim())).toBe(true);
    }
    const [only, ...others] = simulator.sent({ conversation });
    expect(others).toEqual([]);
    expect(only?.edits).toBeGreaterThanOrEqual(2);
  });

  it("AGT-4 writes an answer that outgrows one message into several, in order and whole", async () => {
    const { simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Bea", text: "long please" });
    const whole = SENTENCE.repeat(100).trim();
    const count = (messages: readonly SimulatedMessage[]) =>
      messages.reduce((sum, { text }) => sum + text.split("being written").length - 1, 0);
    await eventually(() => count(simulator.sent({ conversation })) === 100, { timeoutMs: 15_000 });
    const messages = simulator.sent({ conversation });
    expect(messages.length).toBeGreaterThan(1);
    expect(messages.map(({ text }) => text.trim()).join(" ")).toBe(whole);
    expect(messages[0]?.edits).toBeGreaterThanOrEqual(1);
  });

  it("AGT-4 shows nothing before the end where the account does not want it", async () => {
    const bot = gateway.other("plain_bot");
    const { conversation } = await bot.say({ from: "Cem", text: "words please" });
    const answer = await bot.waitFor(() => true, { conversation });
    expect(answer).toMatchObject({ text: WHOLE, edits: 0 });
  });

  it("AGT-4 an answer that breaks off leaves no half message behind: the person reads that it failed", async () => {
    const { simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Dan", text: "breaks please" });
    await simulator.waitFor(({ text }) => text.endsWith("▍"), { conversation });
    await simulator.waitFor(({ text }) => text.includes("I could not answer this"), {
      conversation,
      timeoutMs: 20_000,
    });
    expect(simulator.sent({ conversation }).some(({ text }) => text.includes("▍"))).toBe(false);
  });

  it("AGT-4 /stop ends an answer in the middle; what was shown stays and says so", async () => {
    const { simulator, model } = gateway;
    const { conversation } = await simulator.say({ from: "Eve", text: "words please, I will stop you" });
    await simulator.waitFor(({ text }) => text.endsWith("▍"), { conversation });
    await simulator.say({ from: "Eve", text: "/stop" });
    const stopped = await simulator.waitFor(({ text }) => text.endsWith("(stopped)"), { conversation });
    expect(stopped.text.length).toBeLessThan(WHOLE.length);
    const asked = model.requests.find(({ lastUserText }) => lastUserText.includes("I will stop you"));
    expect((await model.settled(asked?.number ?? 0)).outcome).toBe("abandoned");
    await simulator.say({ from: "Eve", text: "go on" });
    await simulator.waitFor(({ text }) => text.endsWith("go on"), { conversation });
  });

  it("AGT-4 a crash between two edits leaves one message: the next process finishes the one that stands there", async () => {
    await using own = await startTestGateway({ config: { turns: { drainMs: 10 } } });
    const { simulator, model } = own;
    model.otherwise(slowly);
    const { conversation } = await simulator.say({ from: "Fay", text: "words please" });
    await simulator.waitFor(({ text }) => text.endsWith("▍"), { conversation });
    await own.restart();
    await simulator.waitFor(({ text }) => text === WHOLE, { conversation });
    expect(simulator.sent({ conversation })).toHaveLength(1);
  });
});
