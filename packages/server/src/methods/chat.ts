/** `chat.*`: talking to an agent in a session. */
import type { TurnId } from "@switchboard/domain";
import type { Result } from "@switchboard/protocol";
import type { Send } from "../faces/broadcasts.ts";
import { messageOf } from "../faces/transcript-message.ts";
import type { Handlers } from "../ws/index.ts";
import { readHistory, readMessage } from "./chat-history.ts";
import { readHistorySince } from "./chat-history-delta.ts";
import { sendChat } from "./chat-send.ts";
import { agentsList, commandEntries, modelChoices } from "./choices.ts";
import type { MethodDeps } from "./deps.ts";
import { sessionChanges } from "./session-changes.ts";
import { agentOf, requireAgent, resolveSessionKey } from "./session-keys.ts";
import { requireSession } from "./sessions.ts";

export function chatMethods(deps: MethodDeps, send: Send): Handlers {
  const { engine } = deps;
  const changes = sessionChanges(deps, send);
  return {
    "chat.send"({ sessionKey, agentId, idempotencyKey: run, ...message }, context) {
      const session = resolveSessionKey(sessionKey, engine.routing, agentId);
      return sendChat(deps, context, { ...message, session, run });
    },

    async "chat.history"(params, { tenant }) {
      const { cursor } = params;
      if (cursor === undefined) return readHistory(deps, tenant, params);
      return (await readHistorySince(deps, tenant, { ...params, cursor })) as Result<"chat.history">;
    },

    async "chat.startup"(params, { tenant }) {
      const history = await readHistory(deps, tenant, params);
      const agent = agentOf(resolveSessionKey(params.sessionKey, engine.routing, params.agentId), engine.routing);
      return {
        ...history,
        agentsList: agentsList(engine.routing),
        metadata: { commands: commandEntries(), models: modelChoices(agent) },
      };
    },

    "chat.metadata"({ sessionKey, agentId }) {
      const { routing } = engine;
      const named = agentId === undefined ? routing.agents[0] : requireAgent(agentId, routing);
      const agent =
        sessionKey === undefined ? named : agentOf(resolveSessionKey(sessionKey, routing, agentId), routing);
      return { commands: commandEntries(), models: modelChoices(agent), agentId: agent.id };
    },

    "chat.message.get": (params, { tenant }) => readMessage(deps, tenant, params),

    async "chat.abort"({ sessionKey, agentId, runId }, { tenant }) {
      const session = resolveSessionKey(sessionKey, engine.routing, agentId);
      const { stopped: ids } = await engine.stopRun(tenant, session, runId);
      const turns = await Promise.all(ids.map((id) => engine.store.turns.get(tenant, id as TurnId)));
      return {
        ok: true,
        aborted: ids.length > 0,
        runIds: turns.map((turn) => turn?.run).filter((run) => run !== undefined),
      };
    },

    async "chat.inject"({ sessionKey, agentId, message, label }, { tenant, actor }) {
      const wanted = resolveSessionKey(sessionKey, engine.routing, agentId);
      const session = await requireSession(deps, tenant, wanted);
      const text = label === undefined ? message : `**${label}**\n\n${message}`;
      const entry = { role: "assistant" as const, text, at: engine.clock.now(), extra: { injected: true } };
      const seq = await engine.store.sessions.append(tenant, session.key, entry);
      const messageId = `${session.id}:${seq}`;
      send(tenant, "chat", {
        runId: `inject-${messageId}`,
        sessionKey: session.key,
        seq: 0,
        state: "final",
        message: messageOf({ ...entry, seq, sessionId: session.id }),
      });
      await changes.note(tenant, actor, session.key, { action: "session.injected", reason: "inject" });
      return { ok: true, messageId };
    },
  };
}
