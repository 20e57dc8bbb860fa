/** `sessions.send` and `sessions.abort`: chat by session key. */
import { randomUUID } from "node:crypto";
import { SwitchboardError, type TenantId, type TurnId } from "@switchboard/domain";
import type { Params } from "@switchboard/protocol";
import type { Send } from "../faces/broadcasts.ts";
import type { Handlers } from "../ws/index.ts";
import { sendChat } from "./chat-send.ts";
import type { MethodDeps } from "./deps.ts";
import { sessionChanges } from "./session-changes.ts";
import { resolveSessionKey } from "./session-keys.ts";
import { requireSession } from "./sessions.ts";

export function sessionRunMethods(deps: MethodDeps, send: Send): Handlers {
  const { engine, runs } = deps;
  const changes = sessionChanges(deps, send);
  return {
    async "sessions.send"({ key, agentId, idempotencyKey, ...message }, context) {
      const { key: session } = await requireSession(
        deps,
        context.tenant,
        resolveSessionKey(key, engine.routing, agentId),
      );
      return sendChat(deps, context, { ...message, session, run: idempotencyKey ?? randomUUID() });
    },

    async "sessions.abort"(params, { tenant, actor }) {
      const session = await sessionOf(deps, tenant, params);
      const { clearQueued = true, runId } = params;
      const running = runs.activeOf(tenant, session).map(({ run }) => run);
      const wanted = runId === undefined ? (clearQueued ? [undefined] : running) : [runId];
      const stopped: string[] = [];
      for (const run of wanted) stopped.push(...(await engine.stopRun(tenant, session, run)).stopped);
      if (stopped.length === 0) return { ok: true, abortedRunId: null, status: "no-active-run" };
      const turns = await Promise.all(stopped.map((id) => engine.store.turns.get(tenant, id as TurnId)));
      const names = turns.flatMap((turn) => (turn ? [turn.run] : []));
      const abortedRunId = names.find((name) => running.includes(name)) ?? names[0] ?? null;
      await changes.note(tenant, actor, session, { action: "session.stopped", reason: "abort" });
      return { ok: true, abortedRunId, status: "aborted" };
    },
  };
}

async function sessionOf({ engine }: MethodDeps, tenant: TenantId, params: Params<"sessions.abort">) {
  const { key, agentId, runId } = params;
  if (key !== undefined) return resolveSessionKey(key, engine.routing, agentId);
  if (runId === undefined) throw new SwitchboardError("REQ_001", "Say which session or which run.");
  const turn = await engine.store.turns.findByRun(tenant, runId);
  if (!turn) throw new SwitchboardError("REQ_002", `There is no run ${runId}.`);
  return turn.session;
}
