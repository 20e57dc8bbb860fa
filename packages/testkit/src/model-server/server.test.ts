import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { behaveByWords } from "./by-words.ts";
import { type ModelServer, startModelServer } from "./server.ts";

let server: ModelServer;

beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

type Body = Record<string, unknown>;

const forms = {
  openai: {
    path: "/chat/completions",
    body: (text: string, more: Body = {}): Body => ({
      model: "m",
      messages: [{ role: "user", content: text }],
      ...more,
    }),
  },
  anthropic: {
    path: "/messages",
    body: (text: string, more: Body = {}): Body => ({
      model: "m",
      max_tokens: 100,
      messages: [{ role: "user", content: text }],
      ...more,
    }),
  },
} as const;

function post(protocol: keyof typeof forms, body: unknown, init: RequestInit = {}) {
  return fetch(server.baseUrl + forms[protocol].path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    ...init,
  });
}

/** The data of every event of a stream, in order. */
function eventsOf(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("data: "))
    .map((line) => (line === "data: [DONE]" ? "done" : JSON.parse(line.slice(6))));
}

describe("OpenAI chat completions", () => {
  it("echoes the newest user message by default, with usage", async () => {
    const answer = (await (await post("openai", forms.openai.body("hello"))).json()) as Body;
    expect(answer).toMatchObject({
      object: "chat.completion",
      choices: [{ message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 2, completion_tokens: 2, total_tokens: 4 },
    });
  });

  it("streams reasoning, text and tool calls in pieces", async () => {
    server.next({
      type: "answer",
      thinking: "hm",
      text: "abcdef",
      toolCalls: [{ name: "look", input: { at: 1 }, id: "c1" }],
      pieceLength: 4,
    });
    const response = await post("openai", forms.openai.body("x", { stream: true }));
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const events = eventsOf(await response.text()) as { choices: { delta: Body; finish_reason: unknown }[] }[];
    expect(events.at(-1)).toBe("done");
    const deltas = events.slice(0, -1).map((event) => event.choices[0]?.delta);
    expect(deltas).toEqual([
      { role: "assistant", content: "" },
      { reasoning_content: "hm" },
      { content: "abcd" },
      { content: "ef" },
      { tool_calls: [{ index: 0, id: "c1", type: "function", function: { name: "look", arguments: "" } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"at' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '":1}' } }] },
      {},
      undefined,
    ]);
    expect(events.at(-3)?.choices[0]?.finish_reason).toBe("tool_calls");
  });

  it("refuses a request whose tool call was never answered", async () => {
    const call = { id: "c1", type: "function", function: { name: "look", arguments: "{}" } };
    const response = await post("openai", {
      model: "m",
      messages: [
        { role: "assistant", content: null, tool_calls: [call] },
        { role: "user", content: "and?" },
      ],
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining("was not answered") } });
  });
});

describe("Anthropic messages", () => {
  it("streams blocks with their borders and the stop reason", async () => {
    server.next({ type: "answer", text: "abcdef", pieceLength: 4, finish: "length" });
    const events = eventsOf(
      await (await post("anthropic", forms.anthropic.body("x", { stream: true }))).text(),
    ) as Body[];
    expect(events.map(({ type }) => type)).toEqual([
      "message_start",
      "ping",
      "content_block_start",
      "content_block_delta",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
    expect(events[6]).toMatchObject({ delta: { stop_reason: "max_tokens" }, usage: { output_tokens: 2 } });
  });

  it("answers in one document when no stream was asked for", async () => {
    server.next({ type: "answer", thinking: "hm", text: "yes", toolCalls: [{ name: "look", input: { at: 1 } }] });
    expect(await (await post("anthropic", forms.anthropic.body("x"))).json()).toMatchObject({
      content: [
        { type: "thinking", thinking: "hm" },
        { type: "text", text: "yes" },
        { type: "tool_use", name: "look", input: { at: 1 } },
      ],
      stop_reason: "tool_use",
    });
  });

  it.each([
    ["no max_tokens", { model: "m", messages: [{ role: "user", content: "x" }] }],
    ["an assistant first", { model: "m", max_tokens: 1, messages: [{ role: "assistant", content: "x" }] }],
    ["empty text", { model: "m", max_tokens: 1, messages: [{ role: "user", content: [{ type: "text", text: " " }] }] }],
    [
      "a tool use without result",
      {
        model: "m",
        max_tokens: 1,
        messages: [
          { role: "user", content: "x" },
          { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "look", input: {} }] },
          { role: "user", content: "y" },
        ],
      },
    ],
  ])("refuses %s as the service does", async (_, body) => {
    const response = await post("anthropic", body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: "error", error: { type: "invalid_request_error" } });
  });
});

describe("what both do", () => {
  it("answers in the scripted order and then falls back", async () => {
    server.otherwise((request) => ({ type: "answer", text: `number ${request.number}` }));
    server.next({ type: "answer", text: "first" }, { type: "error", status: 503 });
    const texts: string[] = [];
    for (let round = 0; round < 3; round++) {
      const response = await post("openai", forms.openai.body("x"));
      texts.push(response.ok ? JSON.stringify(await response.json()) : String(response.status));
    }
    expect(texts[0]).toContain("first");
    expect(texts[1]).toBe("503");
    expect(texts[2]).toContain('"number 3"');
  });

  it("records what came, also that the other side left", async () => {
    server.next({
      type: "answer",
      text: "a long answer in many pieces",
      interruption: { afterPieces: 1, how: "stall" },
    });
    const abort = new AbortController();
    const response = await post("openai", forms.openai.body("hi", { stream: true }), { signal: abort.signal });
    await response.body?.getReader().read();
    abort.abort();
    expect(await server.settled(1)).toMatchObject({
      outcome: "abandoned",
      status: 200,
      lastUserText: "hi",
      streamed: true,
      protocol: "openai",
    });
  });

  it.each(["openai", "anthropic"] as const)("breaks %s streams in each way", async (protocol) => {
    const streamed = (how: "cut" | "end" | "truncated-json" | "garbage" | "error") => {
      server.next({ type: "answer", text: "0123456789", pieceLength: 2, interruption: { afterPieces: 2, how } });
      return post(protocol, forms[protocol].body("x", { stream: true })).then((response) => response.text());
    };
    await expect(streamed("cut")).rejects.toThrow();
    const ended = await streamed("end");
    expect(ended).toContain('"23"');
    expect(ended).not.toMatch(/"45"|DONE|message_stop/);
    expect(await streamed("truncated-json")).toMatch(/"del$/);
    expect(await streamed("garbage")).toMatch(/no JSON >>>\n\n.*89/s);
    expect(await streamed("error")).toContain("server_error");
  });

  it("lets in only the key it was given and repeats a wrong one, as real services do", async () => {
    const strict = await startModelServer({ apiKey: "right" });
    try {
      const ask = (headers: Record<string, string>, path: string, body: unknown) =>
        fetch(strict.baseUrl + path, { method: "POST", headers, body: JSON.stringify(body) });
      const refused = await ask({ authorization: "Bearer wrong" }, "/chat/completions", forms.openai.body("x"));
      expect(refused.status).toBe(401);
      expect(await refused.text()).toContain("wrong");
      expect((await ask({ authorization: "Bearer right" }, "/chat/completions", forms.openai.body("x"))).status).toBe(
        200,
      );
      expect((await ask({ "x-api-key": "right" }, "/messages", forms.anthropic.body("x"))).status).toBe(200);
    } finally {
      await strict.close();
    }
  });

  it("never cuts a surrogate pair", async () => {
    const text = "😀".repeat(50);
    server.next({ type: "answer", text, pieceLength: 3 });
    const events = eventsOf(await (await post("openai", forms.openai.body("x", { stream: true }))).text());
    const pieces = events.flatMap((event) => (event as { choices?: { delta?: { content?: string } }[] }).choices ?? []);
    const contents = pieces.map((piece) => piece.delta?.content ?? "");
    expect(contents.every((content) => content.isWellFormed())).toBe(true);
    expect(contents.join("")).toBe(text);
  });

  it("lets a person choose faults by words", async () => {
    server.otherwise(behaveByWords());
    expect((await post("openai", forms.openai.body("please, model busy"))).headers.get("retry-after")).toBe("2");
    expect((await post("anthropic", forms.anthropic.body("model overloaded"))).status).toBe(529);
    expect(await (await post("openai", forms.openai.body("good morning"))).text()).toContain("You said: good morning");
  });
});

it("runs as a script and ends on SIGTERM", async () => {
  const script = fileURLToPath(new URL("./main.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@switchboard/source", script, "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`it ended with ${code}: ${output}`)));
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
      const found = /OPENAI_BASE_URL=(\S+)/.exec(output)?.[1];
      if (found) resolve(found);
    });
  });
  const response = await fetch(`${url}/models`);
  expect(await response.json()).toMatchObject({ data: [{ id: "test-model" }] });
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
});
