/** Maps free text to a chat command (ACC-6). Off by default; what it finds is asked back before anything changes. */
import type { AgentSettings } from "@switchboard/protocol";

export interface ClassifierCommand {
  /** Without the slash. */
  readonly name: string;
  readonly description: string;
  /** How the arguments are written, e.g. `<model>`. */
  readonly parameters?: string;
}

export interface ClassifierRequest {
  /** What the person wrote. */
  readonly text: string;
  readonly commands: readonly ClassifierCommand[];
}

export interface Classification {
  /** One of the commands' names. */
  readonly command: string;
  readonly arguments: readonly string[];
  /** 0…1, as the model sees it. */
  readonly confidence: number;
}

export interface Classifier {
  /**
   * Asks the agent's model. `undefined` when the text is no command, the answer is unclear, malformed or late, or the
   * model cannot be reached: then the text goes to the agent as it is. Never rejects.
   */
  classify(request: ClassifierRequest, agent: AgentSettings, signal: AbortSignal): Promise<Classification | undefined>;
}
