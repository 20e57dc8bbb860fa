/** `chat.*`: talking to an agent in a session. */
import type { TranscriptEntry, Turn } from "@switchboard/core";
import { type SessionKey, SwitchboardError, type TenantId, type TurnId } from "@switchboard/domain";
import type { Params, Result } from "@switchboard/protocol";
import type { Send } from "../faces/broadcasts.ts";
import { messageOf } from "../faces/transcript-message.ts";
import type { Handlers } from "../ws/index.ts";
import { storeAttachments } from "./attachments.ts";
import type { MethodDeps } from "./deps.ts";
import { resolveSessionKey } from "./session-keys.ts";
import { sessionRow } from "./session-row.ts";
import { requireSession } from "./sessions.ts";
import { knownRun, startRun } from "./start-run.ts";

const MOST_PENDING = 20;
/** How long a run that was started is expected to end. */
const LONGEST_RUN_MS = 24 * 3_600_000;

export function chatMethods(deps: MethodDeps, send: Send): Handlers {
  const { engine, media, settings } = deps;
  return {
    async "chat.send"(params, { tenant, actor, underWay }) {
      const session = resolveSessionKey(params.sessionKey, engine.routing);
      const run = params.idempotencyKey;
      const known = await knownRun({ tenant, session, run, text: params.message }, deps);
      if (known) return stateOfRun(run, known);
      const { attachmentBytes } = settings.config.limits;
      const attachments = await storeAttachments(params.attachments, tenant, media, attachmentBytes);
      await startRun(
        {
          tenant,
          actor,
          session,
          run,
          text: params.message,
          attachments,
          deliver: params.deliver,
          queueMode: queueMode(params.queueMode),
          overrides: { thinking: params.thinking },
        },
        deps,
      );
      underWay(endOfRun(deps, tenant, run));
      return { runId: run, status: "started" };
    },

    async "chat.history"(params, { tenant }) {
      return readHistory(deps, tenant, params);
    },

    async "chat.abort"({ sessionKey, runId }, { tenant }) {
      const session = resolveSessionKey(sessionKey, engine.routing);
      const { stopped: ids } = await engine.stopRun(tenant, session, runId);
      const turns = await Promise.all(ids.map((id) => engine.store.turns.get(tenant, id as TurnId)));
      return {
        ok: true,
        aborted: ids.length > 0,
        runIds: turns.map((turn) => turn?.run).filter((run) => run !== undefined),
      };
    },

    async "chat.inject"({ sessionKey, message, label }, { tenant }) {
      const session = await requireSession(deps, tenant, resolveSessionKey(sessionKey, engine.routing));
      const text = label === undefined ? message : `**${label}**\n\n${message}`;
      const entry = { role: "assistant" as const, text, at: engine.clock.now(), extra: { injected: true } };
      const seq = await engine.store.sessions.append(tenant, session.key, entry);
      const messageId = `${session.id}:${seq}`;
      send("chat", {
        runId: `inject-${messageId}`,
        sessionKey: session.key,
        seq: 0,
        state: "final",
        message: messageOf({ ...entry, seq, sessionId: session.id }),
      });
      return { ok: true, messageId };
    },
  };
}

/** `steer` speaks into the running answer; here the answer starts anew with both. */
export function queueMode(mode: Params<"chat.send">["queueMode"]): "collect" | "followup" | "interrupt" {
  if (mode === "steer") return "interrupt";
  return mode ?? "followup";
}

/** What a repetition of the request gets when its run has ended. */
async function endOfRun({ runs }: MethodDeps, tenant: TenantId, run: string): Promise<Result<"chat.send"> | undefined> {
  const end = await runs.wait(tenant, run, LONGEST_RUN_MS);
  return end && (isStopped(end.state) ? stopped(run, end.at) : { runId: run, status: "ok" });
}

function stateOfRun(run: string, turn: Turn): Result<"chat.send"> {
  if (turn.state === "queued" || turn.state === "running") return { runId: run, status: "in_flight" };
  if (isStopped(turn.state)) return stopped(run, turn.finishedAt);
  return { runId: run, status: "ok" };
}

/** While it ran, or while it waited. */
function isStopped(state: string): boolean {
  return state === "aborted" || state === "cancelled";
}

function stopped(run: string, at: number | undefined): Result<"chat.send"> {
  return { runId: run, status: "timeout", summary: "aborted", ...(at !== undefined && { endedAt: at }) };
}

async function readHistory(
  deps: MethodDeps,
  tenant: TenantId,
  { sessionKey, limit = 200, before, offset = 0, sessionId, maxChars }: Params<"chat.history">,
): Promise<Result<"chat.history">> {
  const { engine, runs } = deps;
  const key = resolveSessionKey(sessionKey, engine.routing);
  const session = await engine.store.sessions.get(tenant, key);
  if (sessionId !== undefined && sessionId !== session?.id && before !== undefined) {
    throw new SwitchboardError("REQ_001", "Page with `before` within the session's newest stretch only.");
  }
  const wanted = limit + offset + 1;
  const entries = session
    ? await engine.store.sessions.transcript(tenant, key, { limit: wanted, ...(before !== undefined && { before }) })
    : [];
  const end = Math.max(0, entries.length - offset);
  const page = entries.slice(Math.max(0, end - limit), end);
  const hasMore = end - limit > 0;
  const [names, pending] = await Promise.all([runNames(deps, tenant, page), pendingInputs(deps, tenant, key)]);
  const active = runs.activeOf(tenant, key)[0];
  return {
    sessionKey: key,
    sessionId: session?.id ?? "",
    messages: page.map((entry) => messageOf(entry, entry.turn && names.get(entry.turn), maxChars)),
    pendingInputs: { items: pending.slice(0, MOST_PENDING), total: pending.length },
    offset,
    hasMore,
    ...(hasMore && { nextOffset: offset + page.length }),
    ...(session && { totalMessages: session.entries, sessionInfo: sessionRow(session, runs) }),
    ...(active && { inFlightRun: { runId: active.run, text: active.text } }),
  };
}

/** What the runs of entries are called by those who started them, so that they recognise their own. */
async function runNames(
  { engine }: MethodDeps,
  tenant: TenantId,
  entries: readonly TranscriptEntry[],
): Promise<ReadonlyMap<TurnId, string>> {
  const ids = new Set(entries.flatMap(({ turn }) => (turn === undefined ? [] : [turn])));
  const turns = await Promise.all([...ids].map((id) => engine.store.turns.get(tenant, id)));
  return new Map(turns.flatMap((turn) => (turn ? [[turn.id, turn.run]] : [])));
}

/** What was said and is not in the transcript yet, because its turn has not ended. */
async function pendingInputs(
  { engine }: MethodDeps,
  tenant: TenantId,
  session: SessionKey,
): Promise<Result<"chat.history">["pendingInputs"]["items"]> {
  const turns = await engine.store.turns.list(tenant, { session, states: ["queued", "running"], limit: MOST_PENDING });
  const inputs = await Promise.all(
    turns.rows.toReversed().map(async (turn) => ({ turn, inputs: await engine.store.turns.inputs(tenant, turn.id) })),
  );
  return inputs.flatMap(({ turn, inputs: said }) =>
    said.map((input, index) => ({
      id: `${turn.id}:${index}`,
      runId: turn.run,
      message: messageOf({
        role: "user",
        text: input.text,
        at: input.at,
        ...(input.sender?.displayName && { sender: input.sender.displayName }),
        ...(input.attachments && { attachments: input.attachments }),
      }),
      acceptedAt: input.at,
      state: "queued" as const,
    })),
  );
}
