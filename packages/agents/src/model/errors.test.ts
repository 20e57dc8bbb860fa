import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ERRORS } from "@switchboard/domain";
import { freePort } from "@switchboard/testkit/gateway-process";
import type { Behaviour } from "@switchboard/testkit/model-server";
import { describe, expect, it } from "vitest";
import { PROTOCOLS, useProvider } from "../test-support/provider.ts";

const provider = useProvider();

describe.each(PROTOCOLS)("%s errors", (protocol) => {
  const failing = async (behaviour: Behaviour) => {
    provider.server.next(behaviour);
    const { error } = await provider.ask(protocol);
    if (!error) throw new Error("it did not fail");
    return error;
  };

  it.each([
    [400, "AGENT_006", false],
    [401, "AGENT_006", false],
    [403, "AGENT_006", false],
    [404, "AGENT_006", false],
    [402, "AGENT_003", false],
    [408, "AGENT_002", true],
    [413, "AGENT_007", false],
    [422, "AGENT_006", false],
    [429, "AGENT_003", true],
    [500, "AGENT_001", true],
    [502, "AGENT_001", true],
    [503, "AGENT_001", true],
    [504, "AGENT_002", true],
    [529, "AGENT_001", true],
  ] as const)("oc#102279 maps HTTP %i to %s and says so", async (status, code, retryable) => {
    const error = await failing({ type: "error", status, message: "the reason is a sad one" });
    expect(error).toMatchObject({ code, retryable, details: { status } });
    expect(error.message).toContain(String(status));
    expect(error.message).toContain("the reason is a sad one");
    expect(error.message).toContain(new URL(provider.server.baseUrl).origin);
    expect(error.action).toBe(ERRORS[code].action);
    expect(provider.server.count).toBe(1);
  });

  it("never tries by itself again: turns do", async () => {
    provider.server.otherwise({ type: "error", status: 503 });
    await provider.ask(protocol);
    expect(provider.server.count).toBe(1);
  });

  it.each([
    [{ "retry-after": "7" }, 7_000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after-ms": "1234", "retry-after": "7" }, 1_234],
    [{ "retry-after": "9999999" }, 24 * 3_600_000],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "-3" }, undefined],
    [{}, undefined],
  ] as const)("tells how long the provider asks to wait: %j", async (headers, expected) => {
    const error = await failing({ type: "error", status: 429, headers });
    expect(error.retryAfterMs).toBe(expected);
  });

  it("reads a date as the time to wait until", async () => {
    const at = new Date(Date.now() + 90_000).toUTCString();
    const { retryAfterMs } = await failing({ type: "error", status: 503, headers: { "retry-after": at } });
    expect(retryAfterMs).toBeGreaterThan(60_000);
    expect(retryAfterMs).toBeLessThanOrEqual(90_000);
    const past = await failing({ type: "error", status: 503, headers: { "retry-after": new Date(0).toUTCString() } });
    expect(past.retryAfterMs).toBe(0);
  });

  it.each([
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 10000 tokens.",
    "prompt is too long: 210000 tokens > 200000 maximum",
    "the request exceeds the available context size. try increasing the context size or enable context shift",
    "Please reduce the length of the messages or completion.",
  ])("calls a request too long when the provider does: %s", async (message) => {
    const error = await failing({ type: "error", status: 400, message });
    expect(error).toMatchObject({ code: "AGENT_007", retryable: false });
  });

  it.each([
    "You exceeded your current quota, please check your plan and billing details.",
    "Your credit balance is too low to access the API.",
  ])("does not try again when there is no credit: %s", async (message) => {
    expect(await failing({ type: "error", status: 429, message })).toMatchObject({
      code: "AGENT_003",
      retryable: false,
    });
    expect(await failing({ type: "error", status: 400, message })).toMatchObject({
      code: "AGENT_003",
      retryable: false,
    });
  });

  it("calls an answer that breaks off what it is, keeping what was said", async () => {
    provider.server.next({
      type: "answer",
      text: "abcdef",
      pieceLength: 2,
      interruption: { afterPieces: 2, how: "cut" },
    });
    const run = await provider.ask(protocol);
    expect(run.text).toBe("abcd");
    expect(run.error).toMatchObject({ code: "AGENT_004", retryable: true });
    expect(run.error?.message).toMatch(/^The model's answer broke off: the connection was closed/);
  });

  it.each(["end", "truncated-json", "garbage"] as const)("takes no answer whose stream goes wrong: %s", async (how) => {
    provider.server.next({ type: "answer", text: "abcdef", pieceLength: 2, interruption: { afterPieces: 2, how } });
    const run = await provider.ask(protocol);
    expect(run.text).toBe("abcd");
    expect(run.finish).toBeUndefined();
    expect(run.error).toMatchObject({ code: "AGENT_004", retryable: true });
  });

  it.each(["end", "truncated-json", "garbage", "cut"] as const)(
    "takes no answer that ends before it began: %s",
    async (how) => {
      const { code, retryable } = await failing({ type: "answer", text: "abc", interruption: { afterPieces: 0, how } });
      expect({ code, retryable }).toEqual({ code: "AGENT_004", retryable: true });
    },
  );

  it.each([
    ["overloaded_error", "AGENT_001", true],
    ["server_error", "AGENT_001", true],
    ["api_error", "AGENT_001", true],
    ["rate_limit_error", "AGENT_003", true],
    ["authentication_error", "AGENT_006", false],
    ["something_else", "AGENT_004", true],
  ] as const)("maps the error event %s to %s, at the start and in the middle", async (type, code, retryable) => {
    for (const afterPieces of [0, 2]) {
      const error = await failing({
        type: "answer",
        text: "abcdef",
        pieceLength: 2,
        interruption: { afterPieces, how: "error", error: { type, message: "busy with others" } },
      });
      expect(error).toMatchObject({ code, retryable });
      expect(error.message).toContain("busy with others");
    }
  });

  it("takes no empty answer", async () => {
    expect(await failing({ type: "answer", text: "" })).toMatchObject({ code: "AGENT_004", retryable: true });
    expect(await failing({ type: "answer", text: " \n" })).toMatchObject({ code: "AGENT_004", retryable: true });
  });

  it("says when thinking used up the whole answer", async () => {
    const error = await failing({ type: "answer", thinking: "on and on", text: "", finish: "length" });
    expect(error).toMatchObject({ code: "AGENT_004", retryable: false });
    expect(error.message).toContain("before it said anything");
  });

  it("knows a web page from an answer", async () => {
    const page = "<!doctype html><title>Sign in</title>";
    const error = await failing({ type: "raw", headers: { "content-type": "text/html" }, body: page });
    expect(error).toMatchObject({ code: "AGENT_001", retryable: true });
    expect(error.message).toContain("answered with a web page. Check the base URL.");
    const proxy = await failing({ type: "raw", status: 502, headers: { "content-type": "text/html" }, body: page });
    expect(proxy).toMatchObject({ code: "AGENT_001", retryable: true });
    expect(proxy.message).toContain("502: Bad Gateway");
    expect(proxy.message).not.toContain("<");
  });

  it.each([
    ["application/json", "{}"],
    ["application/json", '{"choices": [{"mess'],
    ["text/plain", "hello"],
    ["application/octet-stream", "\0\0\0"],
    ["text/event-stream", ""],
    ["text/event-stream", "data: [1,2\n\n"],
    ["text/event-stream", "data: null\n\n"],
    ["text/event-stream", 'data: {"choices": "none"}\n\n'],
  ])("takes no %s for an answer: %s", async (type, body) => {
    const { code } = await failing({ type: "raw", headers: { "content-type": type }, body });
    expect(code).toBe("AGENT_004");
  });

  it("takes no piece, and no line, that has no end", async () => {
    const piece = await failing({ type: "answer", text: "x".repeat(6_000_000), pieceLength: Number.POSITIVE_INFINITY });
    expect(piece).toMatchObject({ code: "AGENT_004", retryable: false });
    expect(piece.message).toContain("One piece of the answer has more than 4194304 bytes.");
    const body = `data: ${"y".repeat(6_000_000)}`;
    const line = await failing({ type: "raw", headers: { "content-type": "text/event-stream" }, body });
    expect(line.message).toContain("One piece of the answer has more than 4194304 bytes.");
  });

  it("follows no redirect: the key would travel along", async () => {
    let followed = false;
    const elsewhere = createServer((_, response) => {
      followed = true;
      response.end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    const error = await failing({ type: "raw", status: 307, headers: { location: `${origin}/v1/x` }, body: "" });
    elsewhere.close();
    expect(error).toMatchObject({ code: "AGENT_006", retryable: false });
    expect(error.message).toContain(`redirects to ${origin}`);
    expect(followed).toBe(false);
  });

  it("calls a connection that is closed without an answer a failure of the provider", async () => {
    const error = await failing({ type: "hang-up" });
    expect(error).toMatchObject({ code: "AGENT_001", retryable: true });
    expect(error.message).toContain("cannot be reached: the connection was closed before an answer came");
  });

  it("says when nothing listens there, or the name is unknown", async () => {
    const port = await freePort();
    const refused = await provider.ask(protocol, { settings: { baseUrl: `http://127.0.0.1:${port}/v1` } });
    expect(refused.error).toMatchObject({ code: "AGENT_001", retryable: true });
    expect(refused.error?.message).toBe(`http://127.0.0.1:${port} cannot be reached: nothing listens there`);
    const unknown = await provider.ask(protocol, { settings: { baseUrl: "http://nowhere.invalid/v1" } });
    expect(unknown.error).toMatchObject({ code: "AGENT_001", retryable: true });
    expect(unknown.error?.message).toMatch(/host name (is not known|cannot be looked up)/);
  });

  it("says which model is unknown", async () => {
    const error = await failing({ type: "error", status: 404, message: "The model `gpt-x` does not exist" });
    expect(error.message).toContain("The model `gpt-x` does not exist");
    expect(error.action).toContain("model name");
  });

  it("works again after every failure", async () => {
    await failing({ type: "hang-up" });
    await failing({ type: "answer", text: "abc", interruption: { afterPieces: 1, how: "cut" } });
    expect((await provider.ask(protocol)).text).toBe("hello");
  });
});

describe("failures in other words", () => {
  it.each([
    ['{"error": "model requires more system memory"}', "model requires more system memory"],
    ['{"detail": "Not authenticated"}', "Not authenticated"],
    ['{"message": "no such route", "code": 5}', "no such route"],
    ['{"object": "error", "message": "bad things", "type": "BadRequestError"}', "bad things"],
    ["upstream connect error", "Bad Request"],
    ["", "Bad Request"],
  ])("reads %s", async (body, expected) => {
    provider.server.next({ type: "raw", status: 400, headers: { "content-type": "application/json" }, body });
    expect((await provider.ask("openai")).error?.message).toContain(expected);
  });

  it("shortens what a provider says without end", async () => {
    provider.server.next({ type: "error", status: 500, message: "very ".repeat(5_000) });
    const { error } = await provider.ask("openai");
    expect(error?.message.length).toBeLessThan(500);
  });
});
