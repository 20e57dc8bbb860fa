/** What can be chosen and typed in a chat: agents, models, commands. */
import { PARAMETERS, PUBLIC_COMMANDS, type Routing } from "@switchboard/core";
import type { AgentSettings, CommandEntry, ModelChoice, Result } from "@switchboard/protocol";
import { MAIN_KEY } from "./session-keys.ts";

type PublicCommand = (typeof PUBLIC_COMMANDS)[number];

const MODEL = PARAMETERS.find(({ name }) => name === "model");
const PARAMETER_NAMES = new Set(PARAMETERS.map(({ name }) => name));
const SESSION_COMMANDS = new Set(["new", "stop"]);

export function agentsList({ agents }: Pick<Routing, "agents">): Result<"agents.list"> {
  return {
    defaultId: agents[0].id,
    mainKey: MAIN_KEY,
    scope: "per-sender",
    agents: agents.map(({ id, name, model }) => ({
      id,
      ...(name !== undefined && { name }),
      ...(model !== undefined && { model: { primary: model } }),
    })),
  };
}

/** The agent's own first. */
export function modelChoices(agent: AgentSettings): ModelChoice[] {
  const models = MODEL?.choices(agent) ?? [agent.model ?? agent.runtime];
  return models.map((id) => ({
    id,
    name: id,
    provider: agent.runtime,
    ...(agent.contextTokens > 0 && { contextWindow: agent.contextTokens }),
  }));
}

export function commandEntries(): CommandEntry[] {
  return PUBLIC_COMMANDS.map((command) => ({
    ...commandEntry(command),
    category: categoryOf(command.name),
  }));
}

export function commandEntry({ description, name, usage }: PublicCommand) {
  return {
    name,
    nativeName: name,
    textAliases: [`/${name}`],
    description,
    source: "native",
    scope: "both",
    acceptsArgs: usage !== undefined,
  } satisfies CommandEntry;
}

function categoryOf(name: string): NonNullable<CommandEntry["category"]> {
  if (PARAMETER_NAMES.has(name)) return "options";
  return SESSION_COMMANDS.has(name) ? "session" : "status";
}
