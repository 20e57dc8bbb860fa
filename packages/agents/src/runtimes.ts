/** Finds the runtime an agent asks for. Libraries are loaded when a runtime is first needed, never before. */
import type { AgentRuntime, AgentRuntimes } from "@switchboard/core/ports";
import { createEchoRuntime, type EchoOptions } from "./echo/echo.ts";
import { endpointOf } from "./model/endpoint.ts";
import type { ModelRuntimeOptions } from "./model/model-runtime.ts";

export interface AgentRuntimesOptions extends ModelRuntimeOptions, EchoOptions {}

export function createAgentRuntimes(options: AgentRuntimesOptions = {}): AgentRuntimes {
  const echo = createEchoRuntime(options);
  const loaded = new Map<"openai" | "anthropic", Promise<AgentRuntime>>();
  return {
    async runtimeFor(agent) {
      if (agent.runtime === "echo") return echo;
      endpointOf(agent, agent.runtime);
      let runtime = loaded.get(agent.runtime);
      if (runtime === undefined) {
        runtime = load(agent.runtime, options);
        loaded.set(agent.runtime, runtime);
      }
      return runtime;
    },
  };
}

async function load(protocol: "openai" | "anthropic", options: ModelRuntimeOptions): Promise<AgentRuntime> {
  const { createModelRuntime } = await import("./model/model-runtime.ts");
  return createModelRuntime(protocol, options);
}
