/** Making, changing and ending sessions. */
import { createHash, randomUUID } from "node:crypto";
import { type SessionKey, SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import { type Params, toErrorShape } from "@switchboard/protocol";
import type { Send } from "../faces/broadcasts.ts";
import type { Handlers } from "../ws/index.ts";
import { sendChat } from "./chat-send.ts";
import type { MethodDeps } from "./deps.ts";
import { sessionChanges } from "./session-changes.ts";
import { choose } from "./session-choices.ts";
import { createSession, expectSame } from "./session-create.ts";
import { deleteWhenIdle } from "./session-delete.ts";
import { agentOf, isMainSession, isWebchatSession, mainSessionKey, resolveSessionKey } from "./session-keys.ts";
import { modelOf, sessionEntry, sessionRow } from "./session-row.ts";
import { requireSession } from "./sessions.ts";

export function sessionWorkMethods(deps: MethodDeps, send: Send): Handlers {
  const { engine, runs } = deps;
  const { store } = engine;
  const changes = sessionChanges(deps, send);
  const keyOf = ({ key, agentId }: { readonly key: string; readonly agentId?: string | undefined }) =>
    resolveSessionKey(key, engine.routing, agentId);
  return {
    async "sessions.create"(params, context) {
      const { tenant, actor } = context;
      const key = newSessionKey(deps, params);
      if (params.parentSessionKey !== undefined) {
        await requireSession(deps, tenant, resolveSessionKey(params.parentSessionKey, engine.routing));
      }
      const { label = params.displayName, model, thinkingLevel } = params;
      await createSession(deps, tenant, key);
      await choose(deps, tenant, key, { label, model, thinkingLevel });
      await changes.note(tenant, actor, key, { action: "session.created", reason: "create" });
      const made = await requireSession(deps, tenant, key);
      const answer = { ok: true as const, key, sessionId: made.id, entry: sessionEntry(made) };
      const text = params.task?.trim() ? params.task : params.message;
      if (!text?.trim() && !params.attachments?.length) return { ...answer, runStarted: false };
      const run = params.idempotencyKey ?? randomUUID();
      try {
        const files = params.attachments && { attachments: params.attachments };
        const message = { session: key, run, message: text ?? "", ...files };
        // The run's end is none of this request's: its answer speaks of the session.
        await sendChat(deps, { tenant, actor, underWay: () => {} }, message);
        return { ...answer, runStarted: true, runId: run };
      } catch (thrown) {
        const error = thrown instanceof SwitchboardError ? thrown : toSwitchboardError(thrown, "SYS_005");
        if (error.retryable) throw error;
        return { ...answer, runStarted: false, runError: toErrorShape(error) };
      }
    },

    async "sessions.patch"(params, { tenant, actor, holds }) {
      const key = keyOf(params);
      const { key: _key, agentId: _agent, expectedSessionId, ...wanted } = params;
      refuseOthers(wanted, ["label", "model", "thinkingLevel", "verbosity", "reasoningLevel"]);
      const before = await store.sessions.get(tenant, key);
      if (!before && !isWebchatSession(key)) throw notThere(key);
      expectSame(before, expectedSessionId);
      await createSession(deps, tenant, key);
      await choose(deps, tenant, key, wanted);
      const changed = Object.keys(wanted).sort();
      await changes.note(tenant, actor, key, { action: "session.changed", reason: "patch", detail: { changed } });
      const session = await requireSession(deps, tenant, key);
      return {
        ok: true,
        path: holds("operator.admin") ? deps.stateDirectory : "[redacted]",
        key,
        entry: sessionEntry(session),
        resolved: modelOf(session, engine.routing),
      };
    },

    async "sessions.reset"(params, { tenant, actor }) {
      const key = keyOf(params);
      const before = await store.sessions.get(tenant, key);
      if (!before && !isWebchatSession(key)) throw notThere(key);
      expectSame(before, params.expectedSessionId);
      await engine.stopRun(tenant, key);
      if (before) await store.sessions.reset(tenant, key, engine.clock.now());
      else await createSession(deps, tenant, key);
      const reason = params.reason ?? "reset";
      await changes.note(tenant, actor, key, { action: "session.reset", reason });
      const session = await requireSession(deps, tenant, key);
      return { ok: true, key, entry: sessionEntry(session), session: sessionRow(session, runs, engine.routing) };
    },

    async "sessions.delete"(params, { tenant, actor }) {
      const key = keyOf(params);
      if (isMainSession(key)) throw new SwitchboardError("REQ_001", "The main session cannot be deleted; reset it.");
      if (params.archivedOnly) {
        throw new SwitchboardError("REQ_001", "Nothing is archived here: delete it without archivedOnly.");
      }
      if (params.deleteTranscript === false) {
        throw new SwitchboardError("REQ_001", "A session goes with its transcript: leave deleteTranscript out.");
      }
      expectSame(await store.sessions.get(tenant, key), params.expectedSessionId);
      const deleted = await deleteWhenIdle(deps, tenant, key);
      if (deleted) await changes.note(tenant, actor, key, { action: "session.deleted", reason: "delete" });
      return { ok: true, key, deleted, archived: [] };
    },

    async "sessions.compact"(params, { tenant, actor }) {
      const key = keyOf(params);
      const session = await requireSession(deps, tenant, key);
      expectSame(session, params.expectedSessionId);
      const { maxLines } = params;
      const nothing = { ok: true as const, key, compacted: false, removed: 0 };
      if (maxLines === undefined) {
        return {
          ...nothing,
          kept: session.entries,
          reason: "no summaries are made here: say how many entries to keep",
        };
      }
      const done = await store.sessions.keepNewest(tenant, key, maxLines);
      if (!done?.removed) return { ...nothing, kept: session.entries, reason: "it has no more entries than that" };
      await changes.note(tenant, actor, key, { action: "session.compacted", reason: "compact", detail: { ...done } });
      return { ok: true, key, compacted: true, ...done };
    },
  };
}

/** Sessions of platforms begin with a message there; only WebChat's can be made. */
function newSessionKey(
  { engine }: MethodDeps,
  { key, agentId, idempotencyKey }: Params<"sessions.create">,
): SessionKey {
  const main = resolveSessionKey(key ?? "main", engine.routing, agentId);
  const wanted =
    key === undefined ? (`${main.slice(0, -"main".length)}${newName(idempotencyKey)}` as SessionKey) : main;
  const prefix = mainSessionKey(agentOf(wanted, engine.routing).id).slice(0, -"main".length);
  if (isWebchatSession(wanted) && wanted.startsWith(prefix) && wanted.length > prefix.length) return wanted;
  throw new SwitchboardError("REQ_001", `Only WebChat sessions can be made: a key like ${prefix}<name>, or none.`);
}

/** The same request is the same session, also after a restart. */
function newName(idempotencyKey: string | undefined): string {
  if (idempotencyKey === undefined) return randomUUID();
  return createHash("sha256").update(idempotencyKey).digest("hex").slice(0, 32);
}

/** Does nothing when it is there. */
function notThere(key: SessionKey): SwitchboardError {
  return new SwitchboardError("REQ_002", `There is no session ${key}.`);
}

/** @throws REQ_001 naming what cannot be had. */
function refuseOthers(params: object, known: readonly string[]): void {
  const refused = Object.keys(params).filter((name) => !known.includes(name));
  if (refused.length > 0) throw new SwitchboardError("REQ_001", `Sessions here have no ${refused.join(", ")}.`);
}
