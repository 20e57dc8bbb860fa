/** The chat commands the palette offers. A test holds them against the engine's own list. */

export interface ChatCommand {
  readonly name: string;
  readonly description: string;
  /** How arguments are written; a command without any is sent as it is. */
  readonly usage?: string;
}

export const CHAT_COMMANDS: readonly ChatCommand[] = [
  { name: "new", description: "Start a new conversation; the agent forgets this one" },
  { name: "stop", description: "Stop the answer that is being written" },
  { name: "menu", description: "Change settings by buttons", usage: "[setting]" },
  { name: "model", description: "Which model answers", usage: "[value]" },
  { name: "thinking", description: "How long the model thinks first", usage: "[value]" },
  { name: "verbosity", description: "How long answers are", usage: "[value]" },
  { name: "reasoning", description: "Whether the model's reasoning is shown", usage: "[value]" },
  { name: "status", description: "Show what is going on" },
  { name: "help", description: "List the commands" },
  { name: "start", description: "Say hello" },
  { name: "whoami", description: "Show your ids, for the operator's settings" },
];

/** The commands that what is typed may become; none once it has an argument. */
export function matchingCommands(text: string): readonly ChatCommand[] {
  const typed = /^\/([a-z]*)$/i.exec(text)?.[1]?.toLowerCase();
  return typed === undefined ? [] : CHAT_COMMANDS.filter(({ name }) => name.startsWith(typed));
}
