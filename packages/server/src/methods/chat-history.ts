/** What was said in a session, as chat clients read it. */
import type { TranscriptEntry } from "@switchboard/core";
import { type SessionKey, SwitchboardError, type TenantId, type TurnId } from "@switchboard/domain";
import type { ChatMessage, Params, Result } from "@switchboard/protocol";
import { messageOf } from "../faces/transcript-message.ts";
import type { MethodDeps } from "./deps.ts";
import { cursorAfter } from "./history-cursor.ts";
import { agentOf, resolveSessionKey } from "./session-keys.ts";
import { CHOICES, sessionRow } from "./session-row.ts";

export const MOST_PENDING = 20;
/** Of one answer, unless the caller says otherwise; frames may be larger. */
const MOST_BYTES = 6 * 1_048_576;
const MOST_CHARACTERS = 500_000;

/** @throws REQ_001, REQ_002. */
export async function readHistory(
  deps: MethodDeps,
  tenant: TenantId,
  params: Params<"chat.history">,
): Promise<Result<"chat.history">> {
  const { limit = 200, before, offset = 0, sessionId, maxChars, maxBytes = MOST_BYTES } = params;
  const { engine, runs } = deps;
  const key = resolveSessionKey(params.sessionKey, engine.routing, params.agentId);
  const session = await engine.store.sessions.get(tenant, key);
  if (sessionId !== undefined && sessionId !== session?.id && before !== undefined) {
    throw new SwitchboardError("REQ_001", "Page with `before` within the session's newest stretch only.");
  }
  const wanted = limit + offset + 1;
  const entries = session
    ? await engine.store.sessions.transcript(tenant, key, { limit: wanted, ...(before !== undefined && { before }) })
    : [];
  const end = Math.max(0, entries.length - offset);
  const read = entries.slice(Math.max(0, end - limit), end);
  const [names, pending] = await Promise.all([runNames(deps, tenant, read), pendingInputs(deps, tenant, key)]);
  const active = runs.activeOf(tenant, key)[0];
  const page = newestWithin(
    maxBytes,
    read.map((entry) => messageOf(entry, entry.turn && names.get(entry.turn), maxChars)),
  );
  const hasMore = end > page.length;
  const agent = agentOf(key, engine.routing);
  const thinkingLevel = session?.preferences?.[CHOICES.thinkingLevel];
  return {
    sessionKey: key,
    sessionId: session?.id ?? "",
    messages: page,
    pendingInputs: { items: pending.slice(0, MOST_PENDING), total: pending.length },
    offset,
    hasMore,
    ...(hasMore && { nextOffset: offset + page.length }),
    ...(session && offset === 0 && before === undefined && { deltaCursor: cursorAfter(session, entries) }),
    completeSnapshot: !hasMore && offset === 0 && before === undefined && maxChars === undefined,
    defaults: { modelProvider: agent.runtime, model: agent.model ?? null, contextTokens: agent.contextTokens },
    ...(session && { totalMessages: session.entries, sessionInfo: sessionRow(session, runs, engine.routing) }),
    ...(thinkingLevel !== undefined && { thinkingLevel }),
    ...(active && { inFlightRun: { runId: active.run, text: active.text } }),
  };
}

/** The newest messages whose JSON fits; one at least. */
function newestWithin(maxBytes: number, messages: readonly ChatMessage[]): ChatMessage[] {
  let bytes = 0;
  const first = messages.findLastIndex((message) => {
    bytes += Buffer.byteLength(JSON.stringify(message));
    return bytes > maxBytes;
  });
  return messages.slice(first === messages.length - 1 ? -1 : first + 1);
}

/** One message by its `__openclaw.id`. */
export async function readMessage(
  { engine }: MethodDeps,
  tenant: TenantId,
  { agentId, maxChars = MOST_CHARACTERS, messageId, sessionKey }: Params<"chat.message.get">,
): Promise<Result<"chat.message.get">> {
  const key = resolveSessionKey(sessionKey, engine.routing, agentId);
  const at = messageId.lastIndexOf(":");
  const seq = Number(messageId.slice(at + 1));
  if (at < 1 || !Number.isSafeInteger(seq) || seq < 1) return { ok: false, unavailableReason: "not_found" };
  const [entry] = await engine.store.sessions.transcript(tenant, key, { limit: 1, before: seq + 1 });
  if (!entry || entry.seq !== seq || entry.sessionId !== messageId.slice(0, at)) {
    return { ok: false, unavailableReason: "not_found" };
  }
  if (entry.text.length > maxChars) return { ok: false, unavailableReason: "oversized" };
  return { ok: true, message: messageOf(entry) };
}

/** What the runs of entries are called by those who started them, so that they recognise their own. */
export async function runNames(
  { engine }: MethodDeps,
  tenant: TenantId,
  entries: readonly TranscriptEntry[],
): Promise<ReadonlyMap<TurnId, string>> {
  const ids = new Set(entries.flatMap(({ turn }) => (turn === undefined ? [] : [turn])));
  const turns = await Promise.all([...ids].map((id) => engine.store.turns.get(tenant, id)));
  return new Map(turns.flatMap((turn) => (turn ? [[turn.id, turn.run]] : [])));
}

/** What was said and is not in the transcript yet, because its turn has not ended. */
export async function pendingInputs(
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
