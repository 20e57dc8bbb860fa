/**
 * Where a message is and why. Most steps are read off the rows themselves (inbox, turn, delivery, attempts); only what
 * leaves no row of its own is noted here, e.g. waiting for a rate limit, a broken lease, a replay.
 */
import type { DeliveryId, InboxId, Json, TenantId, TurnId } from "@switchboard/domain";

export type TraceSubject = InboxId | TurnId | DeliveryId;

export interface TraceNote {
  readonly subject: TraceSubject;
  readonly at: number;
  /** Verb in the past or a state, e.g. `waiting-for-rate-limit`. */
  readonly step: string;
  readonly detail?: Json;
}

export interface TraceStore {
  note(tenant: TenantId, notes: readonly TraceNote[]): Promise<void>;
  /** Oldest first. */
  notes(tenant: TenantId, subjects: readonly TraceSubject[]): Promise<readonly TraceNote[]>;
}
