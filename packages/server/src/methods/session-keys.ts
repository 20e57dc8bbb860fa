/** Session keys as callers may write them. */
import { agentOfSession, channelOfSession, type Routing, sessionKey } from "@switchboard/core";
import { type ConversationId, DEFAULT_ACCOUNT, type SessionKey, SwitchboardError } from "@switchboard/domain";
import { WEBCHAT } from "../webchat/channel.ts";

/** The short name of an agent's own session, where nobody named another one. */
export const MAIN_KEY = "main";

/** The session that WebChat opens with. */
export function mainSessionKey(agent: string): SessionKey {
  const conversation = { id: MAIN_KEY as ConversationId, kind: "direct" as const };
  return sessionKey({ agent, channel: WEBCHAT, account: DEFAULT_ACCOUNT, conversation });
}

/** `main` and `agent:<id>:main` are the main session; everything else is taken as it is. @throws REQ_001. */
export function resolveSessionKey(key: string, { agents }: Routing): SessionKey {
  if (key === MAIN_KEY) return mainSessionKey(agents[0].id);
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
  if (!agents.some(({ id }) => id === agent)) throw new SwitchboardError("REQ_002", `There is no agent ${agent}.`);
  return key === `agent:${agent}:${MAIN_KEY}` ? mainSessionKey(agent) : (key as SessionKey);
}

/** Whether a session lives in WebChat, i.e. begins with its first message there. */
export function isWebchatSession(key: SessionKey): boolean {
  return channelOfSession(key) === WEBCHAT;
}
