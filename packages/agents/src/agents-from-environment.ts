/** Agents set up by environment variables alone (OPS-1). */
import { completed } from "@switchboard/domain";
import { AgentConfig } from "@switchboard/protocol";

type Environment = Readonly<Record<string, string | undefined>>;

const RUNTIMES = [
  { runtime: "openai", variable: "OPENAI" },
  { runtime: "anthropic", variable: "ANTHROPIC" },
] as const;

/** Variables that name a model without saying whose: nobody asks it. */
export function modelsOfNobody(env: Environment): string[] {
  return RUNTIMES.filter(({ variable }) => {
    const has = (name: string) => Boolean(env[`${variable}_${name}`]?.trim());
    return has("MODEL") && !has("API_KEY") && !has("BASE_URL");
  }).map(({ variable }) => `${variable}_MODEL`);
}

/**
 * One agent for each provider of which the environment has a key or a base URL: `OPENAI_API_KEY`, `OPENAI_BASE_URL`,
 * `OPENAI_MODEL`, and the same with `ANTHROPIC_`. The first is called `main` and meant as the default, the next by its
 * runtime's name. Keys stay references to their variables. Empty when the environment names none. Pure.
 * @throws CFG_001 when a variable's value cannot be right.
 */
export function agentsFromEnvironment(env: Environment): AgentConfig[] {
  const agents: AgentConfig[] = [];
  for (const { runtime, variable } of RUNTIMES) {
    const value = (name: string) => env[`${variable}_${name}`]?.trim() || undefined;
    const key = value("API_KEY");
    const baseUrl = value("BASE_URL");
    const model = value("MODEL");
    if (key === undefined && baseUrl === undefined) continue;
    const agent = {
      id: agents.length === 0 ? "main" : runtime,
      runtime,
      ...(model !== undefined && { model }),
      ...(baseUrl !== undefined && { baseUrl }),
      ...(key !== undefined && { apiKey: { env: `${variable}_API_KEY` } }),
    };
    agents.push(completed(AgentConfig, agent, `${variable}_* variables`));
  }
  return agents;
}
