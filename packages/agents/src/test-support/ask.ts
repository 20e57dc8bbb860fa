/** What the tests of the runtimes share: settings, requests, and reading a run to its end. */
import type { AgentEvent, AgentInput, AgentRequest, AgentRuntime, TranscriptEntry } from "@switchboard/core/ports";
import {
  completed,
  type SessionId,
  type SessionKey,
  SwitchboardError,
  type TenantId,
  type TurnId,
} from "@switchboard/domain";
import { AgentConfig, type AgentSettings } from "@switchboard/protocol";

/** Settings with every default filled in. */
export function anAgent(settings: Partial<AgentSettings> = {}): AgentSettings {
  const { apiKey, signingSecret, ...config } = settings;
  const { apiKey: _, signingSecret: __, ...filled } = completed(AgentConfig, { id: "main", ...config }, "agent");
  return { ...filled, ...(apiKey !== undefined && { apiKey }), ...(signingSecret !== undefined && { signingSecret }) };
}

export function anInput(text: string, more: Partial<AgentInput> = {}): AgentInput {
  return { text, at: 1_700_000_000_000, attachments: [], ...more };
}

export const DIRECT = "agent:main:test:default:direct:42" as SessionKey;
export const GROUP = "agent:main:test:default:group:-7" as SessionKey;

export interface Asking extends Partial<Omit<AgentRequest, "agent">> {
  readonly past?: readonly TranscriptEntry[];
}

export function aRequest(agent: AgentSettings, { past = [], ...more }: Asking = {}): AgentRequest {
  return {
    tenant: "default" as TenantId,
    turn: "turn_1" as TurnId,
    session: DIRECT,
    sessionId: "session_1" as SessionId,
    agent,
    parameters: {},
    inputs: [anInput("hello")],
    tools: [],
    history: async (limit) => past.slice(-limit),
    ...more,
  };
}

let seq = 0;

/** An entry of the past, e.g. `anEntry("user", "hi")`. */
export function anEntry(
  role: TranscriptEntry["role"],
  text: string,
  more: Partial<TranscriptEntry> = {},
): TranscriptEntry {
  return { role, text, at: 1_699_999_000_000, seq: ++seq, sessionId: "session_1" as SessionId, ...more };
}

export interface Run {
  readonly events: readonly AgentEvent[];
  readonly text: string;
  readonly thinking: string;
  readonly finish: Extract<AgentEvent, { type: "finish" }> | undefined;
  readonly error: SwitchboardError | undefined;
}

/** Runs to the end. An error of the agreed type is part of the result; any other is thrown. */
export async function ask(
  runtime: AgentRuntime,
  request: AgentRequest,
  options: { readonly signal?: AbortSignal; onEvent?(event: AgentEvent): void } = {},
): Promise<Run> {
  const events: AgentEvent[] = [];
  let error: SwitchboardError | undefined;
  try {
    for await (const event of runtime.run(request, options.signal ?? new AbortController().signal)) {
      events.push(event);
      options.onEvent?.(event);
    }
  } catch (thrown) {
    if (!(thrown instanceof SwitchboardError)) throw thrown;
    error = thrown;
  }
  const joined = (type: "text" | "thinking") =>
    events.reduce((sum, event) => (event.type === type ? sum + event.delta : sum), "");
  const last = events.at(-1);
  return {
    events,
    text: joined("text"),
    thinking: joined("thinking"),
    finish: last?.type === "finish" ? last : undefined,
    error,
  };
}
