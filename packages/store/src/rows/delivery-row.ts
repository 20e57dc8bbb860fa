/** Deliveries and their attempts as rows. */
import type { Attempt, Delivery, DeliveryState } from "@switchboard/core/ports";
import type {
  AccountId,
  ChannelId,
  ConversationId,
  DeliveryId,
  ErrorRecord,
  InboxId,
  MessageId,
  OutboundPart,
  SessionKey,
  Target,
  TenantId,
  TurnId,
} from "@switchboard/domain";
import { fromJson, type Mutable } from "./json.ts";
import { PRIORITIES } from "./lane.ts";

export interface DeliveryRow {
  readonly seq: number;
  readonly tenant: TenantId;
  readonly id: DeliveryId;
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly conversation: ConversationId;
  readonly lane: string;
  readonly place: number;
  readonly kind: Delivery["kind"];
  readonly priority: number;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly last_attempt: number;
  readonly created_at: number;
  readonly due_at: number;
  readonly expires_at: number;
  readonly caused_at: number | null;
  readonly scheduled_at: number | null;
  readonly settled_at: number | null;
  readonly sent_at: number | null;
  readonly delivered_at: number | null;
  readonly read_at: number | null;
  readonly marked_duplicate: number;
  readonly replayed: number;
  readonly session: SessionKey | null;
  readonly turn: TurnId | null;
  readonly event: InboxId | null;
  readonly edits: MessageId | null;
  readonly message_ids: string | null;
  readonly error: string | null;
  readonly target: string;
  readonly part: string;
}

export interface AttemptRow {
  readonly number: number;
  readonly started_at: number;
  readonly finished_at: number | null;
  readonly state: Attempt["state"];
  readonly message_ids: string | null;
  readonly error: string | null;
}

export function toDelivery(row: DeliveryRow): Delivery {
  const delivery: Mutable<Delivery> = {
    id: row.id,
    tenant: row.tenant,
    channel: row.channel,
    account: row.account,
    target: fromJson<Target>(row.target),
    lane: row.lane,
    part: fromJson<OutboundPart>(row.part),
    kind: row.kind,
    priority: PRIORITIES[row.priority] ?? "normal",
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    messageIds: row.message_ids === null ? [] : fromJson<MessageId[]>(row.message_ids),
  };
  if (row.session !== null) delivery.session = row.session;
  if (row.turn !== null) delivery.turn = row.turn;
  if (row.event !== null) delivery.event = row.event;
  if (row.edits !== null) delivery.edits = row.edits;
  if (row.caused_at !== null) delivery.causedAt = row.caused_at;
  if (row.scheduled_at !== null) delivery.dueAt = row.scheduled_at;
  if (row.sent_at !== null) delivery.sentAt = row.sent_at;
  if (row.delivered_at !== null) delivery.deliveredAt = row.delivered_at;
  if (row.read_at !== null) delivery.readAt = row.read_at;
  if (row.error !== null) delivery.error = fromJson<ErrorRecord>(row.error);
  if (row.marked_duplicate !== 0) delivery.markedDuplicate = true;
  if (row.replayed !== 0) delivery.replayed = true;
  return delivery;
}

export function toAttempt(delivery: DeliveryId, row: AttemptRow): Attempt {
  const attempt: Mutable<Attempt> = { delivery, number: row.number, startedAt: row.started_at, state: row.state };
  if (row.finished_at !== null) attempt.finishedAt = row.finished_at;
  if (row.error !== null) attempt.error = fromJson<ErrorRecord>(row.error);
  if (row.message_ids !== null) attempt.messageIds = fromJson<MessageId[]>(row.message_ids);
  return attempt;
}
