/** The lanes that one call touches, and the leases on them. */
import type { ClaimRequest, LaneKind, Lease } from "@switchboard/core/ports";
import type { AccountId, ChannelId, TenantId } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain/errors";
import { blankLane, Lane, type LaneRow, PRIORITIES } from "../rows/lane.ts";
import { keyOf, type LaneTable } from "./lane-table.ts";

/** The lanes one call touches: each is read once and written once. */
export class Lanes {
  readonly #table: LaneTable;
  readonly #known = new Map<string, Lane>();

  constructor(table: LaneTable) {
    this.#table = table;
  }

  get all(): Iterable<Lane> {
    return this.#known.values();
  }

  find(tenant: string, kind: LaneKind, name: string): Lane | undefined {
    const known = this.#known.get(keyOf(tenant, kind, name));
    if (known) return known;
    const row = this.#table.find(tenant, kind, name);
    return row && this.#remember(new Lane(row, true));
  }

  /** The lane, made when it is not there. */
  open(tenant: TenantId, kind: LaneKind, name: string, channel: ChannelId, account: AccountId): Lane {
    return (
      this.find(tenant, kind, name) ?? this.#remember(new Lane(blankLane(tenant, kind, name, channel, account), false))
    );
  }

  /** The lane that `lease` is for. @throws STORE_007 when somebody else has it, or nobody. */
  held(lease: Lease, kind: LaneKind): Lane {
    const lane = lease.kind === kind ? this.find(lease.tenant, kind, lease.lane) : undefined;
    if (!lane || lane.row.epoch !== lease.epoch || lane.row.owner !== lease.owner) {
      throw new SwitchboardError("STORE_007", `The lease ${lease.epoch} on ${lease.kind} lane ${lease.lane} was lost.`);
    }
    return lane;
  }

  /** Free lanes with due work: scheduled first, then by priority, then the longest due. */
  free(
    tenant: TenantId,
    kind: LaneKind,
    place: { readonly channel: ChannelId; readonly account: AccountId } | undefined,
    limit: number,
    now: number,
  ): Lane[] {
    const found: Lane[] = [];
    for (let scheduled = kind === "delivery" ? 1 : 0; scheduled >= 0; scheduled -= 1) {
      for (let priority = 0; priority < PRIORITIES.length && found.length < limit; priority += 1) {
        const most = limit - found.length;
        const rows = place
          ? this.#table.freeDeliveries.all(tenant, place.channel, place.account, scheduled, priority, now, most)
          : this.#table.freeWork.all(tenant, kind, scheduled, priority, now, most);
        for (const row of rows) found.push(this.#remember(new Lane(row, true)));
      }
    }
    return found;
  }

  /** Puts a lane that was read some other way among the call's lanes. */
  adopt(row: LaneRow): Lane {
    return this.#remember(new Lane(row, true));
  }

  /** Whether nobody holds the lane and its first row is due. */
  isClaimable(lane: Lane, now: number): boolean {
    if (lane.leased || lane.size === 0) return false;
    if (lane.stale) this.#readHead(lane);
    return lane.row.ready_at <= now;
  }

  grant(lane: Lane, request: ClaimRequest, now: number): Lease {
    lane.grant(request, this.#table.epochs.next(), now);
    return lane.lease;
  }

  /** Writes what changed. */
  flush(): void {
    for (const lane of this.#known.values()) if (lane.dirty) this.#write(lane);
  }

  #remember(lane: Lane): Lane {
    const { tenant, kind, lane: name } = lane.row;
    this.#known.set(keyOf(tenant, kind, name), lane);
    return lane;
  }

  #readHead(lane: Lane): void {
    lane.settleHead(this.#table.heads[lane.row.kind].get(lane.row.tenant, lane.row.lane));
  }

  #write(lane: Lane): void {
    const { row } = lane;
    lane.dirty = false;
    if (row.kind === "delivery" && row.expires_at < this.#table.earliestExpiry) {
      this.#table.earliestExpiry = row.expires_at;
    }
    if (!lane.leased) {
      if (lane.size <= 0) {
        if (lane.stored) this.#table.delete(row);
        lane.stored = false;
        return;
      }
      if (lane.stale) this.#readHead(lane);
    }
    if (lane.stored) this.#table.update(row);
    else {
      this.#table.insert(row);
      lane.stored = true;
    }
  }
}
