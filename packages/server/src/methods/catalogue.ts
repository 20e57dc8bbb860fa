/** `models.list`, `commands.list`, `cron.list` and `cron.status`: what there is to choose from. */
import { PUBLIC_COMMANDS } from "@switchboard/core";
import { SwitchboardError } from "@switchboard/domain";
import type { AgentSettings, Result } from "@switchboard/protocol";
import type { Handlers } from "../ws/index.ts";
import { commandEntry, modelChoices } from "./choices.ts";
import type { MethodDeps } from "./deps.ts";

type Model = Result<"models.list">["models"][number];

export function catalogueMethods({ engine }: MethodDeps): Handlers {
  return {
    "models.list"({ agentId }) {
      const agents = engine.routing.agents.filter(({ id }) => agentId === undefined || id === agentId);
      if (agents.length === 0) throw new SwitchboardError("REQ_002", `There is no agent ${agentId}.`);
      const models = agents.flatMap(modelsOf);
      // Two agents with the same model: the first describes it.
      return { models: [...Map.groupBy(models, ({ id, provider }) => `${provider} ${id}`).values()].flatMap(first) };
    },

    "commands.list": ({ scope = "both", includeArgs = true }) => ({
      commands: PUBLIC_COMMANDS.map((command) => {
        const { nativeName, textAliases, ...entry } = commandEntry(command);
        return {
          ...entry,
          ...(scope !== "text" && { nativeName }),
          ...(scope !== "native" && { textAliases }),
          ...(includeArgs && command.usage !== undefined && { args: argumentsOf(command.usage) }),
        };
      }),
    }),

    "cron.list": ({ limit = 50, offset = 0 }) => ({
      jobs: [],
      snapshotRevision: "0",
      total: 0,
      offset,
      limit,
      hasMore: false,
      nextOffset: null,
    }),
    "cron.status": () => ({ enabled: false, jobs: 0, nextWakeAtMs: null }),
  };
}

function first<T>(list: readonly T[]): T[] {
  return list.slice(0, 1);
}

/** Only these runtimes have a model that the gateway knows. */
function modelsOf(agent: AgentSettings): Model[] {
  if (agent.runtime !== "openai" && agent.runtime !== "anthropic") return [];
  return modelChoices(agent).map((choice) => ({
    ...choice,
    supportsTools: agent.tools,
    input: agent.images === false ? ["text"] : ["text", "image"],
  }));
}

/** From how a command is written: `<x>` must be given, `[x]` may be. */
function argumentsOf(usage: string) {
  return [...usage.matchAll(/([<[])([^>\]]+)[>\]]/g)].map(([, bracket, name = ""]) => ({
    name,
    description: "",
    type: "string" as const,
    required: bracket === "<",
  }));
}
