/** Who of the entitled gets an event: their tenant, subscriptions, and what clients said they can take. */
import type { TenantId } from "@switchboard/domain";
import {
  type EventName,
  type EventPayload,
  type EventSpec,
  holds,
  type LiveStep,
  type Scope,
} from "@switchboard/protocol";

/** Tells a client that it wants events of named sessions only. */
const SESSION_SCOPED = "session-scoped-events";
/** Tells a client that it can show what tools do. */
const TOOL_EVENTS = "tool-events";

/** For events that say nothing of any tenant. */
export const EVERYBODY = "everybody";

/** What is known of a client when an event is about to go out. */
export interface Listener {
  readonly tenant: TenantId;
  readonly caps: ReadonlySet<string>;
  readonly topics: ReadonlySet<string>;
  /** Runs this client started. */
  readonly runs: ReadonlySet<string>;
}

/** What an event is about. */
export interface Audience {
  /** Only those of this tenant; `everybody`: it tells of the gateway itself. */
  readonly tenant: TenantId | typeof EVERYBODY;
  /** Only those who subscribed to one of these. */
  readonly topics?: readonly string[];
  readonly session?: string | undefined;
  readonly run?: string | undefined;
  /** Only those who started the run and can show tools. */
  readonly toolStream?: boolean;
}

export const topics = {
  sessionList: "sessions",
  session: (key: string) => `session:${key}`,
  trace: ({ id, session }: { readonly id?: string | undefined; readonly session?: string | undefined }) =>
    id !== undefined ? `trace:${id}` : session !== undefined ? `trace:session:${session}` : "trace",
};

type AudienceOf = { readonly [E in EventName]?: (payload: EventPayload<E>) => Omit<Audience, "tenant"> };

const audiences: AudienceOf = {
  chat: ({ sessionKey, runId }) => ({ session: sessionKey, run: runId }),
  agent: ({ sessionKey, runId, stream }) => ({ session: sessionKey, run: runId, toolStream: stream === "tool" }),
  "sessions.changed": () => ({ topics: [topics.sessionList] }),
  trace: (step) => ({ topics: traceTopics(step) }),
};

function traceTopics({ subject, event, turn, delivery, session }: EventPayload<"trace"> & LiveStep): string[] {
  const ids = [subject, event, turn, delivery].filter((id) => id !== undefined);
  return [
    "trace",
    ...ids.map((id) => topics.trace({ id })),
    ...(session === undefined ? [] : [topics.trace({ session })]),
  ];
}

export function audienceOf<E extends EventName>(
  tenant: Audience["tenant"],
  event: E,
  payload: EventPayload<E>,
): Audience {
  return { ...audiences[event]?.(payload), tenant };
}

export function listensTo(listener: Listener, audience: Audience): boolean {
  const { session, run, tenant } = audience;
  if (tenant !== EVERYBODY && tenant !== listener.tenant) return false;
  if (audience.topics && !audience.topics.some((topic) => listener.topics.has(topic))) return false;
  const ownRun = run !== undefined && listener.runs.has(run);
  if (audience.toolStream && !(ownRun && listener.caps.has(TOOL_EVENTS))) return false;
  if (session === undefined || !listener.caps.has(SESSION_SCOPED)) return true;
  return ownRun || listener.topics.has(topics.session(session));
}

/** Whether someone with these scopes may hear what needs `scope`; nodes only what everybody may. */
export function entitled(role: string, scopes: readonly Scope[], scope: EventSpec["scope"]): boolean {
  if (scope === null) return true;
  return scope !== "handshake" && scope !== "node" && role === "operator" && holds(scopes, scope);
}

/** Whether a node asked for the chat that an event belongs to. */
export function isSubscribedChat({ topics: chosen }: Listener, { session, toolStream }: Audience): boolean {
  return session !== undefined && !toolStream && chosen.has(topics.session(session));
}
