import type { AgentTool } from "@switchboard/core/ports";
import { SwitchboardError } from "@switchboard/domain";
import { Type } from "@switchboard/domain/schema";
import { describe, expect, it } from "vitest";
import { PROTOCOLS, useProvider } from "../test-support/provider.ts";

const provider = useProvider();

const Parameters = Type.Object({ city: Type.String(), days: Type.Optional(Type.Integer({ minimum: 1 })) });

function weather(run: AgentTool["run"] = async () => ({ degrees: 21 })): AgentTool {
  return { name: "weather", description: "The weather in a city.", parameters: Parameters, run };
}

const callOf = (input: Record<string, unknown> | string, name = "weather") =>
  ({ type: "answer", toolCalls: [{ name, input: input as never, id: "call_a" }] }) as const;

describe.each(PROTOCOLS)("%s tools", (protocol) => {
  it("AGT-1 offers them with their schema and leaves them out when the settings say so", async () => {
    await provider.ask(protocol, { tools: [weather()] });
    expect(provider.last().tools).toEqual(["weather"]);
    const [offered] = provider.last().body.tools as { function?: { parameters: unknown }; input_schema?: unknown }[];
    const schema = protocol === "openai" ? offered?.function?.parameters : offered?.input_schema;
    expect(schema).toMatchObject({ type: "object", required: ["city"], properties: { days: { minimum: 1 } } });
    await provider.ask(protocol, { tools: [weather()], settings: { tools: false } });
    expect(provider.last().tools).toEqual([]);
  });

  it("AGT-1 runs them and goes on with their results, over several rounds", async () => {
    const asked: unknown[] = [];
    const tool = weather(async (input) => {
      asked.push(input);
      return { degrees: 20 + asked.length };
    });
    provider.server.next(
      { type: "answer", text: "One moment.", toolCalls: [{ name: "weather", input: { city: "Rome" }, id: "c1" }] },
      {
        type: "answer",
        toolCalls: [
          { name: "weather", input: { city: "Oslo" }, id: "c2" },
          { name: "weather", input: { city: "Bern", days: 2 }, id: "c3" },
        ],
      },
      { type: "answer", text: "All fine.", usage: { input: 5, output: 5 } },
    );
    const run = await provider.ask(protocol, { tools: [tool] });
    expect(run.error).toBeUndefined();
    expect(asked).toEqual([{ city: "Rome" }, { city: "Oslo" }, { city: "Bern", days: 2 }]);
    expect(run.text).toBe("One moment.\n\nAll fine.");
    expect(run.events.filter(({ type }) => type.startsWith("tool-"))).toEqual([
      { type: "tool-call", id: "c1", name: "weather", input: { city: "Rome" } },
      { type: "tool-result", id: "c1", name: "weather", output: { degrees: 21 }, failed: false },
      { type: "tool-call", id: "c2", name: "weather", input: { city: "Oslo" } },
      { type: "tool-call", id: "c3", name: "weather", input: { city: "Bern", days: 2 } },
      { type: "tool-result", id: "c2", name: "weather", output: { degrees: 22 }, failed: false },
      { type: "tool-result", id: "c3", name: "weather", output: { degrees: 23 }, failed: false },
    ]);
    const results = provider.last().messages.filter(({ role }) => role === "tool");
    expect(results.map(({ toolCallId, text }) => [toolCallId, text])).toEqual([
      ["c1", '{"degrees":21}'],
      ["c2", '{"degrees":22}'],
      ["c3", '{"degrees":23}'],
    ]);
    expect(run.finish?.usage?.outputTokens).toBeGreaterThan(5);
  });

  it("tells the model what a tool threw, in its words", async () => {
    const tool = weather(async () => {
      throw new SwitchboardError("REQ_001", "There is no such city.");
    });
    provider.server.next(callOf({ city: "Atlantis" }), { type: "answer", text: "Sorry." });
    const run = await provider.ask(protocol, { tools: [tool] });
    expect(run.text).toBe("Sorry.");
    expect(run.events).toContainEqual({
      type: "tool-result",
      id: "call_a",
      name: "weather",
      output: "There is no such city.",
      failed: true,
    });
    const told = provider.last().messages.find(({ role }) => role === "tool")?.text;
    expect(told).toContain("There is no such city.");
    expect(told).not.toContain("SwitchboardError");
  });

  it.each([
    ["input that is no JSON", '{"city": "Ro', /JSON/i],
    ["input of another form", { town: "Rome" }, /does not fit: .*city/],
    ["input out of bounds", { city: "Rome", days: 0 }, /does not fit: days/],
  ] as const)("does not run a tool with %s, and tells the model", async (_, input, reason) => {
    let runs = 0;
    const tool = weather(async () => ++runs);
    provider.server.next(callOf(input), { type: "answer", text: "I see." });
    const run = await provider.ask(protocol, { tools: [tool] });
    expect(run.error).toBeUndefined();
    expect(run.text).toBe("I see.");
    expect(runs).toBe(0);
    expect(run.events.find((event) => event.type === "tool-result")).toMatchObject({ failed: true });
    expect(provider.last().messages.find(({ role }) => role === "tool")?.text).toMatch(reason);
  });

  it("tells the model when there is no such tool", async () => {
    provider.server.next(callOf({ x: 1 }, "teleport"), { type: "answer", text: "I see." });
    const run = await provider.ask(protocol, { tools: [weather()] });
    expect(run.text).toBe("I see.");
    expect(provider.last().messages.find(({ role }) => role === "tool")?.text).toMatch(/teleport.*weather/s);
  });

  it("makes the model answer after as many rounds as the settings allow", async () => {
    provider.server.otherwise((request) =>
      request.toolChoice === "none" ? { type: "answer", text: "Enough." } : callOf({ city: "Rome" }),
    );
    const run = await provider.ask(protocol, { tools: [weather()], settings: { maxToolRounds: 3 } });
    expect(run.text).toBe("Enough.");
    expect(provider.server.count).toBe(4);
    provider.server.reset();
    await provider.ask(protocol, { tools: [weather()] });
    expect(provider.server.count).toBe(9);
  });

  it("says when the model never answers", async () => {
    provider.server.otherwise(callOf({ city: "Rome" }));
    const { error } = await provider.ask(protocol, { tools: [weather()], settings: { maxToolRounds: 2 } });
    expect(error).toMatchObject({ code: "AGENT_004", retryable: true });
    expect(error?.message).toContain("tool");
    expect(provider.server.count).toBe(3);
  });

  it("takes an answer without words when a tool did the work", async () => {
    provider.server.next(callOf({ city: "Rome" }), { type: "answer", text: "" });
    expect((await provider.ask(protocol, { tools: [weather()] })).finish?.reason).toBe("stop");
  });

  it("cuts a result that is longer than any window, and says so to the model", async () => {
    const tool = weather(async () => "long ".repeat(100_000));
    provider.server.next(callOf({ city: "Rome" }), { type: "answer", text: "Long." });
    await provider.ask(protocol, { tools: [tool] });
    const told = provider.last().messages.find(({ role }) => role === "tool")?.text ?? "";
    expect(told.length).toBeLessThan(60_000);
    expect(told).toContain("[cut here: the result has 500000 characters]");
  });

  it("AGT-1 TEN-7 keeps what it did and used when a later round fails, as an error of the turn", async () => {
    provider.server.next(callOf({ city: "Rome" }), { type: "error", status: 503 });
    const run = await provider.ask(protocol, { tools: [weather()] });
    expect(run.error).toMatchObject({ code: "AGENT_001", retryable: true });
    expect(run.events.at(-2)).toMatchObject({ type: "tool-result", failed: false });
    expect(run.events.at(-1)).toMatchObject({ type: "usage", usage: { provider: protocol, model: "test-model" } });
    expect(JSON.stringify(run.events.at(-1))).toMatch(/"inputTokens":[1-9]/);
  });

  it("stops soon when a tool does not listen to the signal", async () => {
    const stop = new AbortController();
    const tool = weather(() => {
      setTimeout(() => stop.abort(), 5);
      return new Promise(() => {});
    });
    provider.server.next(callOf({ city: "Rome" }));
    const { error } = await provider.ask(protocol, { tools: [tool], signal: stop.signal });
    expect(error?.code).toBe("AGENT_005");
  });

  it("does not take a tool's time for silence of the model", async () => {
    const tool = weather(async () => {
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      return { degrees: 1 };
    });
    provider.server.next(callOf({ city: "Rome" }), { type: "answer", text: "Cold." });
    const run = await provider.ask(protocol, { tools: [tool], settings: { idleTimeoutMs: 1_500 } });
    expect(run.text).toBe("Cold.");
  });
});

it("AGT-1 gives a thinking model its thoughts back with the results, signed as they came", async () => {
  provider.server.next(
    { type: "answer", thinking: "I should look.", toolCalls: [{ name: "weather", input: { city: "Rome" }, id: "c1" }] },
    { type: "answer", thinking: "Warm.", text: "21 degrees." },
  );
  const run = await provider.ask("anthropic", { tools: [weather()] });
  expect(run.thinking).toBe("I should look.\n\nWarm.");
  expect(JSON.stringify(provider.last().body.messages)).toContain(
    '{"type":"thinking","thinking":"I should look.","signature":"c2lnbmF0dXJl"}',
  );
});
