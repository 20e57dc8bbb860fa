import { getEventListeners } from "node:events";
import type { AgentEvent } from "@switchboard/core/ports";
import { describe, expect, it } from "vitest";
import { anInput } from "../test-support/ask.ts";
import { PROTOCOLS, useProvider } from "../test-support/provider.ts";

const provider = useProvider();

describe.each(PROTOCOLS)("%s limits", (protocol) => {
  it.each([
    ["does not answer at all", { type: "silence" }],
    [
      "stops in the middle",
      { type: "answer", text: "abcdef", pieceLength: 2, interruption: { afterPieces: 1, how: "stall" } },
    ],
  ] as const)("gives up on a model that %s, and hangs up", async (_, behaviour) => {
    provider.server.next(behaviour);
    const run = await provider.ask(protocol, { settings: { idleTimeoutMs: 600 } });
    expect(run.error).toMatchObject({
      code: "AGENT_002",
      retryable: true,
      message: "The model was silent for 600 ms.",
    });
    expect((await provider.server.settled(1)).outcome).toBe("abandoned");
  });

  it("is patient with a slow model that goes on speaking", async () => {
    provider.server.next({ type: "answer", text: "x".repeat(40), pieceLength: 1, delayMs: 15 });
    const run = await provider.ask(protocol, { settings: { idleTimeoutMs: 400 } });
    expect(run.text).toBe("x".repeat(40));
  });

  it("takes the provider's keep-alive as a sign of life, up to the limit of the whole", async () => {
    provider.server.next({
      type: "answer",
      text: "abcdef",
      pieceLength: 2,
      interruption: { afterPieces: 1, how: "keep-alive" },
    });
    const run = await provider.ask(protocol, { settings: { idleTimeoutMs: 300, timeoutMs: 800 } });
    expect(run.error).toMatchObject({ code: "AGENT_002", message: "The model did not finish within 800 ms." });
    expect(run.text).toBe("ab");
    expect((await provider.server.settled(1)).outcome).toBe("abandoned");
  });

  it("has no limits where they are zero", async () => {
    provider.server.next({ type: "answer", text: "abc", firstDelayMs: 80 });
    expect((await provider.ask(protocol, { settings: { idleTimeoutMs: 0, timeoutMs: 0 } })).text).toBe("abc");
  });

  it("stops when it is told to, before, while waiting and in the middle, and hangs up", async () => {
    const before = await provider.ask(protocol, { signal: AbortSignal.abort() });
    expect(before.error?.code).toBe("AGENT_005");
    expect(provider.server.count).toBe(0);
    const waiting = new AbortController();
    provider.server.next(() => {
      setTimeout(() => waiting.abort(), 10);
      return { type: "silence" };
    });
    expect((await provider.ask(protocol, { signal: waiting.signal })).error?.code).toBe("AGENT_005");
    expect((await provider.server.settled(1)).outcome).toBe("abandoned");
    provider.server.next({ type: "answer", text: "x".repeat(4_000), delayMs: 2 });
    const middle = new AbortController();
    setTimeout(() => middle.abort(), 60);
    const run = await provider.ask(protocol, { signal: middle.signal });
    expect(run.error?.code).toBe("AGENT_005");
    expect(run.finish).toBeUndefined();
    expect((await provider.server.settled(2)).outcome).toBe("abandoned");
  });

  it("hangs up when nobody listens any more", async () => {
    provider.server.next({
      type: "answer",
      text: "abcdef",
      pieceLength: 2,
      interruption: { afterPieces: 2, how: "stall" },
    });
    const runtime = await provider.runtime(protocol);
    for await (const event of runtime.run(provider.request(protocol), new AbortController().signal)) {
      if (event.type === "text") break;
    }
    expect((await provider.server.settled(1)).outcome).toBe("abandoned");
  });

  it("leaves no listener on the signal it was given", async () => {
    const { signal } = new AbortController();
    for (let round = 0; round < 3; round++) await provider.ask(protocol, { signal });
    provider.server.next({ type: "error", status: 500 });
    await provider.ask(protocol, { signal });
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("has no timer left when it is over", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    await provider.ask(protocol, { settings: { timeoutMs: 600_000, idleTimeoutMs: 500_000 } });
    expect(timers()).toBeLessThanOrEqual(before + 1);
  });

  it("AGENT_007: says how long a message may be when one input is too long", async () => {
    const run = await provider.ask(protocol, {
      inputs: [anInput("word ".repeat(20_000))],
      settings: { contextTokens: 8_000 },
    });
    expect(run.error).toMatchObject({ code: "AGENT_007", retryable: false });
    expect(run.error?.message).toMatch(
      /^The message is about [\d,]+ tokens long; the model's window has room for [\d,]+\. Send a shorter one\.$/,
    );
    expect(provider.server.count).toBe(0);
  });

  it("takes 1 MB of emoji for what it is: too long", async () => {
    const run = await provider.ask(protocol, { inputs: [anInput("😀".repeat(262_144))] });
    expect(run.error?.code).toBe("AGENT_007");
  });

  it("lets the consumer set the pace", async () => {
    provider.server.next({ type: "answer", text: "x".repeat(50_000), pieceLength: 50 });
    const runtime = await provider.runtime(protocol);
    const events: AgentEvent[] = [];
    for await (const event of runtime.run(provider.request(protocol), new AbortController().signal)) {
      events.push(event);
      if (events.length % 200 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(events.filter(({ type }) => type === "text")).toHaveLength(1_000);
  });
});
