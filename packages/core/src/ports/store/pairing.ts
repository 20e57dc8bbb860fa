/** People who wrote to an account that does not know them, and wait for somebody to let them in (ACC-1…3). */
import type { AccountId, AccountRef, ChannelId, InboxId, PeerId, Target, TenantId } from "@switchboard/domain";
import type { AuditEntry } from "./audit.ts";
import type { Cause, ClaimRequest } from "./common.ts";
import type { ClaimedDelivery, NewDelivery } from "./outbox.ts";

/** One person's request on one account. */
export interface PairingRequest {
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly sender: PeerId;
  /** Says which request without telling its code. */
  readonly id: string;
  /** What the person was told and tells the owner. */
  readonly code: string;
  /** What the person calls themselves on the platform. */
  readonly label?: string;
  /** Handle without `@`. */
  readonly username?: string;
  /** Where they wrote, and can be told. */
  readonly target: Target;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** From then on it cannot be approved, and takes nobody's place. */
  readonly expiresAt: number;
}

export interface PairingApproval {
  readonly request: PairingRequest;
  /** They hold the `command` authority by this approval. */
  readonly owner: boolean;
  readonly claimed: readonly ClaimedDelivery[];
  /** The same event approved it before: nothing was done now. */
  readonly repeated: boolean;
}

export interface PairingDecision {
  readonly request: PairingRequest;
  readonly decision: "approved" | "dismissed";
}

/** Requests are made by the `pairing-request` effect. */
export interface PairingStore {
  /** Also those that expired and were not pruned yet. The oldest first. */
  list(
    tenant: TenantId,
    filter: { readonly channel?: ChannelId; readonly account?: AccountId },
  ): Promise<readonly PairingRequest[]>;

  /**
   * Removes the request, grants its sender `dm` on this account, and queues deliveries. `owner`: grants `command`, too,
   * unless somebody was granted that before. With a `cause` the event's repetition is told the same and does nothing.
   * `undefined`: the account has no such request that is still valid.
   */
  approve(
    ref: AccountRef,
    id: string,
    input: {
      readonly now: number;
      readonly grantedBy: string;
      readonly owner: boolean;
      readonly audit: AuditEntry;
      readonly deliveries: readonly NewDelivery[];
      readonly claim?: ClaimRequest;
      readonly cause?: Cause;
    },
  ): Promise<PairingApproval | undefined>;

  /** Removes the request; once for a `cause`, as above. `undefined`: the account has no such request that is still valid. */
  dismiss(
    ref: AccountRef,
    id: string,
    input: { readonly now: number; readonly audit: AuditEntry; readonly cause?: Cause },
  ): Promise<PairingRequest | undefined>;

  /** What that event decided on this account. */
  decidedBy(ref: AccountRef, event: InboxId): Promise<readonly PairingDecision[]>;

  /** Deletes what expired before then. Returns how many. */
  prune(before: number): Promise<number>;
}
