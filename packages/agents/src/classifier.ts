/** The classifier port (ACC-6), with its library loaded at the first question. */
import type { Classifier } from "@switchboard/core/ports";

export interface ClassifierOptions {
  /** A later answer is none. Default 4000. */
  readonly timeoutMs?: number;
  /** A less confident answer is none. Default 0.7. */
  readonly minConfidence?: number;
}

/** Longer texts are no commands, and asking would cost for nothing. */
const LONGEST_TEXT = 500;

export function createClassifier(options: ClassifierOptions = {}): Classifier {
  const { timeoutMs = 4_000, minConfidence = 0.7 } = options;
  return {
    async classify({ text, commands }, agent, signal) {
      if ((agent.runtime !== "openai" && agent.runtime !== "anthropic") || commands.length === 0) return undefined;
      if (text.trim() === "" || text.length > LONGEST_TEXT) return undefined;
      try {
        const { askForCommand } = await import("./model/ask-for-command.ts");
        const found = await askForCommand({ text, commands }, agent, agent.runtime, { signal, timeoutMs });
        return found && found.confidence >= minConfidence ? found : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
