import { createClassifier } from "@switchboard/agents";
import { type ClassifyText, PUBLIC_COMMANDS, type Routing } from "@switchboard/core";
import type { Config } from "@switchboard/protocol";

/** Below this the model's guess is not worth a question. */
const LEAST_CONFIDENCE = 0.7;

/** Maps free text to a chat command where the configuration asks for it (ACC-6). */
export function classifierOf({ classifier: settings }: Config, routing: () => Routing): ClassifyText | undefined {
  if (!settings.enabled) return undefined;
  const classifier = createClassifier({ timeoutMs: settings.timeoutMs, minConfidence: LEAST_CONFIDENCE });
  const commands = PUBLIC_COMMANDS.map(({ name, description, usage }) => ({
    name,
    description,
    ...(usage !== undefined && { parameters: usage }),
  }));
  return async (text, { route }) => {
    const agent = routing().agents.find(({ id }) => id === settings.agent) ?? route.agent;
    const found = await classifier.classify({ text, commands }, agent, new AbortController().signal);
    return found && { name: found.command, args: found.arguments };
  };
}
