import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { byText } from "../test-support/by-text.ts";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { entriesOf, peopleSaid } from "../test-support/transcript.ts";

const words = (name: string) => Array.from({ length: 40 }, (_, index) => `${name}${index}`).join(" ");

describe.concurrent("what comes in the middle of an answer", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({
      accounts: {
        interrupt_bot: { settings: { queueMode: "interrupt" } },
        patient_bot: { settings: { queueMode: "followup" } },
      },
    });
    gateway.model.otherwise(byText);
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  const asked = (end: string) => gateway.model.requests.findLast(({ lastUserText }) => lastUserText.endsWith(end));

  it("AGT-4 interrupt: what was shown of the first answer says that it was stopped, then the second one comes", async () => {
    const bot = gateway.other("interrupt_bot");
    const question = `stream 120 ${words("a")}`;
    const { conversation } = await bot.say({ from: "Ada", text: question });
    await bot.waitFor(({ text }) => text.endsWith("▍"), { conversation });
    await bot.say({ from: "Ada", text: "something else" });
    await bot.waitFor(({ text }) => text.endsWith("something else"), { conversation });
    await bot.waitFor(({ text }) => text.endsWith("(stopped)"), { conversation });
    const [first, second, ...more] = bot.sent({ conversation });
    expect(question.startsWith(first?.text.replace("(stopped)", "").trim() ?? "?")).toBe(true);
    expect(second?.text.endsWith("something else")).toBe(true);
    expect(more).toEqual([]);
  });

  it("Q-5 interrupt: whoever writes five times in a row is answered once to all of it, and nothing is lost", async () => {
    const bot = gateway.other("interrupt_bot");
    const texts = ["wait 3000 one", "wait 3000 two", "wait 3000 three", "wait 3000 four", "five"];
    let conversation: Parameters<typeof peopleSaid>[1] | undefined;
    for (const text of texts) ({ conversation } = await bot.say({ from: "Bob", text }));
    if (!conversation) throw new Error("nothing was said");
    await bot.waitFor(({ text }) => text.endsWith("five"), { conversation });
    expect(await peopleSaid(gateway, conversation, "interrupt_bot")).toEqual(texts);
    const model = JSON.stringify(asked("five")?.messages);
    for (const text of texts) expect(model).toContain(text);
    expect(bot.sent({ conversation })).toHaveLength(1);
  });

  it("AGT-2 /new in the middle of an answer: nothing of the old conversation reaches the new one", async () => {
    const { simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Cem", text: `stream 120 secret ${words("b")}` });
    await simulator.waitFor(({ text }) => text.endsWith("▍"), { conversation });
    await simulator.say({ from: "Cem", text: "/new" });
    await simulator.waitFor(({ text }) => text.includes("A new conversation"), { conversation });
    await simulator.say({ from: "Cem", text: "what did I say" });
    await simulator.waitFor(({ text }) => text.endsWith("what did I say"), { conversation });
    expect(JSON.stringify(asked("what did I say")?.messages)).not.toContain("secret");
    await eventually(() => simulator.sent({ conversation }).every(({ text }) => !text.includes("▍")));
  });

  it("Q-5 AGT-5 /stop takes back what waits, too; what comes afterwards is answered", async () => {
    const bot = gateway.other("patient_bot");
    const { conversation } = await bot.say({ from: "Dan", text: "wait 60000 first" });
    await eventually(() => asked("wait 60000 first"));
    await bot.say({ from: "Dan", text: "waits behind it" });
    await bot.say({ from: "Dan", text: "/stop" });
    await bot.waitFor(({ text }) => text === "Stopped.", { conversation });
    await bot.say({ from: "Dan", text: "and now" });
    await bot.waitFor(({ text }) => text.endsWith("and now"), { conversation });
    expect(asked("waits behind it")).toBeUndefined();
    expect(bot.sent({ conversation })).toHaveLength(2);
  });

  it("MSG-1 a message that is edited while it waits is asked as it reads then; an edit afterwards is noted", async () => {
    const bot = gateway.other("patient_bot");
    const { conversation } = await bot.say({ from: "Eve", text: "wait 2500 busy" });
    await eventually(() => asked("wait 2500 busy"));
    const { messageId } = await bot.say({ from: "Eve", text: "a mispelt question" });
    await bot.edit({ conversation, messageId, text: "a well spelt question" });
    await bot.waitFor(({ text }) => text.endsWith("a well spelt question"), { conversation });
    expect(asked("a mispelt question")).toBeUndefined();
    await bot.edit({ conversation, messageId, text: "a third version" });
    const entries = await eventually(async () => {
      const all = await entriesOf(gateway, conversation, "patient_bot");
      return all.some(({ text }) => text.includes("a third version")) && all;
    });
    expect(entries.find(({ text }) => text.includes("a third version"))?.role).toBe("note");
    expect(bot.sent({ conversation })).toHaveLength(2);
  });

  it("MSG-1 a reaction is noted and answered by nobody", async () => {
    const { simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Fay", text: "do you like it" });
    const answer = await simulator.waitFor(({ text }) => text === "do you like it", { conversation });
    await simulator.react?.({ from: "Fay", conversation, messageId: answer.id, emoji: "👍" });
    await eventually(async () => {
      const entries = await entriesOf(gateway, conversation);
      return entries.some(({ role, text }) => role === "note" && text.includes("👍"));
    });
    await simulator.say({ from: "Fay", text: "and this" });
    await simulator.waitFor(({ text }) => text.endsWith("and this"), { conversation });
    expect(simulator.sent({ conversation })).toHaveLength(2);
  });
});
