/** `agent` and `agent.wait`: a run for programs; answers when accepted and again at its end (AGT-3). */
import { agentOfSession, sessionKey as buildSessionKey, type Session } from "@switchboard/core";
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
import type { Params, Result } from "@switchboard/protocol";
import type { RunEnd } from "../faces/runs.ts";
import type { Handlers } from "../ws/index.ts";
import { storeAttachments } from "./attachments.ts";
import type { MethodDeps } from "./deps.ts";
import { choose } from "./session-choices.ts";
import { createSession, expectSame } from "./session-create.ts";
import { mainSessionKey, requireAgent, resolveSessionKey } from "./session-keys.ts";
import { knownRun, startRun } from "./start-run.ts";

const DEFAULT_TIMEOUT_S = 600;
const DEFAULT_WAIT_MS = 30_000;

export function agentMethods(deps: MethodDeps): Handlers {
  const { engine, media, runs, settings } = deps;
  return {
    async agent(params, { tenant, actor, accepted }) {
      const session = await sessionOf(deps, tenant, params);
      const run = params.idempotencyKey;
      if (!(await knownRun({ tenant, session, run, text: params.message }, deps))) {
        const { attachmentBytes } = settings.config.limits;
        const attachments = await storeAttachments(params.attachments, tenant, media, attachmentBytes);
        const { deliver, extraSystemPrompt, label, message: text, model, thinking } = params;
        if (label !== undefined) {
          await createSession(deps, tenant, session);
          await choose(deps, tenant, session, { label });
        }
        const overrides = { model, thinking, extraSystemPrompt: extraSystemPrompt?.trim() || undefined };
        await startRun({ tenant, actor, session, run, text, attachments, deliver, overrides }, deps);
      }
      const agentId = agentOfSession(session) ?? engine.routing.agents[0].id;
      accepted({ runId: run, sessionKey: session, agentId, status: "accepted", acceptedAt: engine.clock.now() });
      const end = await endOf(deps, tenant, run, (params.timeout ?? DEFAULT_TIMEOUT_S) * 1000);
      if (!end) return { runId: run, status: "timeout", summary: "aborted", stopReason: "timeout" };
      return finalAnswer(run, end);
    },

    async "agent.wait"({ runId, timeoutMs = DEFAULT_WAIT_MS }, { tenant, signal }) {
      const end = await endOf(deps, tenant, runId, timeoutMs, signal);
      const startedAt = runs.find(tenant, runId)?.startedAt;
      const started = startedAt !== undefined && { startedAt };
      if (!end) return { runId, status: "timeout", ...started };
      return {
        runId,
        status: end.state === "done" || end.state === "handled" ? "ok" : "error",
        endedAt: end.at,
        ...started,
        ...(end.error && { error: `${end.error.code}: ${end.error.message}` }),
        ...((end.state === "aborted" || end.state === "cancelled") && { stopReason: end.state }),
      };
    },
  };
}

/** Waits in this process; a run that ended before it started is looked up. */
async function endOf(
  { engine, runs }: MethodDeps,
  tenant: TenantId,
  run: string,
  ms: number,
  signal?: AbortSignal,
): Promise<RunEnd | undefined> {
  const waiting = runs.wait(tenant, run, ms, signal);
  const turn = await engine.store.turns.findByRun(tenant, run);
  if (turn && turn.state !== "queued" && turn.state !== "running" && !runs.find(tenant, run)?.ended) {
    const error = turn.error && { error: turn.error };
    runs.end(tenant, run, turn.session, {
      state: turn.state,
      at: turn.finishedAt ?? turn.createdAt,
      text: "",
      ...error,
    });
  }
  return waiting;
}

function finalAnswer(runId: string, { state, text, error }: RunEnd): Result<"agent"> {
  if (state === "done" || state === "handled") {
    return { runId, status: "ok", summary: "completed", result: { payloads: [{ text }], meta: {} } };
  }
  if (state === "aborted" || state === "cancelled") {
    return { runId, status: "timeout", summary: "aborted", stopReason: state };
  }
  return { runId, status: "error", summary: "failed", ...(error && { error }) };
}

/** @throws REQ_001, REQ_002, REQ_004 when it is not the session that the caller saw. */
async function sessionOf(deps: MethodDeps, tenant: TenantId, params: Params<"agent">): Promise<SessionKey> {
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
async function namedSession(deps: MethodDeps, tenant: TenantId, params: Params<"agent">): Promise<SessionKey> {
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
  { accountId, channel: id, threadId, to }: Params<"agent"> & { readonly to: string },
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

function namesPlace({ accountId, channel, threadId }: Params<"agent">): boolean {
  return accountId !== undefined || channel !== undefined || threadId !== undefined;
}

/** A session has one conversation: what the caller says of it has to be so. @throws REQ_001. */
function checkPlace(session: Session | undefined, { accountId, channel, threadId }: Params<"agent">): void {
  const own = { accountId: session?.account, channel: session?.channel, threadId: session?.target.thread };
  for (const [name, said] of Object.entries({ accountId, channel, threadId })) {
    if (said === undefined || said === own[name as keyof typeof own]) continue;
    throw new SwitchboardError("REQ_001", `The session's ${name} is not ${said}; name the conversation with \`to\`.`);
  }
}
