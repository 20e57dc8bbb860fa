/** An agent that says what the test says, and whose runs can be looked at while they last. */
import type { AgentRequest, AgentRuntimes } from "@switchboard/core";

/** What the agent says; it may use the request's tools. The signal aborts when the turn is told to stop. */
export type Reply = (said: string, request: AgentRequest, signal: AbortSignal) => Promise<string> | string;

export interface ScriptedAgent extends AgentRuntimes {
  /** What each run was asked, in order of their beginnings. */
  readonly asked: readonly string[];
  /** The most runs that lasted at the same time. */
  readonly peak: number;
}

/** Default: repeats what it is told. */
export function scriptedAgent(reply: Reply = (said) => said): ScriptedAgent {
  const asked: string[] = [];
  let running = 0;
  let peak = 0;
  return {
    asked,
    get peak() {
      return peak;
    },
    runtimeFor: async () => ({
      async *run(request, signal) {
        const said = request.inputs.map(({ text }) => text).join("\n");
        asked.push(said);
        running += 1;
        peak = Math.max(peak, running);
        try {
          yield { type: "text", delta: await reply(said, request, signal) };
        } finally {
          running -= 1;
        }
        yield { type: "finish", reason: "stop" };
      },
    }),
  };
}

/** Waits until it is told to go on, or told to stop. */
export function gate(): { readonly open: () => void; readonly passed: (signal: AbortSignal) => Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    open: resolve,
    passed: (signal) =>
      Promise.race([
        promise,
        new Promise<never>((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        }),
      ]),
  };
}
