/** What every runtime of agents promises (AGT-1), whatever it talks to. */
import type { AgentEvent, AgentRequest, AgentRuntime } from "@switchboard/core/ports";
import { SwitchboardError } from "@switchboard/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** What the other side does with the next turn. */
export type AgentBehaviour =
  | { readonly type: "say"; readonly text: string }
  /** The text in these pieces, one after the other. */
  | { readonly type: "stream"; readonly pieces: readonly string[] }
  /** Says the piece, then nothing more, and stays there. */
  | { readonly type: "stall"; readonly piece: string }
  /** Says the piece, and is gone. */
  | { readonly type: "break-off"; readonly piece: string }
  | { readonly type: "fail"; readonly as: "down" | "busy" | "refused" }
  /** Answers what is no answer. */
  | { readonly type: "nonsense" };

/** A runtime and the other side of it. */
export interface AgentWorld {
  readonly runtime: AgentRuntime;
  /** A turn for it in which somebody says `text`. Its agent gives up after `idleTimeoutMs` of silence. */
  request(text: string, idleTimeoutMs?: number): AgentRequest;
  behave(behaviour: AgentBehaviour): void;
  /** Texts that the other side was told, as far as it was asked. */
  told(): readonly string[];
  close(): Promise<void>;
}

export interface AgentContractOptions {
  open(): Promise<AgentWorld>;
  /** Titles begin with one of `tests`. */
  readonly skip?: readonly { readonly reason: string; readonly tests: readonly string[] }[];
}

interface Outcome {
  readonly events: readonly AgentEvent[];
  readonly text: string;
  readonly error: SwitchboardError | undefined;
}

export function agentContract(name: string, { open, skip = [] }: AgentContractOptions): void {
  describe(`the ${name} runtime keeps the contract of agents`, () => {
    let world: AgentWorld;
    beforeAll(async () => {
      world = await open();
    });
    afterAll(() => world?.close());

    const test = (title: string, run: () => Promise<void>) => {
      const skipped = skip.find(({ tests }) => tests.some((start) => title.startsWith(start)));
      it.skipIf(skipped !== undefined)(skipped ? `${title} (skipped: ${skipped.reason})` : title, run);
    };
    const asked = (text: string, idleTimeoutMs?: number, signal?: AbortSignal) =>
      outcomeOf(world.runtime, world.request(text, idleTimeoutMs), signal);

    test("AGT-1 answers, and ends with finish", async () => {
      world.behave({ type: "say", text: "Good morning." });
      const { error, events, text } = await asked("good morning");
      expect(error).toBeUndefined();
      expect(text).toContain("morning");
      expect(events.filter(({ type }) => type === "finish")).toHaveLength(1);
      expect(events.at(-1)).toMatchObject({ type: "finish", reason: "stop" });
    });

    test("AGT-1 tells the other side what the person wrote, once", async () => {
      world.behave({ type: "say", text: "ok" });
      const before = world.told().length;
      await asked("a rare walrus");
      expect(world.told().slice(before)).toEqual([expect.stringContaining("a rare walrus")]);
    });

    test("AGT-4 passes on every piece in order, the moment it comes", async () => {
      world.behave({ type: "stream", pieces: ["One ", "two ", "three."] });
      const { error, events, text } = await asked("count");
      expect(error).toBeUndefined();
      expect(text).toBe("One two three.");
      expect(events.filter(({ type }) => type === "text").length).toBeGreaterThan(1);
    });

    test("AGT-4 stops at once when it is told to, in the middle of an answer", async () => {
      world.behave({ type: "stall", piece: "The beginning" });
      const stop = new AbortController();
      const run = world.runtime.run(world.request("tell"), stop.signal)[Symbol.asyncIterator]();
      let heard = "";
      while (heard === "") {
        const { value } = await run.next();
        if (value?.type === "text") heard = value.delta;
      }
      const next = run.next();
      stop.abort(new SwitchboardError("AGENT_005"));
      await expect(next).rejects.toMatchObject({ code: "AGENT_005" });
    });

    test("AGT-1 does not begin when it is stopped already", async () => {
      world.behave({ type: "say", text: "late" });
      const { error } = await asked("stopped", undefined, AbortSignal.abort(new SwitchboardError("AGENT_005")));
      expect(error?.code).toBe("AGENT_005");
    });

    test("AGT-1 gives up on an agent that falls silent, to be tried again", async () => {
      world.behave({ type: "stall", piece: "The beginning" });
      const { error } = await asked("hang", 200);
      expect(error).toMatchObject({ code: "AGENT_002", retryable: true });
    });

    test("AGT-1 calls an answer that breaks off a failure, to be tried again", async () => {
      world.behave({ type: "break-off", piece: "The beginning" });
      const { error, events } = await asked("break");
      expect(error?.retryable).toBe(true);
      expect(error?.code).toMatch(/^AGENT_00[14]$/);
      expect(events.some(({ type }) => type === "finish")).toBe(false);
    });

    test("AGT-1 an agent that is down is tried again later", async () => {
      world.behave({ type: "fail", as: "down" });
      expect((await asked("down")).error).toMatchObject({ code: "AGENT_001", retryable: true });
    });

    test("AGT-1 an agent that is busy is asked again when it said", async () => {
      world.behave({ type: "fail", as: "busy" });
      const { error } = await asked("busy");
      expect(error).toMatchObject({ code: "AGENT_003", retryable: true, retryAfterMs: 7_000 });
    });

    test("AGT-1 an agent that refuses for good is not asked again", async () => {
      world.behave({ type: "fail", as: "refused" });
      expect((await asked("refused")).error).toMatchObject({ code: "AGENT_006", retryable: false });
    });

    test("AGT-1 nonsense is no answer", async () => {
      world.behave({ type: "nonsense" });
      const { error, events } = await asked("nonsense");
      expect(error?.code).toBe("AGENT_004");
      expect(events.some(({ type }) => type === "finish")).toBe(false);
    });
  });
}

/** Runs to the end. What is thrown must be of the agreed type. */
async function outcomeOf(
  runtime: AgentRuntime,
  request: AgentRequest,
  signal = new AbortController().signal,
): Promise<Outcome> {
  const events: AgentEvent[] = [];
  let error: SwitchboardError | undefined;
  try {
    for await (const event of runtime.run(request, signal)) events.push(event);
  } catch (thrown) {
    if (!(thrown instanceof SwitchboardError)) throw thrown;
    error = thrown;
  }
  return { events, error, text: events.map((event) => (event.type === "text" ? event.delta : "")).join("") };
}
