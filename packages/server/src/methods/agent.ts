/** `agent` and `agent.wait`: a run for programs; answers when accepted and again at its end (AGT-3). */
import { agentOfSession } from "@switchboard/core";
import type { TenantId } from "@switchboard/domain";
import type { Result } from "@switchboard/protocol";
import type { RunEnd } from "../faces/runs.ts";
import type { Handlers } from "../ws/index.ts";
import { storeAttachments } from "./attachments.ts";
import type { MethodDeps } from "./deps.ts";
import { sessionOf } from "./run-session.ts";
import { choose } from "./session-choices.ts";
import { createSession } from "./session-create.ts";
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
