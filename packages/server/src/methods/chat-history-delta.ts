/** `chat.history` with a cursor: what was said since. */
import type { TenantId } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain";
import type { HistoryAnswer, Params } from "@switchboard/protocol";
import { messageOf } from "../faces/transcript-message.ts";
import { MOST_PENDING, pendingInputs, runNames } from "./chat-history.ts";
import type { MethodDeps } from "./deps.ts";
import { cursorAfter, readCursor } from "./history-cursor.ts";
import { agentOf, resolveSessionKey } from "./session-keys.ts";
import { sessionRow } from "./session-row.ts";

/** Beyond these a reader is better off with the newest page. */
const MOST_ENTRIES = 200;
const MOST_BYTES = 1_000_000;
const RESET = { kind: "reset" } as const;

/** @throws REQ_001, REQ_002. */
export async function readHistorySince(
  deps: MethodDeps,
  tenant: TenantId,
  params: Params<"chat.history"> & { readonly cursor: string },
): Promise<HistoryAnswer> {
  const { agentId, before, maxBytes = MOST_BYTES, maxChars, offset, sessionId, sessionKey } = params;
  if (offset !== undefined || before !== undefined) {
    throw new SwitchboardError("REQ_001", "cursor cannot be used with offset or before");
  }
  const { engine, runs } = deps;
  const key = resolveSessionKey(sessionKey, engine.routing, agentId);
  const cursor = readCursor(params.cursor);
  const session = await engine.store.sessions.get(tenant, key);
  if (!cursor || session?.id !== cursor.sessionId) return RESET;
  if (sessionId !== undefined && sessionId !== session.id) return RESET;
  const newest = await engine.store.sessions.transcript(tenant, key, { limit: MOST_ENTRIES + 1 });
  const said = newest.filter(({ seq }) => seq > cursor.seq);
  // Something went, or more was said than one answer tells.
  if (said.length > MOST_ENTRIES || session.entries !== cursor.entries + said.length) return RESET;
  const [names, pending] = await Promise.all([runNames(deps, tenant, said), pendingInputs(deps, tenant, key)]);
  const active = runs.activeOf(tenant, key)[0];
  const messages = said.map((entry) => {
    const runId = entry.turn && names.get(entry.turn);
    return {
      sessionKey: key,
      agentId: agentOf(key, engine.routing).id,
      message: messageOf(entry, runId, maxChars),
      messageId: `${entry.sessionId}:${entry.seq}`,
      messageSeq: entry.seq,
      ...(runId !== undefined && { runId }),
    };
  });
  if (Buffer.byteLength(JSON.stringify(messages)) > Math.min(maxBytes, MOST_BYTES)) return RESET;
  return {
    kind: "delta",
    messages,
    deltaCursor: cursorAfter(session, said, cursor.seq),
    pendingInputs: { items: pending.slice(0, MOST_PENDING), total: pending.length },
    sessionInfo: sessionRow(session, runs, engine.routing),
    ...(active && { inFlightRun: { runId: active.run, text: active.text } }),
  };
}
