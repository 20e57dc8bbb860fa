/** `agents.list` and `agent.identity.get`: who can answer. */
import type { Handlers } from "../ws/index.ts";
import { agentsList } from "./choices.ts";
import type { MethodDeps } from "./deps.ts";
import { agentOf, requireAgent, resolveSessionKey } from "./session-keys.ts";

export function agentListMethods({ engine }: MethodDeps): Handlers {
  return {
    "agents.list": () => agentsList(engine.routing),

    "agent.identity.get"({ agentId, sessionKey }) {
      const { routing } = engine;
      const agent =
        sessionKey !== undefined
          ? agentOf(resolveSessionKey(sessionKey, routing, agentId), routing)
          : agentId === undefined
            ? routing.agents[0]
            : requireAgent(agentId, routing);
      const { id, name } = agent;
      return { agentId: id, name: name ?? id, nameSource: name ? "config" : "default", avatarStatus: "none" };
    },
  };
}
