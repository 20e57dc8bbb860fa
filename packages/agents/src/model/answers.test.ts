import { describe, expect, it, vi } from "vitest";
import { anInput } from "../test-support/ask.ts";
import { KEY, PROTOCOLS, useProvider } from "../test-support/provider.ts";

const provider = useProvider({ answerCharacters: 200_000 });

describe.each(PROTOCOLS)("%s answers", (protocol) => {
  it("AGT-1 streams text in pieces and ends with reason and usage", async () => {
    provider.server.next({
      type: "answer",
      text: "The quick brown fox.",
      pieceLength: 5,
      usage: { input: 11, output: 7 },
    });
    const run = await provider.ask(protocol);
    expect(run.error).toBeUndefined();
    const { usage } = run.finish ?? {};
    expect(run.events).toEqual([
      { type: "text", delta: "The q" },
      { type: "text", delta: "uick " },
      { type: "text", delta: "brown" },
      { type: "text", delta: " fox." },
      { type: "usage", usage },
      { type: "finish", reason: "stop", usage },
    ]);
    expect(usage).toMatchObject({ provider: protocol, model: "test-model", inputTokens: 11, outputTokens: 7 });
    expect(provider.last()).toMatchObject({ protocol, model: "test-model", streamed: true, lastUserText: "hello" });
  });

  it("AGT-1 brings the first piece before the answer is over", async () => {
    provider.server.next({
      type: "answer",
      text: "abcdef",
      pieceLength: 2,
      interruption: { afterPieces: 1, how: "stall" },
    });
    const stop = new AbortController();
    const runtime = await provider.runtime(protocol);
    const seen: string[] = [];
    await expect(async () => {
      for await (const event of runtime.run(provider.request(protocol), stop.signal)) {
        if (event.type === "text") seen.push(event.delta);
        stop.abort();
      }
    }).rejects.toMatchObject({ code: "AGENT_005" });
    expect(seen).toEqual(["ab"]);
  });

  it("tells reasoning apart from the answer", async () => {
    provider.server.next({ type: "answer", thinking: "Let me see. Yes.", text: "42", pieceLength: 8 });
    const run = await provider.ask(protocol);
    expect(run.thinking).toBe("Let me see. Yes.");
    expect(run.text).toBe("42");
    expect(run.events.at(0)?.type).toBe("thinking");
  });

  it("sends the key and the agent's own headers", async () => {
    await provider.ask(protocol, { settings: { headers: { "X-Team": "blue" } } });
    const { headers } = provider.last();
    expect(headers["x-team"]).toBe("blue");
    expect(protocol === "openai" ? headers.authorization : headers["x-api-key"]).toBe(
      protocol === "openai" ? `Bearer ${KEY}` : KEY,
    );
  });

  it("works without a key where a header carries one", async () => {
    const { apiKey: _, ...settings } = provider.agent(protocol, { headers: { Authorization: "Bearer other" } });
    const { createAgentRuntimes } = await import("../runtimes.ts");
    const { ask, aRequest } = await import("../test-support/ask.ts");
    const run = await ask(await createAgentRuntimes().runtimeFor(settings), aRequest(settings));
    expect(run.error).toBeUndefined();
    expect(provider.last().headers.authorization).toBe("Bearer other");
    expect(provider.last().headers["x-api-key"]).toBeUndefined();
  });

  it("sends instructions, limits and temperature from the settings", async () => {
    await provider.ask(protocol, { settings: { instructions: "Be a pirate.", maxOutputTokens: 77, temperature: 0.5 } });
    expect(provider.last().messages[0]).toMatchObject({ role: "system", text: "Be a pirate." });
    expect(provider.last().body).toMatchObject({ max_tokens: 77, temperature: 0.5 });
  });

  it("AGT-5 lets a turn choose model, verbosity and temperature", async () => {
    const run = await provider.ask(protocol, {
      settings: { instructions: "Be a pirate.", temperature: 0.5 },
      parameters: { model: "other-model", verbosity: "short", temperature: "0.9" },
    });
    expect(run.finish?.usage?.model).toBe("other-model");
    expect(provider.last()).toMatchObject({ model: "other-model", body: { temperature: 0.9 } });
    expect(provider.last().messages[0]?.text).toMatch(/^Be a pirate\.\n\nAnswer as briefly/);
  });

  it("AGT-5 ignores parameters that make no sense", async () => {
    const run = await provider.ask(protocol, {
      parameters: { model: " ", thinking: "purple", verbosity: "x", temperature: "hot", anything: "else" },
    });
    expect(run.error).toBeUndefined();
    expect(provider.last().model).toBe("test-model");
    expect(provider.last().body.temperature).toBeUndefined();
  });

  it.each([
    ["length", "length"],
    ["filtered", "filtered"],
    ["stop", "stop"],
    ["something_new", "stop"],
  ] as const)("maps the finish reason %s to %s", async (finish, reason) => {
    provider.server.next({ type: "answer", text: "so far", finish });
    const run = await provider.ask(protocol);
    expect(run.error).toBeUndefined();
    expect(run.finish?.reason).toBe(reason);
    expect(run.text).toBe("so far");
  });

  it("ends as filtered when the content filter let nothing through", async () => {
    provider.server.next({ type: "answer", text: "", finish: "filtered" });
    expect((await provider.ask(protocol)).finish?.reason).toBe("filtered");
  });

  it("does without usage where a provider tells none", async () => {
    provider.server.next({ type: "answer", text: "x", usage: false });
    const run = await provider.ask(protocol);
    expect(run.finish?.usage?.model).toBe("test-model");
    expect(run.finish?.reason).toBe("stop");
  });

  it("takes one huge piece of 100,000 characters", async () => {
    const text = "0123456789".repeat(10_000);
    provider.server.next({ type: "answer", text, pieceLength: Number.POSITIVE_INFINITY });
    const run = await provider.ask(protocol);
    expect(run.error).toBeUndefined();
    expect(run.text).toBe(text);
  });

  it("ends an endless answer as too long and hangs up", async () => {
    provider.server.next({ type: "answer", text: "😀".repeat(200_000), pieceLength: 70_001 });
    const run = await provider.ask(protocol);
    expect(run.finish?.reason).toBe("length");
    expect(run.text.isWellFormed()).toBe(true);
    expect(run.text.length).toBeGreaterThan(199_990);
    expect(run.text.length).toBeLessThanOrEqual(200_000);
  });

  it("answers several inputs of one turn as one message", async () => {
    await provider.ask(protocol, { inputs: [anInput("one"), anInput("two")] });
    expect(provider.last().lastUserText).toBe("one\n\ntwo");
  });

  it("keeps runs apart that go on at the same time", async () => {
    provider.server.otherwise({ type: "echo", pieceLength: 3, delayMs: 1 });
    const texts = Array.from({ length: 20 }, (_, index) => `message number ${index}`);
    const runs = await Promise.all(texts.map((text) => provider.ask(protocol, { inputs: [anInput(text)] })));
    expect(runs.map(({ text }) => text)).toEqual(texts);
  });
});

