import { describe, expect, it } from "vitest";
import { createClassifier } from "./classifier.ts";
import { anAgent } from "./test-support/ask.ts";
import { PROTOCOLS, useProvider } from "./test-support/provider.ts";

const provider = useProvider();

const commands = [
  { name: "model", description: "Which model answers", parameters: "<model>" },
  { name: "new", description: "Start a new conversation" },
];

const never = () => new AbortController().signal;
const answer = (command: string, args: readonly string[] = [], confidence = 0.95) => ({
  command,
  arguments: args,
  confidence,
});

describe.each(PROTOCOLS)("%s classifier", (protocol) => {
  const classify = (text: string, options: Parameters<typeof createClassifier>[0] = {}, signal = never()) =>
    createClassifier(options).classify({ text, commands }, provider.agent(protocol), signal);

  it("ACC-6 maps free text to a command with its arguments, asking with a schema", async () => {
    provider.server.next({ type: "json", value: answer("model", ["big-one"]) });
    expect(await classify("please use the big one from now on")).toEqual({
      command: "model",
      arguments: ["big-one"],
      confidence: 0.95,
    });
    const { body, messages, lastUserText } = provider.last();
    expect(JSON.stringify(body)).toContain('"enum":["model","new","none"]');
    expect(messages[0]?.text).toContain("- model <model>: Which model answers");
    expect(JSON.parse(lastUserText)).toEqual({ message: "please use the big one from now on" });
  });

  it.each([
    ["the model says it is none", answer("none")],
    ["the model is unsure", answer("new", [], 0.4)],
    ["the command is not one of the list", answer("shutdown", [], 1)],
    ["the confidence is no number", { command: "new", arguments: [], confidence: "high" }],
    ["the confidence is out of bounds", answer("new", [], 7)],
    ["the arguments are no texts", { command: "new", arguments: [1], confidence: 1 }],
    ["there is something else besides", { ...answer("new"), note: "x" }],
    ["it is a list", [answer("new")]],
  ])("ACC-6 finds none when %s", async (_, value) => {
    provider.server.next({ type: "json", value });
    expect(await classify("start over")).toBeUndefined();
    expect(provider.server.count).toBe(1);
  });

  it.each([
    ["prose", { type: "answer", text: "I think you want /new." }],
    ["JSON in prose", { type: "answer", text: `Sure! ${JSON.stringify(answer("new"))}` }],
    ["half a document", { type: "answer", text: '{"command": "new", "argum' }],
    ["nothing", { type: "answer", text: "" }],
    ["an outage", { type: "error", status: 503 }],
    ["a refused key", { type: "error", status: 401 }],
    ["a web page", { type: "raw", headers: { "content-type": "text/html" }, body: "<p>" }],
    ["a hang-up", { type: "hang-up" }],
    ["an answer cut at its limit", { type: "answer", text: '{"command": "new", ', finish: "length" }],
  ] as const)("ACC-6 finds none, and throws nothing, on %s", async (_, behaviour) => {
    provider.server.next(behaviour);
    expect(await classify("start over")).toBeUndefined();
  });

  it("ACC-6 finds none when the answer is late, and hangs up", async () => {
    provider.server.next({ type: "silence" });
    expect(await classify("start over", { timeoutMs: 50 })).toBeUndefined();
    expect((await provider.server.settled(1)).outcome).toBe("abandoned");
  });

  it("ACC-6 finds none when it is stopped", async () => {
    const stop = new AbortController();
    provider.server.next(() => {
      setTimeout(() => stop.abort(), 5);
      return { type: "silence" };
    });
    expect(await classify("start over", { timeoutMs: 60_000 }, stop.signal)).toBeUndefined();
    expect(await classify("start over", {}, AbortSignal.abort())).toBeUndefined();
  });

  it("asks nobody about what can be no command", async () => {
    expect(await classify("  ")).toBeUndefined();
    expect(await classify("a ".repeat(300))).toBeUndefined();
    expect(
      await createClassifier().classify({ text: "x", commands: [] }, provider.agent(protocol), never()),
    ).toBeUndefined();
    expect(await createClassifier().classify({ text: "x", commands }, anAgent(), never())).toBeUndefined();
    expect(provider.server.count).toBe(0);
  });

  it("finds none, and throws nothing, when the agent is not set up", async () => {
    const { apiKey: _, model: __, ...settings } = provider.agent(protocol);
    expect(await createClassifier().classify({ text: "x", commands }, settings, never())).toBeUndefined();
  });
});

describe("servers that know no schemas", () => {
  it("ACC-6 are asked for JSON in plain text, at once the next time", async () => {
    provider.server.otherwise(({ body }) => {
      const format = (body.response_format as { type?: string } | undefined)?.type;
      if (format !== undefined)
        return { type: "error", status: 400, message: `response_format ${format} is not supported` };
      return { type: "answer", text: `\`\`\`json\n${JSON.stringify(answer("new"))}\n\`\`\`` };
    });
    const agent = provider.agent("openai", { model: "without-schemas" });
    for (const expected of [2, 3]) {
      const found = await createClassifier().classify({ text: "start over", commands }, agent, never());
      expect(found).toEqual({ command: "new", arguments: [], confidence: 0.95 });
      expect(provider.server.count).toBe(expected);
    }
  });
});
