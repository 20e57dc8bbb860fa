/** The built-in agent for trying the gateway out: says again what it was told, and shows what channels can do. */
import type { AgentAttachment, AgentInput, AgentRequest, AgentRuntime } from "@switchboard/core/ports";
import { SwitchboardError } from "@switchboard/domain";
import { describeFile } from "../describe-file.ts";
import { type DemoPorts, demoWord, runDemo } from "./demos.ts";

export type EchoOptions = DemoPorts;

const INTRODUCTION = [
  "I am the echo agent: I repeat what you say. To talk with a model instead, start the gateway with `OPENAI_API_KEY`",
  "(or `OPENAI_BASE_URL` for any compatible server) and `OPENAI_MODEL`, or with `ANTHROPIC_API_KEY` and",
  "`ANTHROPIC_MODEL`, or set `agents` in the configuration file. Write `demo` to see what I can show you here.",
].join(" ");

/** It costs next to nothing: no history, no timers, and state only to know whether it has introduced itself. */
export function createEchoRuntime(options: EchoOptions = {}): AgentRuntime {
  return {
    async *run(request, signal) {
      if (signal.aborted) throw new SwitchboardError("AGENT_005");
      // Another session id means another conversation, which deserves another introduction.
      const state = JSON.stringify(request.sessionId);
      const newest = request.inputs.at(-1);
      const word = newest && demoWord(newest.text);
      if (word !== undefined) {
        yield* runDemo(word, request, options, signal);
        yield { type: "finish", reason: "stop", ...(request.state !== undefined && { state: request.state }) };
        return;
      }
      yield { type: "text", delta: said(request) };
      if (request.state !== state) yield { type: "text", delta: `\n\n---\n\n${INTRODUCTION}` };
      yield { type: "finish", reason: "stop", state };
    },
  };
}

function said({ inputs }: AgentRequest): string {
  const [only] = inputs;
  if (only && inputs.length === 1 && only.attachments.length === 0)
    return only.text.trim() === "" ? "(nothing)" : only.text;
  const parts = inputs.flatMap((input) => partsOf(input));
  return parts.length === 0 ? "(nothing)" : parts.join("\n\n");
}

function partsOf({ text, attachments }: AgentInput): string[] {
  const files = attachments.map((attachment: AgentAttachment) => `I got ${describeFile(attachment)}.`);
  return text.trim() === "" ? files : [text, ...files];
}
