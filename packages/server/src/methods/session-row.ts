import { PARAMETERS, parameterValue, type Routing, type Session } from "@switchboard/core";
import type { SessionEntry, SessionRow } from "@switchboard/protocol";
import type { Runs } from "../faces/runs.ts";
import { agentOf } from "./session-keys.ts";

const MODEL = PARAMETERS.find(({ name }) => name === "model");

/** What a session's choices are called on the wire, and as preferences. */
export const CHOICES = {
  model: "model",
  thinkingLevel: "thinking",
  verbosity: "verbosity",
  reasoningLevel: "reasoning",
} as const;
export type ChoiceName = keyof typeof CHOICES;

/** The preference that is a session's label. */
export const LABEL = "label";

/** A session as lists show it. */
export function sessionRow(session: Session, runs: Runs, routing: Pick<Routing, "agents">): SessionRow {
  const active = runs.activeOf(session.tenant, session.key).map(({ run }) => run);
  const { sessionId, updatedAt, model: _, ...chosen } = sessionEntry(session);
  return {
    key: session.key,
    sessionId,
    kind: session.kind === "direct" ? "direct" : "group",
    chatType: session.kind,
    channel: session.channel,
    accountId: session.account,
    agentId: session.agent,
    updatedAt,
    lastActivityAt: session.lastActiveAt,
    createdAt: session.createdAt,
    hasActiveRun: active.length > 0,
    activeRunIds: active,
    entries: session.entries,
    ...modelOf(session, routing),
    ...chosen,
    ...(session.title !== undefined && { displayName: session.title }),
    ...(session.preview !== undefined && { lastMessagePreview: session.preview }),
  };
}

/** What was chosen for it. */
export function sessionEntry({ id, lastActiveAt, preferences = {} }: Session): SessionEntry {
  const { [LABEL]: label } = preferences;
  const chosen = Object.entries(CHOICES).flatMap(([name, preference]) => {
    const value = preferences[preference];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    sessionId: id,
    updatedAt: lastActiveAt,
    ...(label !== undefined && { label }),
    ...Object.fromEntries(chosen),
  };
}

/** The model in force, and what runs it. */
export function modelOf(
  { key, preferences = {} }: Pick<Session, "key" | "preferences">,
  routing: Pick<Routing, "agents">,
): { readonly modelProvider: string; readonly model: string } {
  const agent = agentOf(key, routing);
  const model = MODEL ? parameterValue(MODEL, agent, preferences) : (agent.model ?? agent.runtime);
  return { modelProvider: agent.runtime, model };
}
