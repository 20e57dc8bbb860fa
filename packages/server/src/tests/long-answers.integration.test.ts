import { describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway } from "../test-support/gateway.ts";

const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index}`).join(" ");

describe.concurrent("answers that are far too long", () => {
  it.each([
    ["a hundred thousand characters of prose", words(10_800)],
    ["a hundred thousand characters without a space", "x".repeat(100_000)],
    ["emoji, none of which may be cut in two", "👩‍👩‍👧‍👦😀".repeat(7_000)],
    ["Markdown on every line", Array.from({ length: 4_000 }, (_, index) => `- **item ${index}** \`code\``).join("\n")],
    [
      "one huge block of code",
      `\`\`\`ts\n${Array.from({ length: 4_000 }, (_, i) => `const a${i} = ${i};`).join("\n")}\n\`\`\``,
    ],
  ])("MSG-4 oc#24353 %s: arrive whole, in order, in as many messages as it takes", async (_, text) => {
    await using gateway = await startTestGateway();
    const { simulator, model } = gateway;
    const { maxLength } = gateway.platform.channel.capabilities.text;
    model.next({ type: "answer", text, pieceLength: 5_000 });
    const { conversation } = await simulator.say({ from: "Ada", text: "tell me everything" });
    const bare = (whole: string) => whole.replaceAll(/[\s`*•\-▍]/g, "").replace(/^ts/, "");
    await eventually(
      () => {
        const sent = simulator.sent({ conversation }).map((message) => message.text);
        return bare(sent.join("")).length >= bare(text).length;
      },
      { timeoutMs: 18_000 },
    );
    const sent = simulator.sent({ conversation });
    expect(bare(sent.map((message) => message.text).join(""))).toBe(bare(text));
    for (const message of sent) {
      expect(message.text.isWellFormed()).toBe(true);
      expect(message.text.length).toBeLessThanOrEqual(maxLength);
    }
    expect((await gateway.request("deadLetters.list", {})).deadLetters).toEqual([]);
    // And the conversation goes on.
    await simulator.say({ from: "Ada", text: "thank you" });
    await simulator.waitFor((message) => message.text.endsWith("thank you"), { conversation });
    expect(gateway.fatal).toEqual([]);
  });

  it("CH-6 are asked for in short where an account says how many characters, and split all the same when they come", async () => {
    await using gateway = await startTestGateway({ account: { settings: { answerCharacters: 300 } } });
    const { simulator, model } = gateway;
    model.next({ type: "answer", text: words(1_000), pieceLength: 5_000 });
    const { conversation } = await simulator.say({ from: "Ada", text: "tell me everything" });
    await simulator.waitFor((message) => message.text.endsWith("word999"), { conversation });
    const asked = model.requests.find(({ lastUserText }) => lastUserText === "tell me everything");
    expect(JSON.stringify(asked?.messages)).toContain("within 300 characters");
    const sessionKey = await gateway.sessionOf(conversation);
    await gateway.request("agent", { sessionKey, message: "for nobody's phone", idempotencyKey: "short-1" });
    const plain = model.requests.find(({ lastUserText }) => lastUserText === "for nobody's phone");
    expect(JSON.stringify(plain?.messages)).not.toContain("characters");
  });
});
