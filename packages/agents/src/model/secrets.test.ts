import { inspect } from "node:util";
import { toErrorRecord } from "@switchboard/domain";
import { startModelServer } from "@switchboard/testkit/model-server";
import { describe, expect, it, vi } from "vitest";
import { createAgentRuntimes } from "../runtimes.ts";
import { anAgent, aRequest, ask } from "../test-support/ask.ts";
import { KEY, PROTOCOLS, useProvider } from "../test-support/provider.ts";
import { redactor } from "./redact.ts";

const provider = useProvider();
const HEADER = "header-secret-98765";
const FOREIGN = "sk-proj-ofSomebodyElse0123456789";

/** Everything of an error that could reach a log, a store or a screen. */
function allOf(error: unknown): string {
  const whole = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true });
  return `${whole}\n${JSON.stringify(toErrorRecord(error))}\n${String(error)}\n${error instanceof Error ? error.stack : ""}`;
}

describe.each(PROTOCOLS)("%s secrets", (protocol) => {
  it.each([
    ["an error's message", { type: "error", status: 400, message: `bad key ${KEY} and ${HEADER} and ${FOREIGN}` }],
    ["an error's code", { type: "error", status: 400, message: "bad", code: `bad_${KEY}` }],
    ["a header in an error", { type: "error", status: 401, message: `Authorization: Bearer ${KEY}` }],
    ["a wait", { type: "error", status: 429, message: KEY, headers: { "retry-after": KEY } }],
    ["a page", { type: "raw", status: 500, headers: { "content-type": "text/html" }, body: `<p>${KEY} ${HEADER}</p>` }],
    ["a redirect", { type: "raw", status: 302, headers: { location: `https://example.org/${KEY}` }, body: "" }],
    [
      "an error event",
      {
        type: "answer",
        text: "x",
        interruption: { afterPieces: 0, how: "error", error: { type: "odd", message: `${KEY} ${HEADER}` } },
      },
    ],
    [
      "a broken event",
      {
        type: "raw",
        headers: { "content-type": "text/event-stream" },
        body: `data: {"x": "${KEY}", "y": ${HEADER}\n\n`,
      },
    ],
    [
      "a wrong event",
      {
        type: "raw",
        headers: { "content-type": "text/event-stream" },
        body: `data: {"choices": "${KEY} ${HEADER}"}\n\n`,
      },
    ],
    ["a cut stream", { type: "answer", text: "abc", interruption: { afterPieces: 0, how: "cut" } }],
    ["no answer", { type: "hang-up" }],
  ] as const)("CRED-3 shows no key that the provider repeats in %s", async (_, behaviour) => {
    provider.server.next(behaviour);
    const printed: string[] = [];
    const keep = (...parts: unknown[]) => void printed.push(parts.map((part) => inspect(part)).join(" "));
    const spies = (["log", "info", "warn", "error", "debug"] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(keep),
    );
    const { error } = await provider.ask(protocol, { settings: { headers: { "x-extra": HEADER } } });
    for (const spy of spies) spy.mockRestore();
    expect(error).toBeDefined();
    for (const text of [allOf(error), ...printed]) {
      for (const secret of [KEY, HEADER, FOREIGN]) expect(text).not.toContain(secret);
    }
    expect(printed).toEqual([]);
  });

  it("CRED-3 shows no key that a real refusal repeats", async () => {
    const strict = await startModelServer({ apiKey: "the-right-one" });
    const agent = anAgent({ runtime: protocol, model: "m", baseUrl: strict.baseUrl, apiKey: "wrong-key-123456" });
    const { error } = await ask(await createAgentRuntimes().runtimeFor(agent), aRequest(agent));
    await strict.close();
    expect(error).toMatchObject({ code: "AGENT_006", retryable: false });
    expect(error?.message).toContain("Incorrect API key provided: [redacted]");
    expect(allOf(error)).not.toContain("wrong-key-123456");
  });

  it.each([
    ["a line break in the key", { apiKey: `${KEY}\nX-Evil: 1` }],
    ["a character no header takes in the key", { apiKey: `${KEY}…` }],
    ["a line break in a header", { headers: { "x-extra": `${HEADER}\r\nX-Evil: 1` } }],
    ["a name that is none", { headers: { "x extra": HEADER } }],
    ["a password in the base URL", { baseUrl: `http://user:${HEADER}@127.0.0.1:1/v1` }],
    ["a key in the base URL", { baseUrl: `http://127.0.0.1:1/v1?key=${HEADER}` }],
    ["another scheme", { baseUrl: `file:///${HEADER}` }],
  ])("CRED-3 refuses %s without showing it", async (_, settings) => {
    const agent = { ...provider.agent(protocol), ...settings };
    const error: unknown = await createAgentRuntimes()
      .runtimeFor(agent)
      .then(
        () => undefined,
        (thrown) => thrown,
      );
    expect(error).toMatchObject({ code: "AGENT_006" });
    for (const secret of [KEY, HEADER]) expect(allOf(error)).not.toContain(secret);
  });
});

describe("redaction", () => {
  it("CRED-3 hides a secret in each form it may take, longer ones first", () => {
    const redact = redactor(["abc+/def==", "abc+/def==-long", "Bearer tokenvalue", "short"]);
    expect(redact("a abc+/def==-long b abc+/def== c abc%2B%2Fdef%3D%3D d tokenvalue e short")).toBe(
      "a [redacted] b [redacted] c [redacted] d [redacted] e short",
    );
  });

  it("leaves ordinary text alone", () => {
    const text = "The bearer of this task-list must ask-the-question-again; a disk-full error is not a key.";
    expect(redactor(["x"])(text)).toBe(text);
  });
});
