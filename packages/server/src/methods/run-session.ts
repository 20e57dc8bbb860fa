/** In which session a run takes place that somebody asks for. */
import { sessionKey as buildSessionKey, type Session } from "@switchboard/core";
import {
  type AccountId,
  type ChannelId,
  DEFAULT_ACCOUNT,
  type SessionId,
  type SessionKey,
  SwitchboardError,
  type TenantId,
  type ThreadId,
} from "@switchboard/domain";
import type { Params } from "@switchboard/protocol";
import type { MethodDeps } from "./deps.ts";
import { expectSame } from "./session-create.ts";
import { mainSessionKey, requireAgent, resolveSessionKey } from "./session-keys.ts";

/** The ways to name it: by key, by id, by an address, or not at all for the agent's main session. */
export type NamedSession = Pick<
  Params<"agent">,
  "agentId" | "sessionKey" | "sessionId" | "expectedExistingSessionId" | "to" | "channel" | "accountId" | "threadId"
>;

/** @throws REQ_001, REQ_002, REQ_004 when it is not the session that the caller saw. */
export async function sessionOf(deps: MethodDeps, tenant: TenantId, params: NamedSession): Promise<SessionKey> {
  const { expectedExistingSessionId, sessionId } = params;
  const key = await namedSession(deps, tenant, params);
  if (sessionId === undefined && expectedExistingSessionId === undefined && !namesPlace(params)) return key;
  const session = await deps.engine.store.sessions.get(tenant, key);
  expectSame(session, sessionId);
  expectSame(session, expectedExistingSessionId);
  if (params.to === undefined) checkPlace(session, params);
  return key;
}

/** By key, by address, by id, or the agent's main session. */
async function namedSession(deps: MethodDeps, tenant: TenantId, params: NamedSession): Promise<SessionKey> {
  const { agentId, sessionId, sessionKey, to } = params;
  const { routing, store } = deps.engine;
  if (sessionKey !== undefined && to !== undefined) {
    throw new SwitchboardError("REQ_001", "Give a session or an address (`to`), not both.");
  }
  if (sessionKey !== undefined) return resolveSessionKey(sessionKey, routing, agentId);
  const agent = agentId ?? routing.agents[0].id;
  requireAgent(agent, routing);
  if (to !== undefined) return sessionAt(deps, tenant, agent, { ...params, to });
  if (sessionId === undefined) return mainSessionKey(agent);
  const filter = { id: sessionId as SessionId, limit: 1, ...(agentId !== undefined && { agent: agentId }) };
  const [found] = (await store.sessions.list(tenant, filter)).rows;
  if (found) return found.key;
  throw new SwitchboardError("REQ_002", `There is no session with the id ${sessionId}.`);
}

function sessionAt(
  { engine }: MethodDeps,
  tenant: TenantId,
  agent: string,
  { accountId, channel: id, threadId, to }: NamedSession & { readonly to: string },
): SessionKey {
  if (id === undefined) throw new SwitchboardError("REQ_001", "`to` needs a `channel`.");
  const account = (accountId as AccountId | undefined) ?? DEFAULT_ACCOUNT;
  const { channel } = engine.accounts.require({ tenant, channel: id as ChannelId, account });
  const { conversation, kind, thread = threadId as ThreadId | undefined } = channel.parseTarget(to);
  if (threadId !== undefined && thread !== threadId) {
    throw new SwitchboardError("REQ_001", "`to` names another thread than `threadId`.");
  }
  return buildSessionKey({ agent, channel: channel.id, account, conversation: { id: conversation, kind }, thread });
}

function namesPlace({ accountId, channel, threadId }: NamedSession): boolean {
  return accountId !== undefined || channel !== undefined || threadId !== undefined;
}

/** A session has one conversation: what the caller says of it has to be so. @throws REQ_001. */
function checkPlace(session: Session | undefined, { accountId, channel, threadId }: NamedSession): void {
  const own = { accountId: session?.account, channel: session?.channel, threadId: session?.target.thread };
  for (const [name, said] of Object.entries({ accountId, channel, threadId })) {
    if (said === undefined || said === own[name as keyof typeof own]) continue;
    throw new SwitchboardError("REQ_001", `The session's ${name} is not ${said}; name the conversation with \`to\`.`);
  }
}
