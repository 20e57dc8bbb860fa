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

  async find(tenant: string, kind: LaneKind, name: string): Promise<Lane | undefined> {
    const known = this.#known.get(keyOf(tenant, kind, name));
    if (known) return known;
    const row = await this.#table.find(tenant, kind, name);
    return row && this.#remember(new Lane(row, true));
  }

  /** The lane, made when it is not there. */
  async open(tenant: TenantId, kind: LaneKind, name: string, channel: ChannelId, account: AccountId): Promise<Lane> {
    const known = this.#known.get(keyOf(tenant, kind, name));
    if (known) return known;
    const lane = new Lane(await this.#table.open(blankLane(tenant, kind, name, channel, account)), true);
    // A row that was made for nothing goes again.
    lane.dirty = lane.idle;
    return this.#remember(lane);
  }

  /** The lane that `lease` is for. @throws STORE_007 when somebody else has it, or nobody. */
  async held(lease: Lease, kind: LaneKind): Promise<Lane> {
    const lane = lease.kind === kind ? await this.find(lease.tenant, kind, lease.lane) : undefined;
    if (!lane || lane.row.epoch !== lease.epoch || lane.row.owner !== lease.owner) {
      throw new SwitchboardError("STORE_007", `The lease ${lease.epoch} on ${lease.kind} lane ${lease.lane} was lost.`);
    }
    return lane;
  }

  /** Free lanes with due work: scheduled first, then by priority, then the longest due. */
  async free(
    tenant: TenantId,
    kind: LaneKind,
    place: { readonly channel: ChannelId; readonly account: AccountId } | undefined,
    limit: number,
    now: number,
  ): Promise<Lane[]> {
    const found: Lane[] = [];
    for (let scheduled = kind === "delivery" ? 1 : 0; scheduled >= 0; scheduled -= 1) {
      for (let priority = 0; priority < PRIORITIES.length && found.length < limit; priority += 1) {
        const most = limit - found.length;
        const rows = place
          ? await this.#table.freeDeliveries.all(tenant, place.channel, place.account, scheduled, priority, now, most)
          : await this.#table.freeWork.all(tenant, kind, scheduled, priority, now, most);
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
  async isClaimable(lane: Lane, now: number): Promise<boolean> {
    if (lane.leased || lane.size === 0) return false;
    if (lane.stale) await this.#readHead(lane);
    return lane.row.ready_at <= now;
  }

  async grant(lane: Lane, request: ClaimRequest, now: number): Promise<Lease> {
    lane.grant(request, await this.#table.epochs.next(), now);
    return lane.lease;
  }

  /** Writes what changed. */
  async flush(): Promise<void> {
    for (const lane of this.#known.values()) if (lane.dirty) await this.#write(lane);
  }

  #remember(lane: Lane): Lane {
    const { tenant, kind, lane: name } = lane.row;
    this.#known.set(keyOf(tenant, kind, name), lane);
    return lane;
  }

  async #readHead(lane: Lane): Promise<void> {
    lane.settleHead(await this.#table.heads[lane.row.kind].get(lane.row.tenant, lane.row.lane));
  }

  async #write(lane: Lane): Promise<void> {
    const { row } = lane;
    lane.dirty = false;
    if (!lane.leased) {
      if (lane.size <= 0) {
        await this.#table.delete(row);
        return;
      }
      if (lane.stale) await this.#readHead(lane);
    }
    await this.#table.update(row);
  }
}
