import type { AgentAttachment } from "@switchboard/core/ports";
import type { SessionId, TurnId } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { anAgent, anInput, aRequest, ask } from "../test-support/ask.ts";
import { createEchoRuntime } from "./echo.ts";

const agent = anAgent();
const echo = createEchoRuntime({ demoDelayMs: 0 });

const say = (text: string, more: Parameters<typeof aRequest>[1] = {}) =>
  ask(echo, aRequest(agent, { inputs: [anInput(text)], ...more }));

function neverRead(): AgentAttachment["read"] {
  return async () => {
    throw new Error("the echo agent has no use for bytes");
  };
}

describe("the echo agent", () => {
  it("AGT-1 repeats what was said and introduces itself in the first answer of a session", async () => {
    const first = await say("good morning");
    expect(first.text).toMatch(/^good morning\n\n---\n\n/);
    for (const word of [
      "echo agent",
      "OPENAI_API_KEY",
      "OPENAI_BASE_URL",
      "OPENAI_MODEL",
      "ANTHROPIC_API_KEY",
      "`agents`",
      "`demo`",
    ]) {
      expect(first.text).toContain(word);
    }
    const second = await say("again", { state: first.finish?.state ?? "" });
    expect(second.text).toBe("again");
    expect(second.finish).toEqual({ type: "finish", reason: "stop", state: first.finish?.state });
  });

  it("AGT-2 introduces itself again when the session started anew", async () => {
    const first = await say("one");
    const later = await say("two", { state: first.finish?.state ?? "", sessionId: "session_2" as SessionId });
    expect(later.text).toContain("echo agent");
  });

  it("never asks for the history: it has to cost nothing", async () => {
    const history = async () => {
      throw new Error("asked");
    };
    expect((await say("hello", { history })).text).toContain("hello");
  });

  it("answers several inputs at once, in order, and says which files came", async () => {
    const photo = {
      kind: "image",
      fileName: 'a"b\n.jpg',
      mimeType: "image/jpeg",
      size: 34_000,
      read: neverRead(),
    } as const;
    const { text } = await say("", {
      inputs: [anInput("first"), anInput("", { attachments: [photo] }), anInput("last")],
      state: '"session_1"',
    });
    expect(text).toBe('first\n\nI got an image "a b .jpg" (image/jpeg, 34 kB).\n\nlast');
  });

  it("answers an empty message too", async () => {
    expect((await say(" \n", { state: '"session_1"' })).text).toBe("(nothing)");
  });

  it("stops when it was told to before it began", async () => {
    const { error, events } = await ask(echo, aRequest(agent), { signal: AbortSignal.abort() });
    expect(error?.code).toBe("AGENT_005");
    expect(events).toEqual([]);
  });

  it("runs many thousand turns in a moment", async () => {
    const request = aRequest(agent, { state: '"session_1"' });
    let answered = 0;
    for (let turn = 0; turn < 10_000; turn++) {
      for await (const event of echo.run(request, new AbortController().signal))
        if (event.type === "finish") answered++;
    }
    expect(answered).toBe(10_000);
  });
});

describe("its demos", () => {
  it("lists them, each of which works", async () => {
    const { text } = await say("demo");
    const words = [...text.matchAll(/`demo (\w+)`/g)].map(([, word]) => word ?? "");
    expect(words).toEqual(["buttons", "choices", "markdown", "long", "stream", "thinking", "fail", "flaky"]);
    for (const word of words) {
      const run = await say(`demo ${word}`, { turn: `turn_${word}` as TurnId });
      if (word === "fail" || word === "flaky") expect(run.error?.code).toBe("AGENT_001");
      else expect(run.finish?.reason).toBe("stop");
      expect(run.text.startsWith("I do not know")).toBe(false);
    }
  });

  it("takes the account's own name in front, and leaves ordinary sentences alone", async () => {
    expect((await say("@some_bot Demo Buttons")).text).toContain("Press one");
    expect((await say("this is a demo of something")).text).toContain("this is a demo of something");
    expect((await say("demo what is that supposed to be")).text).toContain("demo what is that");
    expect((await say("demo nonsense")).text).toContain("I do not know that demo");
  });

  it("MSG-4 offers buttons, a link and a select", async () => {
    const controls = (await say("demo buttons")).events.flatMap((event) =>
      event.type === "controls" ? event.controls.flat() : [],
    );
    expect(controls.map(({ kind }) => kind)).toEqual(["button", "button", "link"]);
    const chosen = (await say("demo choices")).events.flatMap((event) =>
      event.type === "controls" ? event.controls.flat() : [],
    );
    expect(chosen).toMatchObject([{ kind: "select", options: { length: 4 } }]);
  });

  it("MSG-4 makes a long answer with every paragraph numbered", async () => {
    const { text } = await say("demo long");
    expect(text.length).toBeGreaterThan(20_000);
    expect(text.match(/Paragraph \d+ of 100/g)).toHaveLength(100);
  });

  it("MSG-6 makes a picture and keeps it in the media store, if there is one", async () => {
    const kept: { content: Uint8Array; mimeType: string }[] = [];
    const withStore = createEchoRuntime({
      storeBlob: async (_, content, mimeType) => {
        kept.push({ content, mimeType });
        return "blob-1";
      },
    });
    const run = await ask(withStore, aRequest(agent, { inputs: [anInput("demo image")] }));
    expect(run.events).toContainEqual({
      type: "attachment",
      attachment: {
        kind: "image",
        source: { blob: "blob-1" },
        mimeType: "image/png",
        fileName: "gradient.png",
        size: kept[0]?.content.length,
      },
    });
    expect(
      Buffer.from(kept[0]?.content ?? [])
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
    expect((await say("demo image")).text).toContain("I do not know that demo");
  });

  it("AGT-4 streams word by word and stops in the middle", async () => {
    const slow = createEchoRuntime({ demoDelayMs: 5 });
    const whole = await ask(slow, aRequest(agent, { inputs: [anInput("demo stream")] }));
    expect(whole.events.filter(({ type }) => type === "text").length).toBeGreaterThan(20);
    const stop = new AbortController();
    const half = await ask(slow, aRequest(agent, { inputs: [anInput("demo stream")] }), {
      signal: stop.signal,
      onEvent: () => stop.abort(),
    });
    expect(half.error?.code).toBe("AGENT_005");
    expect(half.text.length).toBeLessThan(whole.text.length);
  });

  it("Q-3 fails for good, or only at the first try of a turn", async () => {
    const fail = await say("demo fail");
    expect(fail.error).toMatchObject({ code: "AGENT_001", retryable: true });
    const turn = "turn_flaky_2" as TurnId;
    expect((await say("demo flaky", { turn })).error?.retryable).toBe(true);
    expect((await say("demo flaky", { turn })).text).toContain("this one did not");
  });
});
