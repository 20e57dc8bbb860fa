/** Runs a model behind an API, whichever protocol it speaks (AGT-1). */
import type { AgentEvent, AgentRequest, AgentRuntime } from "@switchboard/core/ports";
import { SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import { isStepCount, streamText, type ToolSet } from "ai";
import { agentError } from "./agent-error.ts";
import { attributedFetch, attributionOf } from "./attribution.ts";
import { type Concession, Concessions, concessionFor } from "./concessions.ts";
import { type Endpoint, endpointOf, type ModelProtocol } from "./endpoint.ts";
import { failureOf } from "./failure.ts";
import { type ModelParameters, modelParameters } from "./parameters.ts";
import { buildPrompt, type Prompt } from "./prompt.ts";
import { modelOf } from "./providers.ts";
import { type Redact, redactor } from "./redact.ts";
import { StreamReader } from "./stream-reader.ts";
import { toolSet } from "./tools.ts";
import { modelFetch } from "./transport.ts";
import { Watch } from "./watch.ts";

export interface ModelRuntimeOptions {
  /** Most transcript entries to look at. Default 200. */
  readonly historyEntries?: number;
  /** A bigger picture is described to the model instead of shown. Default 3.5 MB. */
  readonly imageBytes?: number;
  /** Of a longer text file the model sees only the beginning. Default 64 KiB. */
  readonly textBytes?: number;
  /** Where an endless answer is ended as too long, in characters. Default 1,000,000. */
  readonly answerCharacters?: number;
}

const DEFAULT_TOOL_ROUNDS = 8;
/** A stream spends some 200 bytes on four characters. */
const MOST_ANSWER_BYTES = 64 * 1024 * 1024;
const MOST_LINE_BYTES = 4 * 1024 * 1024;
/** More than there are concessions: every one is made at most once. */
const MOST_TRIES = 8;

/** One try of a run: what it goes without, and what it asked for. */
interface Try {
  readonly without: ReadonlySet<Concession>;
  readonly used: ReadonlySet<Concession>;
  readonly events: AsyncGenerator<AgentEvent>;
}

export function createModelRuntime(protocol: ModelProtocol, options: ModelRuntimeOptions = {}): AgentRuntime {
  const concessions = new Concessions();
  return { run: (request, signal) => run(request, signal, protocol, options, concessions) };
}

async function* run(
  request: AgentRequest,
  signal: AbortSignal,
  protocol: ModelProtocol,
  options: ModelRuntimeOptions,
  concessions: Concessions,
): AsyncGenerator<AgentEvent> {
  const { agent } = request;
  const endpoint = endpointOf(agent, protocol);
  const redact = redactor(endpoint.secrets);
  const parameters = modelParameters(agent, request.parameters);
  const key = `${endpoint.baseUrl} ${parameters.model}`;
  const watch = new Watch(signal, { totalMs: agent.timeoutMs, idleMs: agent.idleTimeoutMs });
  let without = concessions.of(key);
  try {
    for (let number = 1; ; number++) {
      const attempt = await start(request, endpoint, parameters, without, watch, options);
      let heard = false;
      try {
        for await (const event of attempt.events) {
          if (!heard && number > 1) concessions.remember(key, without);
          heard = true;
          yield event;
        }
        return;
      } catch (thrown) {
        if (thrown instanceof SwitchboardError) throw thrown;
        const { status, message } = failureOf(thrown);
        const concession =
          heard || number >= MOST_TRIES ? undefined : concessionFor({ status, text: message }, attempt.used);
        if (concession === undefined) throw thrown;
        without = new Set([...without, concession]);
      }
    }
  } catch (thrown) {
    throw errorOf(thrown, watch, endpoint, redact);
  } finally {
    watch.close();
  }
}

async function start(
  request: AgentRequest,
  endpoint: Endpoint,
  parameters: ModelParameters,
  without: ReadonlySet<Concession>,
  watch: Watch,
  options: ModelRuntimeOptions,
): Promise<Try> {
  const { agent } = request;
  const offered = agent.tools && !without.has("tools") ? request.tools : [];
  const prompt = await watch.orEnd(
    watch
      .during(() =>
        buildPrompt(
          request,
          {
            images: agent.images ?? !without.has("images"),
            tools: offered,
            verbosity: parameters.verbosity,
            historyEntries: options.historyEntries ?? 200,
            imageBytes: options.imageBytes ?? 3_500_000,
            textBytes: options.textBytes ?? 65_536,
          },
          watch.signal,
        ),
      )
      .catch((thrown: unknown) => Promise.reject(toSwitchboardError(thrown))),
  );
  const call = modelFetch({
    origin: endpoint.origin,
    protocol: endpoint.protocol,
    alive: watch.alive,
    maxBytes: MOST_ANSWER_BYTES,
    maxLineBytes: MOST_LINE_BYTES,
  });
  const attribution = attributionOf(request);
  const model = await modelOf(endpoint, {
    model: parameters.model,
    without,
    fetch: attribution ? attributedFetch(attribution, call) : call,
  });
  watch.alive();
  const result = streamText({
    model,
    instructions: prompt.instructions,
    messages: prompt.messages,
    abortSignal: watch.signal,
    // Turns are tried again by the engine, with their own pauses; twice over would multiply.
    maxRetries: 0,
    telemetry: { isEnabled: false },
    // The default writes whatever went wrong to standard error.
    onError: () => {},
    ...settings(request, parameters, without),
    ...toolSettings(toolSet(offered, watch), agent.maxToolRounds ?? DEFAULT_TOOL_ROUNDS),
  });
  const reader = new StreamReader(watch, {
    provider: endpoint.protocol,
    model: parameters.model,
    mostCharacters: options.answerCharacters ?? 1_000_000,
  });
  return { without, used: usedBy(request, parameters, prompt, offered.length), events: reader.events(result.stream) };
}

function settings({ agent }: AgentRequest, parameters: ModelParameters, without: ReadonlySet<Concession>) {
  return {
    ...(agent.maxOutputTokens !== undefined && { maxOutputTokens: agent.maxOutputTokens }),
    ...(parameters.temperature !== undefined && !without.has("temperature") && { temperature: parameters.temperature }),
    ...(parameters.reasoning !== undefined && !without.has("reasoning") && { reasoning: parameters.reasoning }),
  };
}

/** After the last round the model may see its tools but has to answer without them. */
function toolSettings(tools: ToolSet, rounds: number) {
  if (Object.keys(tools).length === 0) return {};
  return {
    tools,
    stopWhen: isStepCount(rounds + 1),
    prepareStep: ({ stepNumber }: { stepNumber: number }) =>
      stepNumber >= rounds ? { toolChoice: "none" as const } : {},
  };
}

function usedBy({ agent }: AgentRequest, parameters: ModelParameters, prompt: Prompt, tools: number): Set<Concession> {
  const used = new Set<Concession>();
  if (prompt.images > 0 && agent.images === undefined) used.add("images");
  if (tools > 0) used.add("tools");
  if (parameters.reasoning !== undefined) used.add("reasoning");
  if (parameters.temperature !== undefined) used.add("temperature");
  if (agent.maxOutputTokens !== undefined) used.add("max-tokens");
  return used;
}

function errorOf(thrown: unknown, watch: Watch, endpoint: Endpoint, redact: Redact): SwitchboardError {
  if (watch.signal.aborted && watch.signal.reason instanceof SwitchboardError) return watch.signal.reason;
  const own = ownError(thrown);
  return own ?? agentError(failureOf(thrown), endpoint, redact, Date.now());
}

/** Our own error, also when the library wrapped it. */
function ownError(thrown: unknown): SwitchboardError | undefined {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 8; error = error.cause, depth++) {
    if (error instanceof SwitchboardError) return error;
  }
  return undefined;
}
