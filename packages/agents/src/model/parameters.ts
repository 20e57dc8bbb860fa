/** What the person or the caller chose for this session or turn (AGT-5), as the model's settings. */
import type { AgentSettings } from "@switchboard/protocol";

export type ReasoningEffort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh";

export interface ModelParameters {
  readonly model: string;
  readonly temperature?: number;
  readonly reasoning?: ReasoningEffort;
  /** A sentence for the instructions: providers have no common switch for it. */
  readonly verbosity?: string;
}

const EFFORTS: ReadonlyMap<string, ReasoningEffort> = new Map<string, ReasoningEffort>([
  ["off", "none"],
  ["none", "none"],
  ["minimal", "minimal"],
  ["low", "low"],
  ["on", "medium"],
  ["medium", "medium"],
  ["high", "high"],
  ["xhigh", "xhigh"],
]);

const SHORT = "Answer as briefly as you can: a sentence or two, no introduction.";
const LONG = "Answer in detail, with explanations and examples where they help.";

const VERBOSITIES: ReadonlyMap<string, string> = new Map([
  ["short", SHORT],
  ["low", SHORT],
  ["long", LONG],
  ["high", LONG],
]);

/** Values that mean nothing here are ignored: whoever set them was told so then. */
export function modelParameters(
  agent: AgentSettings,
  parameters: Readonly<Record<string, string>>,
): ModelParameters & { readonly model: string } {
  const reasoning = EFFORTS.get(parameters.thinking?.toLowerCase() ?? "");
  const verbosity = VERBOSITIES.get(parameters.verbosity?.toLowerCase() ?? "");
  const temperature = temperatureOf(parameters.temperature) ?? agent.temperature;
  return {
    model: parameters.model?.trim() || (agent.model ?? ""),
    ...(temperature !== undefined && { temperature }),
    ...(reasoning !== undefined && { reasoning }),
    ...(verbosity !== undefined && { verbosity }),
  };
}

function temperatureOf(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  return value >= 0 && value <= 2 ? value : undefined;
}
