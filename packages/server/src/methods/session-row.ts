import type { Session } from "@switchboard/core";
import type { SessionRow } from "@switchboard/protocol";
import type { Runs } from "../faces/runs.ts";

/** A session as lists show it. */
export function sessionRow(session: Session, runs: Runs): SessionRow {
  const active = runs.activeOf(session.tenant, session.key).map(({ run }) => run);
  return {
    key: session.key,
    sessionId: session.id,
    kind: session.kind === "direct" ? "direct" : "group",
    chatType: session.kind,
    channel: session.channel,
    accountId: session.account,
    agentId: session.agent,
    updatedAt: session.lastActiveAt,
    lastActivityAt: session.lastActiveAt,
    createdAt: session.createdAt,
    hasActiveRun: active.length > 0,
    activeRunIds: active,
    entries: session.entries,
    ...(session.title !== undefined && { displayName: session.title }),
    ...(session.preview !== undefined && { lastMessagePreview: session.preview }),
  };
}
