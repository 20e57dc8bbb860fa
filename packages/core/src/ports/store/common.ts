/** What every part of the store shares: lanes, leases, pages. */
import type { AccountId, ChannelId, InboxId, TenantId } from "@switchboard/domain";

/** `inbox`: one lane per conversation; `turn`: one per session; `delivery`: one per conversation, outbound. */
export type LaneKind = "inbox" | "turn" | "delivery";

/**
 * The right to work on one lane. Every commit under a lease checks its epoch; when another owner took the lane since,
 * the commit throws STORE_007 and changes nothing.
 */
export interface Lease {
  readonly tenant: TenantId;
  readonly kind: LaneKind;
  readonly lane: string;
  /** Never used twice, by any owner of any lane. */
  readonly epoch: number;
  readonly owner: string;
}

/** Asks to claim work in the same transaction that makes it, or on its own. */
export interface ClaimRequest {
  /** The process that claims; a new one at each start. */
  readonly owner: string;
  /** How long the lease lives without renewal, in milliseconds. */
  readonly leaseMs: number;
}

/** A lane that has work nobody holds, as the sweeper sees it: one line per tenant, kind and account. */
export interface ReadyWork {
  readonly tenant: TenantId;
  readonly kind: LaneKind;
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly lanes: number;
}

/**
 * The stored event that made somebody decide. A decision has a transaction of its own: after a crash before the event was
 * settled, the event is worked on again, and finds what it decided under its id.
 */
export interface Cause {
  readonly event: InboxId;
  /** From then on the event is worked on no more, and what it decided may be forgotten. */
  readonly expiresAt: number;
}

export interface Page {
  /** Default 50, at most 500. */
  readonly limit?: number;
  /** The `cursor` of the page before. */
  readonly cursor?: string;
}

export interface Paged<Row> {
  readonly rows: readonly Row[];
  /** Absent on the last page. */
  readonly cursor?: string;
}

/** 0…3, served in this order. */
export const PRIORITY = { critical: 0, high: 1, normal: 2, low: 3 } as const;
