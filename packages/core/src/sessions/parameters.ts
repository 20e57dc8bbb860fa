/** What a person may set for a session from chat (AGT-5); kept as preferences, handed to the agent. */
import type { AgentSettings } from "@switchboard/protocol";

export interface Parameter {
  /** Also the preference's name and, with a slash, the command's. */
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** What may be chosen; the first is the default. */
  choices(agent: AgentSettings): readonly string[];
  /** The same, when it is so for every agent. */
  readonly always?: readonly string[];
}

function fixed(...choices: string[]): Pick<Parameter, "choices" | "always"> {
  return { choices: () => choices, always: choices };
}

export const PARAMETERS: readonly Parameter[] = [
  {
    name: "model",
    label: "Model",
    description: "Which model answers",
    choices: (agent) => [...new Set([agent.model ?? agent.runtime, ...(agent.models ?? [])])],
  },
  {
    name: "thinking",
    label: "Thinking",
    description: "How long the model thinks first",
    ...fixed("default", "off", "low", "medium", "high"),
  },
  {
    name: "verbosity",
    label: "Verbosity",
    description: "How long answers are",
    ...fixed("default", "short", "long"),
  },
  {
    name: "reasoning",
    label: "Reasoning",
    description: "Whether the model's reasoning is shown",
    ...fixed("hidden", "shown"),
  },
];

/** The value in force. */
export function parameterValue(
  parameter: Parameter,
  agent: AgentSettings,
  preferences: Readonly<Record<string, string>>,
): string {
  const choices = parameter.choices(agent);
  const chosen = preferences[parameter.name];
  return chosen !== undefined && choices.includes(chosen) ? chosen : (choices[0] ?? "default");
}

/** What the agent is told: chosen values that are in force and are no default. */
export function agentParameters(
  agent: AgentSettings,
  preferences: Readonly<Record<string, string>>,
  overrides: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const parameter of PARAMETERS) {
    const value = parameterValue(parameter, agent, preferences);
    if (value !== parameter.choices(agent)[0]) parameters[parameter.name] = value;
  }
  return { ...parameters, ...overrides };
}
