/** Turns as rows. */
import type { ReplyAddress, Turn, TurnState, Usage } from "@switchboard/core/ports";
import type { AccountId, ChannelId, ErrorRecord, SessionId, SessionKey, TenantId, TurnId } from "@switchboard/domain";
import { fromJson, type Mutable } from "./json.ts";
import { PRIORITIES } from "./lane.ts";

export interface TurnRow {
  readonly seq: number;
  readonly tenant: TenantId;
  readonly id: TurnId;
  /** The session's row. */
  readonly session: number;
  readonly lane: string;
  readonly session_id: SessionId;
  readonly agent: string;
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly priority: number;
  readonly state: TurnState;
  readonly attempts: number;
  readonly starts: number;
  readonly inputs: number;
  readonly transcribed: number;
  readonly created_at: number;
  readonly due_at: number;
  readonly expires_at: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly stop_requested: number;
  readonly draft: number | null;
  readonly run: string | null;
  readonly reply: string | null;
  readonly overrides: string | null;
  readonly usage: string | null;
  readonly error: string | null;
  readonly awaits: number | null;
  /** Hash of what proves that an answer is this turn's. */
  readonly awaits_token: string | null;
  readonly late_answer: string | null;
  readonly waits_until: number | null;
}

/** With what is read of its session; the agent's state only while the turn's stretch lasts. */
export interface TurnOfSession extends TurnRow {
  readonly session_key: SessionKey;
  readonly agent_state: string | null;
}

export function toTurn(row: TurnOfSession): Turn {
  const turn: Mutable<Turn> = {
    id: row.id,
    tenant: row.tenant,
    run: row.run ?? row.id,
    session: row.session_key,
    sessionId: row.session_id,
    agent: row.agent,
    channel: row.channel,
    account: row.account,
    priority: PRIORITIES[row.priority] ?? "normal",
    state: row.state,
    attempts: row.attempts,
    starts: row.starts,
    createdAt: row.created_at,
    dueAt: row.due_at,
    expiresAt: row.expires_at,
  };
  if (row.reply !== null) turn.reply = fromJson<ReplyAddress>(row.reply);
  if (row.started_at !== null) turn.startedAt = row.started_at;
  if (row.finished_at !== null) turn.finishedAt = row.finished_at;
  if (row.error !== null) turn.error = fromJson<ErrorRecord>(row.error);
  if (row.overrides !== null) turn.overrides = fromJson<Record<string, string>>(row.overrides);
  if (row.usage !== null) turn.usage = fromJson<Usage>(row.usage);
  if (row.stop_requested !== 0) turn.stopRequested = true;
  if (row.awaits !== null) turn.awaits = row.awaits;
  if (row.waits_until !== null) turn.waitsUntil = row.waits_until;
  if (row.late_answer !== null) turn.lateAnswer = row.late_answer;
  return turn;
}
