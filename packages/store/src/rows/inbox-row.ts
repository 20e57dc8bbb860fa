/** Inbox events as rows. */
import type { InboxEvent, InboxState } from "@switchboard/core/ports";
import type {
  AccountId,
  ChannelId,
  ErrorRecord,
  InboundEventKind,
  InboxId,
  SessionKey,
  TenantId,
  TurnId,
} from "@switchboard/domain";
import { fromJson, type Mutable } from "./json.ts";
import { PRIORITIES } from "./lane.ts";

export interface InboxRow {
  readonly tenant: TenantId;
  readonly id: InboxId;
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly key: string;
  readonly fingerprint: string;
  readonly lane: string;
  readonly priority: number;
  readonly state: InboxState;
  readonly attempts: number;
  readonly received_at: number;
  readonly due_at: number;
  readonly expires_at: number;
  readonly settled_at: number | null;
  readonly kind: InboundEventKind | null;
  readonly turn: TurnId | null;
  readonly session: SessionKey | null;
  readonly reason: string | null;
  readonly preview: string | null;
  readonly error: string | null;
  readonly payload: string;
}

export interface StoredInboxRow extends InboxRow {
  readonly seq: number;
}

export function toInboxEvent(row: InboxRow): InboxEvent {
  const event: Mutable<InboxEvent> = {
    id: row.id,
    tenant: row.tenant,
    channel: row.channel,
    account: row.account,
    key: row.key,
    lane: row.lane,
    priority: PRIORITIES[row.priority] ?? "normal",
    payload: row.payload,
    state: row.state,
    attempts: row.attempts,
    receivedAt: row.received_at,
    expiresAt: row.expires_at,
  };
  if (row.settled_at !== null) event.settledAt = row.settled_at;
  if (row.reason !== null) event.reason = row.reason;
  if (row.error !== null) event.error = fromJson<ErrorRecord>(row.error);
  if (row.kind !== null) event.kind = row.kind;
  if (row.turn !== null) event.turn = row.turn;
  if (row.session !== null) event.session = row.session;
  if (row.preview !== null) event.preview = row.preview;
  return event;
}
