import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { TestClock } from "../test-support/test-clock.ts";
import { entriesOf, peopleSaid } from "../test-support/transcript.ts";

const MINUTE = 60_000;

describe("a conversation", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it("AGT-1 answers what a person writes, and the model is told what was said before", async () => {
    const { simulator, model } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "hello there" });
    const answer = await simulator.waitFor(({ text }) => text === "hello there", { conversation });
    expect(answer.conversation).toBe(conversation);
    await simulator.say({ from: "Ada", text: "and again" });
    await simulator.waitFor(({ text }) => text === "and again", { conversation });
    const asked = model.requests.at(-1)?.messages.filter(({ role }) => role !== "system");
    expect(asked?.map(({ role, text }) => [role, text])).toEqual([
      ["user", "hello there"],
      ["assistant", "hello there"],
      ["user", "and again"],
    ]);
  });

  it("AGT-2 what one person said is never told to the model in another person's conversation", async () => {
    const { simulator, model } = gateway;
    const first = await simulator.say({ from: "Bea", text: "the code word is heron" });
    await simulator.waitFor(({ text }) => text.includes("heron"), first);
    const second = await simulator.say({ from: "Cem", text: "what is the code word" });
    await simulator.waitFor(({ text }) => text === "what is the code word", second);
    const asked = model.requests.find(({ lastUserText }) => lastUserText === "what is the code word");
    expect(JSON.stringify(asked?.body)).not.toContain("heron");
  });
});

describe.concurrent("an agent without a model", () => {
  it("AGT-1 says that it is the echo agent and how to set a model, once a conversation", async () => {
    await using gateway = await startTestGateway({ agent: "echo" });
    const { simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "who are you" });
    const first = await simulator.waitFor(() => true, { conversation });
    expect(first.text.startsWith("who are you")).toBe(true);
    for (const word of ["echo agent", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "ANTHROPIC_API_KEY"]) {
      expect(first.text).toContain(word);
    }
    await simulator.say({ from: "Ada", text: "once more" });
    const second = await simulator.waitFor(({ id }) => id !== first.id, { conversation });
    expect(second.text).toBe("once more");
    expect(gateway.model.count).toBe(0);
  });

  it("AGT-1 OPS-1 a model set in the environment answers in its place, with its key and by its name", async () => {
    await using gateway = await startTestGateway({ agent: "echo", start: false });
    const { model, simulator } = gateway;
    await gateway.start({
      env: { OPENAI_API_KEY: "sk-of-the-environment", OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: "env-model" },
    });
    const { conversation } = await simulator.say({ from: "Ada", text: "hello" });
    await simulator.waitFor(({ text }) => text === "hello", { conversation });
    const [request] = model.requests;
    expect(request).toMatchObject({ model: "env-model", protocol: "openai" });
    expect(request?.headers.authorization).toBe("Bearer sk-of-the-environment");
  });

  it("AGT-1 speaks the Anthropic protocol as well", async () => {
    await using gateway = await startTestGateway({ agent: { runtime: "anthropic", apiKey: "key-for-tests" } });
    const { model, simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "bonjour" });
    await simulator.waitFor(({ text }) => text === "bonjour", { conversation });
    expect(model.requests[0]).toMatchObject({ protocol: "anthropic", model: "test-model", streamed: true });
  });
});

describe.concurrent("a session", () => {
  it("AGT-2 starts anew after 30 idle minutes: the history is forgotten, preferences stay", async () => {
    const clock = new TestClock();
    await using gateway = await startTestGateway({ clock });
    const { simulator, model } = gateway;
    const said = async (text: string) => {
      const { conversation } = await simulator.say({ from: "Ada", text });
      await simulator.waitFor((message) => message.text === text, { conversation });
      return conversation;
    };
    const conversation = await said("my name is Ada");
    await simulator.say({ from: "Ada", text: "/verbosity short" });
    await simulator.waitFor(({ text }) => text.includes("Verbosity is now short"), { conversation });
    clock.jump(29 * MINUTE);
    await said("do you remember me");
    expect(JSON.stringify(model.requests.at(-1)?.messages)).toContain("my name is Ada");
    clock.jump(31 * MINUTE);
    await said("and now");
    const asked = JSON.stringify(model.requests.at(-1)?.messages);
    expect(asked).not.toContain("my name is Ada");
    expect(asked).toContain("briefly");
    // The person and the operator still see all of it, in two stretches.
    const entries = await entriesOf(gateway, conversation);
    expect(new Set(entries.map(({ sessionId }) => sessionId)).size).toBe(2);
    expect(await peopleSaid(gateway, conversation)).toEqual(["my name is Ada", "do you remember me", "and now"]);
  });

  it("AGT-2 history and preferences outlive a restart", async () => {
    await using gateway = await startTestGateway({ agent: { models: ["big model"] } });
    const { simulator, model } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "before the restart" });
    await simulator.waitFor(({ text }) => text === "before the restart", { conversation });
    await simulator.say({ from: "Ada", text: '/model "big model"' });
    await simulator.waitFor(({ text }) => text === "Model is now big model.", { conversation });
    await gateway.restart();
    await simulator.say({ from: "Ada", text: "after the restart" });
    await simulator.waitFor(({ text }) => text === "after the restart", { conversation });
    const asked = model.requests.at(-1);
    expect(asked?.model).toBe("big model");
    expect(JSON.stringify(asked?.messages)).toContain("before the restart");
  });

  it("AGT-2 a reply returns to the forum topic it came from, also after a restart in the middle of the turn", async () => {
    await using gateway = await startTestGateway({
      account: { settings: { requireMention: false } },
      config: { turns: { drainMs: 50 } },
    });
    const { simulator, model } = gateway;
    const { conversation, threads } = await simulator.createGroup({
      title: "Forum",
      people: ["Ada"],
      threads: ["One", "Two"],
    });
    const [one, two] = threads;
    if (!one || !two) throw new Error("no topics");
    model.next({ type: "silence" });
    await simulator.say({ from: "Ada", conversation, thread: two, text: "asked in two" });
    await eventually(() => model.count === 1);
    await gateway.restart();
    const second = await simulator.waitFor(({ text }) => text.endsWith("asked in two"), { conversation });
    expect(second.thread).toBe(two);
    await simulator.say({ from: "Ada", conversation, thread: one, text: "asked in one" });
    const first = await simulator.waitFor(({ text }) => text.endsWith("asked in one"), { conversation });
    expect(first.thread).toBe(one);
    expect(JSON.stringify(model.requests.at(-1)?.messages)).not.toContain("asked in two");
  });
});
