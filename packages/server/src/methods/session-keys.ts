/** Session keys as callers may write them. */
import { agentOfSession, channelOfSession, type Routing, sessionKey } from "@switchboard/core";
import { type ConversationId, DEFAULT_ACCOUNT, type SessionKey, SwitchboardError } from "@switchboard/domain";
import type { AgentSettings } from "@switchboard/protocol";
import { WEBCHAT } from "../webchat/channel.ts";

/** The short name of an agent's own session, where nobody named another one. */
export const MAIN_KEY = "main";

/** The session that WebChat opens with. */
export function mainSessionKey(agent: string): SessionKey {
  const conversation = { id: MAIN_KEY as ConversationId, kind: "direct" as const };
  return sessionKey({ agent, channel: WEBCHAT, account: DEFAULT_ACCOUNT, conversation });
}

/**
 * `main` and `agent:<id>:main` are the main session; everything else is taken as it is. `agentId`: whose, where the key
 * does not say; a key that says something else is refused.
 * @throws REQ_001, REQ_002.
 */
export function resolveSessionKey(key: string, { agents }: Routing, agentId?: string): SessionKey {
  if (agentId !== undefined) requireAgent(agentId, { agents });
  if (key === MAIN_KEY) return mainSessionKey(agentId ?? agents[0].id);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it refuses
  if (/[\u0000-\u001f\u007f]/.test(key))
    throw new SwitchboardError("REQ_001", "A session key has no control characters.");
  const agent = agentOfSession(key);
  if (agent === undefined) {
    throw new SwitchboardError(
      "REQ_001",
      `"${key}" is no session key. Write it like agent:main:main, or list them first.`,
    );
  }
  requireAgent(agent, { agents });
  if (agentId !== undefined && agentId !== agent) {
    throw new SwitchboardError("REQ_001", `The session ${key} is not one of agent ${agentId}.`);
  }
  return key === `agent:${agent}:${MAIN_KEY}` ? mainSessionKey(agent) : (key as SessionKey);
}

/** @throws REQ_002, on the wire UNKNOWN_AGENT_ID. */
export function requireAgent(agent: string, { agents }: Pick<Routing, "agents">): AgentSettings {
  const found = agents.find(({ id }) => id === agent);
  if (found) return found;
  throw new SwitchboardError("REQ_002", `There is no agent ${agent}.`, { details: { code: "UNKNOWN_AGENT_ID" } });
}

/** The agent of a session; the default one where that agent is gone. */
export function agentOf(key: SessionKey, { agents }: Pick<Routing, "agents">): AgentSettings {
  const wanted = agentOfSession(key);
  return agents.find(({ id }) => id === wanted) ?? agents[0];
}

/** Whether this is the session that an agent's WebChat opens with. */
export function isMainSession(key: SessionKey): boolean {
  const agent = agentOfSession(key);
  return agent !== undefined && key === mainSessionKey(agent);
}

/** Whether a session lives in WebChat, i.e. begins with its first message there. */
export function isWebchatSession(key: SessionKey): boolean {
  return channelOfSession(key) === WEBCHAT;
}
