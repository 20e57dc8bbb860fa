import { Type } from "@switchboard/domain/schema";
import { describe, expect, it } from "vitest";
import { PROTOCOLS, useProvider } from "../test-support/provider.ts";

const provider = useProvider();

const tool = {
  name: "weather",
  description: "The weather.",
  parameters: Type.Object({}),
  run: async () => ({ degrees: 1 }),
};

const refusal = (message: string, status = 400) => ({ type: "error", status, message }) as const;

describe.each(PROTOCOLS)("%s: what a model cannot take", (protocol) => {
  it("goes on without tools when the model knows none, and remembers that", async () => {
    provider.server.otherwise((request) =>
      request.tools.length > 0 ? refusal("test-model does not support tools") : { type: "echo" },
    );
    for (const expected of [2, 3]) {
      expect((await provider.ask(protocol, { tools: [tool] })).text).toBe("hello");
      expect(provider.server.count).toBe(expected);
    }
    await provider.ask(protocol, { tools: [tool], parameters: { model: "other-model" } });
    expect(provider.server.count).toBe(5);
  });

  it("goes on without a temperature", async () => {
    provider.server.otherwise(({ body }) =>
      body.temperature === undefined
        ? { type: "echo" }
        : refusal(
            "Unsupported value: 'temperature' does not support 0.3 with this model. Only the default (1) value is supported.",
          ),
    );
    expect((await provider.ask(protocol, { settings: { temperature: 0.3 } })).text).toBe("hello");
  });

  it("remembers nothing when the next try fails too", async () => {
    provider.server.next(refusal("does not support tools"), refusal("does not support anything"));
    expect((await provider.ask(protocol, { tools: [tool] })).error?.code).toBe("AGENT_006");
    await provider.ask(protocol, { tools: [tool] });
    expect(provider.last().tools).toEqual(["weather"]);
  });

  it("takes an outage for an outage", async () => {
    provider.server.otherwise(refusal("internal error; tools are not available", 500));
    expect((await provider.ask(protocol, { tools: [tool] })).error).toMatchObject({
      code: "AGENT_001",
      retryable: true,
    });
    expect(provider.server.count).toBe(1);
  });

  it("does not ask again when the refusal is about something else", async () => {
    provider.server.otherwise(refusal("the parameter 'messages' is not supported in this form"));
    expect((await provider.ask(protocol, { tools: [tool] })).error?.code).toBe("AGENT_006");
    expect(provider.server.count).toBe(1);
  });
});

it("uses the new name of the answer's limit where the old one is refused", async () => {
  provider.server.otherwise(({ body }) =>
    body.max_tokens === undefined
      ? { type: "echo" }
      : refusal(
          "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        ),
  );
  expect((await provider.ask("openai", { settings: { maxOutputTokens: 99 } })).text).toBe("hello");
  expect(provider.last().body.max_completion_tokens).toBe(99);
});

it("leaves thinking to a model that has no setting for it, one concession after the other", async () => {
  provider.server.otherwise(({ body, tools }) => {
    if (body.reasoning_effort !== undefined) return refusal("Unrecognized request argument supplied: reasoning_effort");
    return tools.length > 0 ? refusal("No endpoints found that support tool use", 404) : { type: "echo" };
  });
  const run = await provider.ask("openai", { tools: [tool], parameters: { thinking: "high" } });
  expect(run.text).toBe("hello");
  expect(provider.server.count).toBe(3);
});
