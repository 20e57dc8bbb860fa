import { describe, expect, it } from "vitest";
import { createAgentRuntimes } from "./runtimes.ts";
import { anAgent, aRequest, ask } from "./test-support/ask.ts";

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error) => ({ code: error.code, message: error.message }),
  );

describe("finding a runtime", () => {
  it("AGT-1 uses the echo agent by default", async () => {
    const agent = anAgent();
    expect(agent.runtime).toBe("echo");
    expect((await ask(await createAgentRuntimes().runtimeFor(agent), aRequest(agent))).text).toContain("echo agent");
  });

  it.each([
    ["no key", { runtime: "openai", model: "m" }, "there is no API key. Set OPENAI_API_KEY, or apiKey"],
    ["no key", { runtime: "anthropic", model: "m", baseUrl: "https://example.org" }, "Set ANTHROPIC_API_KEY"],
    ["an empty key", { runtime: "openai", model: "m", apiKey: "  " }, "there is no API key"],
    ["no model", { runtime: "openai", apiKey: "k" }, "no model is named. Set OPENAI_MODEL, or model"],
    ["no model", { runtime: "anthropic", apiKey: "k" }, "Set ANTHROPIC_MODEL"],
    [
      "limits that cannot be",
      { runtime: "openai", apiKey: "k", model: "m", contextTokens: 1_000, maxOutputTokens: 1_000 },
      "maxOutputTokens has to be smaller",
    ],
  ] as const)("AGT-1 says what is missing: %s", async (_, settings, expected) => {
    const failed = await codeOf(createAgentRuntimes().runtimeFor(anAgent(settings)));
    expect(failed?.code).toBe("AGENT_006");
    expect(failed?.message).toMatch(/^Agent "main": /);
    expect(failed?.message).toContain(expected);
  });

  it("keeps one runtime of each kind, and none of a failure", async () => {
    const runtimes = createAgentRuntimes();
    const incomplete = anAgent({ runtime: "openai" });
    const complete = anAgent({ runtime: "openai", model: "m", apiKey: "k" });
    expect((await codeOf(runtimes.runtimeFor(incomplete)))?.code).toBe("AGENT_006");
    const [one, two] = await Promise.all([runtimes.runtimeFor(complete), runtimes.runtimeFor(complete)]);
    expect(one).toBe(two);
    expect(await runtimes.runtimeFor(anAgent({ runtime: "anthropic", model: "m", apiKey: "k" }))).not.toBe(one);
  });
});
