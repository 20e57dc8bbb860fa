/** One lane: what must stay in order. What it counts lets a claim choose without looking at the work itself. */

import type { TurnInput } from "@switchboard/core/ports";
import { type ClaimRequest, type LaneKind, type Lease, PRIORITY } from "@switchboard/core/ports";
import type { AccountId, ChannelId, Priority, TenantId } from "@switchboard/domain";
import type { DeliveryRow } from "./delivery-row.ts";
import type { InboxRow } from "./inbox-row.ts";
import type { TurnOfSession } from "./turn-row.ts";

export const PRIORITIES = ["critical", "high", "normal", "low"] as const satisfies readonly Priority[];
const NEVER = Number.MAX_SAFE_INTEGER;

export interface LaneRow {
  readonly tenant: TenantId;
  readonly kind: LaneKind;
  readonly lane: string;
  readonly channel: ChannelId;
  readonly account: AccountId;
  critical: number;
  high: number;
  normal: number;
  low: number;
  ready_at: number;
  scheduled: number;
  since: number;
  priority: number;
  expires_at: number;
  epoch: number;
  owner: string | null;
  lease_until: number | null;
}

/** A pending row as its lane sees it. */
export interface Pending {
  /** Index into PRIORITIES. */
  readonly priority: number;
  readonly dueAt: number;
  /** Since when it waits. */
  readonly since: number;
  readonly expiresAt?: number;
  /** It was scheduled and its time has come: it goes before what waits. */
  readonly scheduled?: boolean;
  /** It may go before rows that are there already. */
  readonly front?: boolean;
}

/** The first pending row of a lane. */
export interface Head {
  readonly due_at: number;
  readonly since: number;
  readonly scheduled: number;
}

/** A first row that was made in this very call, so that claiming it need not read it back. */
export type Fresh =
  | { readonly kind: "inbox"; readonly row: InboxRow }
  | { readonly kind: "turn"; readonly row: TurnOfSession; readonly inputs: readonly TurnInput[] }
  | { readonly kind: "delivery"; readonly row: DeliveryRow };

/** One lane within one call; changes reach the database when its `Lanes` is flushed. */
export class Lane {
  readonly row: LaneRow;
  stored: boolean;
  dirty = false;
  /** The first row may be another one than `row` says. */
  stale = false;
  fresh: Fresh | undefined;

  constructor(row: LaneRow, stored: boolean) {
    this.row = row;
    this.stored = stored;
  }

  get size(): number {
    const { critical, high, normal, low } = this.row;
    return critical + high + normal + low;
  }

  get leased(): boolean {
    return this.row.owner !== null;
  }

  /** Nobody holds it and nothing waits in it: what is added now is its first row. */
  get idle(): boolean {
    return this.size === 0 && !this.leased;
  }

  get lease(): Lease {
    const { tenant, kind, lane, epoch, owner } = this.row;
    return { tenant, kind, lane, epoch, owner: owner ?? "" };
  }

  add(pending: Pending, fresh?: Fresh): void {
    const { row } = this;
    if (this.size === 0) {
      this.#head(pending.dueAt, pending.since, pending.scheduled ? 1 : 0);
      this.stale = false;
      this.fresh = fresh;
    } else if (pending.front) this.moved();
    this.#count(pending.priority, 1);
    if (pending.expiresAt !== undefined && pending.expiresAt < row.expires_at) row.expires_at = pending.expiresAt;
    this.dirty = true;
  }

  /** A row is pending no more. */
  remove(priority: number): void {
    this.#count(priority, -1);
    this.moved();
  }

  /** A pending row has another priority now. */
  reprioritise(from: number, to: number): void {
    this.#count(from, -1);
    this.#count(to, 1);
    this.dirty = true;
  }

  /** A pending row's due time changed. */
  moved(): void {
    this.stale = true;
    this.fresh = undefined;
    this.dirty = true;
  }

  expireFrom(at: number): void {
    this.row.expires_at = at;
    this.dirty = true;
  }

  grant(request: ClaimRequest, epoch: number, now: number): void {
    this.row.owner = request.owner;
    this.row.epoch = epoch;
    this.row.lease_until = now + request.leaseMs;
    this.fresh = undefined;
    this.dirty = true;
  }

  release(): void {
    this.row.owner = null;
    this.row.lease_until = null;
    this.moved();
  }

  /** What the database says about the first row. */
  settleHead(head: Head | undefined): void {
    this.stale = false;
    if (head) this.#head(head.due_at, head.since, head.scheduled);
  }

  #head(dueAt: number, since: number, scheduled: number): void {
    this.row.ready_at = dueAt;
    this.row.since = since;
    this.row.scheduled = scheduled;
  }

  #count(priority: number, by: number): void {
    const { row } = this;
    if (priority === PRIORITY.critical) row.critical += by;
    else if (priority === PRIORITY.high) row.high += by;
    else if (priority === PRIORITY.normal) row.normal += by;
    else row.low += by;
    row.priority = row.critical > 0 ? 0 : row.high > 0 ? 1 : row.normal > 0 ? 2 : 3;
  }
}

/** A lane without work. */
export function blankLane(
  tenant: TenantId,
  kind: LaneKind,
  lane: string,
  channel: ChannelId,
  account: AccountId,
): LaneRow {
  return {
    tenant,
    kind,
    lane,
    channel,
    account,
    critical: 0,
    high: 0,
    normal: 0,
    low: 0,
    ready_at: 0,
    scheduled: 0,
    since: 0,
    priority: PRIORITY.low,
    expires_at: NEVER,
    epoch: 0,
    owner: null,
    lease_until: null,
  };
}
