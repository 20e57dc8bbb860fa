/** Runs the agent once and passes on what it says while it says it. */
import { SwitchboardError } from "@switchboard/domain";
import type { EngineEvents, RunRef } from "../events.ts";
import type { AgentEvent, AgentRequest, AgentRuntime, Turn } from "../ports/index.ts";
import type { Answer } from "./answer.ts";

/** Resolves when the answer is complete and not empty, or comes later; throws AGENT_* otherwise, and the signal's reason when it aborts. */
export async function listen(
  runtime: AgentRuntime,
  request: AgentRequest,
  answer: Answer,
  hear: { readonly onText: (text: string) => void; readonly events: EngineEvents; readonly run: RunRef },
  signal: AbortSignal,
): Promise<void> {
  for await (const event of runtime.run(request, signal)) {
    answer.add(event);
    if (event.type === "text") hear.onText(answer.text);
    if (hear.events.heard) announce(event, answer, hear.events, hear.run);
  }
  signal.throwIfAborted();
  if (answer.later !== undefined) return;
  if (!answer.finished) throw new SwitchboardError("AGENT_004", "The agent ended without finishing its answer.");
  if (answer.isEmpty && !answer.mayBeEmpty) throw new SwitchboardError("AGENT_004", "The agent gave an empty answer.");
}

function announce(event: AgentEvent, answer: Answer, events: EngineEvents, run: RunRef): void {
  if (event.type === "text") {
    events.emit({ type: "run.text", delta: event.delta, text: answer.text, ...run });
  } else if (event.type === "thinking") {
    events.emit({ type: "run.thinking", delta: event.delta, text: answer.thinking, ...run });
  } else if (event.type === "tool-call") {
    const { id, name, input } = event;
    events.emit({ type: "run.tool", phase: "start", id, name, value: input, ...run });
  } else if (event.type === "tool-result") {
    const { id, name, output, failed } = event;
    events.emit({ type: "run.tool", phase: "result", id, name, value: output, failed, ...run });
  }
}

/** What every event about this turn carries. */
export function runRef({ tenant, id, run, session, agent }: Turn): RunRef {
  return { tenant, turn: id, run, session, agent };
}
