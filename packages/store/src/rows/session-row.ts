/** Sessions as rows. */
import type { Session } from "@switchboard/core/ports";
import type {
  AccountId,
  ChannelId,
  ConversationId,
  ConversationKind,
  SessionId,
  SessionKey,
  Target,
  TenantId,
} from "@switchboard/domain";
import { fromJson, type Mutable } from "./json.ts";

export interface SessionRow {
  readonly seq: number;
  readonly tenant: TenantId;
  readonly key: SessionKey;
  readonly lane: string;
  readonly id: SessionId;
  readonly agent: string;
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly conversation: ConversationId;
  readonly kind: ConversationKind;
  readonly created_at: number;
  readonly last_active_at: number;
  readonly entries: number;
  readonly last_entry: number;
  readonly title: string | null;
  readonly preview: string | null;
  readonly target: string;
  readonly agent_state: string | null;
}

/** With its preferences as one JSON object. */
export interface WholeSessionRow extends SessionRow {
  readonly preferences: string;
}

/** What queueing a turn needs to know of its session. */
export type SessionState = Pick<SessionRow, "seq" | "id" | "lane" | "last_active_at" | "agent_state">;

export function toSession(row: WholeSessionRow): Session {
  const session: Mutable<Session> = {
    key: row.key,
    tenant: row.tenant,
    id: row.id,
    agent: row.agent,
    channel: row.channel,
    account: row.account,
    conversation: row.conversation,
    kind: row.kind,
    target: fromJson<Target>(row.target),
    createdAt: row.created_at,
    lastActiveAt: row.last_active_at,
    entries: row.entries,
  };
  if (row.title !== null) session.title = row.title;
  if (row.preview !== null) session.preview = row.preview;
  if (row.agent_state !== null) session.agentState = row.agent_state;
  if (row.preferences !== "{}") session.preferences = fromJson<Record<string, string>>(row.preferences);
  return session;
}
