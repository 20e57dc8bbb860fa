/** Reading sessions: the list, single ones, previews. */
import type { Session } from "@switchboard/core";
import { type ChannelId, type SessionId, type SessionKey, SwitchboardError, type TenantId } from "@switchboard/domain";
import type { ChatMessage, Params, Result } from "@switchboard/protocol";
import { messageOf } from "../faces/transcript-message.ts";
import type { Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";
import { agentOf, isMainSession, resolveSessionKey } from "./session-keys.ts";
import { sessionRow } from "./session-row.ts";

const STORE_PAGE = 500;
const MOST_SESSIONS = 10_000;

export function sessionMethods(deps: MethodDeps): Handlers {
  const { engine, runs } = deps;
  return {
    async "sessions.list"(params, { tenant, holds }) {
      const { limit = 100, offset = 0, activeMinutes, agentId, channel, label, search } = params;
      const now = engine.clock.now();
      const oldest = activeMinutes === undefined ? 0 : now - activeMinutes * 60_000;
      const filter = {
        ...(agentId !== undefined && { agent: agentId }),
        ...(channel !== undefined && { channel: channel as ChannelId }),
        ...(search !== undefined && { search }),
        ...(label !== undefined && { label }),
      };
      const none = params.archived === true || params.spawnedBy !== undefined;
      const listed = none ? [] : await readSessions(deps, tenant, filter, oldest);
      const active = params.activeOnly && new Set(runs.active(tenant).map(({ session }) => session));
      const all = active ? listed.filter(({ key }) => active.has(key)) : listed;
      const shown = all.slice(offset, offset + limit);
      const hasMore = offset + shown.length < all.length;
      const [agent] = engine.routing.agents;
      return {
        ts: now,
        path: holds("operator.admin") ? deps.stateDirectory : "[redacted]",
        count: shown.length,
        totalCount: all.length,
        limitApplied: limit,
        offset,
        nextOffset: hasMore ? offset + shown.length : null,
        hasMore,
        defaults: { modelProvider: agent.runtime, model: agent.model ?? null, contextTokens: agent.contextTokens },
        sessions: shown.map((session) => sessionRow(session, runs, engine.routing)),
      };
    },

    async "sessions.transcript"({ key, limit = 50, before }, { tenant }) {
      const wanted = resolveSessionKey(key, engine.routing);
      const session = await engine.store.sessions.get(tenant, wanted);
      if (!session) throw new SwitchboardError("REQ_002", `There is no session ${key}.`);
      const [entries, preferences] = await Promise.all([
        engine.store.sessions.transcript(tenant, wanted, { limit: limit + 1, ...(before !== undefined && { before }) }),
        engine.store.sessions.preferences(tenant, wanted),
      ]);
      const hasMore = entries.length > limit;
      return {
        session: sessionRow(session, runs, engine.routing),
        entries: hasMore ? entries.slice(1) : entries,
        preferences,
        hasMore,
      };
    },

    async "sessions.preview"({ keys, limit = 12, maxChars = 240 }, { tenant }) {
      const previews = await Promise.all(keys.map((key) => previewOf(deps, tenant, key, { limit, maxChars })));
      return { ts: engine.clock.now(), previews };
    },

    async "sessions.describe"({ key, agentId }, { tenant }) {
      const session = await engine.store.sessions.get(tenant, resolveSessionKey(key, engine.routing, agentId));
      return { session: session ? sessionRow(session, runs, engine.routing) : null };
    },

    async "sessions.resolve"(params, { tenant }) {
      const found = await findSession(deps, tenant, params);
      if (found.length === 1 && found[0]) return { ok: true, ...found[0] };
      if (found.length > 1) return { ok: false, candidates: found.slice(0, 10) };
      if (params.allowMissing) return { ok: false };
      throw new SwitchboardError("REQ_002", "No such session was found.");
    },

    async "sessions.get"({ key, sessionKey, agentId, limit = 200 }, { tenant }) {
      const wanted = key ?? sessionKey;
      if (wanted === undefined) throw new SwitchboardError("REQ_001", "Say which session: key is missing.");
      const session = resolveSessionKey(wanted, engine.routing, agentId);
      const entries = await engine.store.sessions.transcript(tenant, session, { limit });
      return { messages: entries.map((entry) => messageOf(entry)) };
    },
  };
}

interface Found {
  readonly key: string;
  readonly agentId: string;
  readonly displayName?: string;
}

async function findSession(
  { engine }: MethodDeps,
  tenant: TenantId,
  params: Params<"sessions.resolve">,
): Promise<Found[]> {
  const { agentId, key, label, sessionId, shortId, spawnedBy } = params;
  const given = [key, label, sessionId, shortId].filter((each) => each !== undefined);
  if (given.length !== 1) throw new SwitchboardError("REQ_001", "Give exactly one of key, sessionId and label.");
  // Sessions have no short ids here, and none makes another.
  if (shortId !== undefined || spawnedBy !== undefined) return [];
  if (key !== undefined) {
    const wanted = resolveSessionKey(key, engine.routing, agentId);
    const session = await engine.store.sessions.get(tenant, wanted);
    if (session) return [foundOf(session)];
    // The main session is there before its first message.
    return isMainSession(wanted) ? [{ key: wanted, agentId: agentOf(wanted, engine.routing).id }] : [];
  }
  const { rows } = await engine.store.sessions.list(tenant, {
    limit: 11,
    ...(label !== undefined && { label }),
    ...(sessionId !== undefined && { id: sessionId as SessionId }),
    ...(agentId !== undefined && { agent: agentId }),
  });
  return rows.map(foundOf);
}

function foundOf({ key, agent, title }: Session): Found {
  return { key, agentId: agent, ...(title !== undefined && { displayName: title }) };
}

type Preview = Result<"sessions.preview">["previews"][number];

async function previewOf(
  { engine, log }: MethodDeps,
  tenant: TenantId,
  key: string,
  { limit, maxChars }: { readonly limit: number; readonly maxChars: number },
): Promise<Preview> {
  try {
    const session = await engine.store.sessions.get(tenant, resolveSessionKey(key, engine.routing));
    if (!session) return { key, status: "missing", items: [] };
    const entries = await engine.store.sessions.transcript(tenant, session.key, { limit });
    const items = entries.map((entry) => previewItem(messageOf(entry, undefined, maxChars)));
    return { key, status: items.length > 0 ? "ok" : "empty", items };
  } catch (error) {
    if (error instanceof SwitchboardError && error.code.startsWith("REQ_"))
      return { key, status: "missing", items: [] };
    log.warn({ error: String(error) }, "a preview could not be read");
    return { key, status: "error", items: [] };
  }
}

function previewItem({ role, content }: ChatMessage): Preview["items"][number] {
  const text = content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
  return { role: role === "note" ? "system" : role, text };
}

async function readSessions(
  { engine }: MethodDeps,
  tenant: TenantId,
  filter: { agent?: string; channel?: ChannelId; search?: string; label?: string },
  oldest: number,
): Promise<Session[]> {
  const all: Session[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await engine.store.sessions.list(tenant, { ...filter, limit: STORE_PAGE, ...(cursor && { cursor }) });
    const recent = page.rows.filter(({ lastActiveAt }) => lastActiveAt >= oldest);
    all.push(...recent);
    cursor = page.cursor;
    if (cursor === undefined || recent.length < page.rows.length || all.length >= MOST_SESSIONS) return all;
  }
}

/** A session that must exist. */
export async function requireSession({ engine }: MethodDeps, tenant: TenantId, key: SessionKey): Promise<Session> {
  const session = await engine.store.sessions.get(tenant, key);
  if (!session) throw new SwitchboardError("REQ_002", `There is no session ${key}.`);
  return session;
}