describe("OpenAI-compatible servers in particular", () => {
  it("understands a server that answers in one document although a stream was asked for", async () => {
    provider.server.next({
      type: "answer",
      thinking: "hm",
      text: "all at once",
      unstreamed: true,
      usage: { input: 3, output: 4 },
    });
    const run = await provider.ask("openai");
    expect(run).toMatchObject({ text: "all at once", thinking: "hm", error: undefined });
    expect(run.finish).toMatchObject({
      type: "finish",
      reason: "stop",
      usage: { provider: "openai", model: "test-model", inputTokens: 3, outputTokens: 4 },
    });
  });

  it("needs no key for a server of one's own", async () => {
    const { apiKey: _, ...settings } = provider.agent("openai");
    const { createAgentRuntimes } = await import("../runtimes.ts");
    const { ask, aRequest } = await import("../test-support/ask.ts");
    expect((await ask(await createAgentRuntimes().runtimeFor(settings), aRequest(settings))).text).toBe("hello");
    expect(provider.last().headers.authorization).toBeUndefined();
  });

  it("AGT-5 passes on how long to think", async () => {
    await provider.ask("openai", { parameters: { thinking: "high" } });
    expect(provider.last().body.reasoning_effort).toBe("high");
    await provider.ask("openai", { parameters: { thinking: "off" } });
    expect(provider.last().body.reasoning_effort).toBe("none");
    await provider.ask("openai");
    expect(provider.last().body).not.toHaveProperty("reasoning_effort");
  });
});

describe("Anthropic in particular", () => {
  it("AGT-5 passes on how long to think", async () => {
    await provider.ask("anthropic", { parameters: { thinking: "low" }, settings: { model: "claude-sonnet-4-5" } });
    expect(provider.last().body.thinking ?? provider.last().body.output_config).toBeDefined();
  });

  it("takes the address with and without its version, as its own clients do", async () => {
    const run = await provider.ask("anthropic", {
      settings: { baseUrl: provider.server.baseUrl.replace(/\/v1$/, "") },
    });
    expect(run.text).toBe("hello");
  });

  it("writes nothing to the console when a setting is more than the model takes", async () => {
    const printed: unknown[] = [];
    const keep = (what: unknown) => void printed.push(what);
    process.on("warning", keep);
    const spy = vi.spyOn(console, "warn").mockImplementation(keep);
    expect((await provider.ask("anthropic", { settings: { temperature: 1.9 } })).text).toBe("hello");
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", keep);
    spy.mockRestore();
    expect(provider.last().body.temperature).toBe(1);
    expect(printed).toEqual([]);
  });

  it("takes nothing from the environment", async () => {
    vi.stubEnv("ANTHROPIC_API_KEY", "from-the-environment");
    vi.stubEnv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1");
    expect((await provider.ask("anthropic")).text).toBe("hello");
    expect(provider.last().headers["x-api-key"]).toBe(KEY);
    vi.unstubAllEnvs();
  });
});
