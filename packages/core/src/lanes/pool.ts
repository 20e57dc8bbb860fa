/**
 * Works on claimed lanes of one kind, so many at a time. Work arrives already claimed with the transaction that made
 * it (the fast path) or is claimed here when a wake-up or the sweeper says that there is some.
 */
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import type { ClaimRequest, LaneKind, Lease, Log } from "../ports/index.ts";
import type { Leases } from "./leases.ts";
import { Shares } from "./shares.ts";

export interface PoolOptions<Claimed> {
  readonly kind: LaneKind;
  readonly owner: string;
  readonly leaseMs: number;
  readonly capacity: number;
  readonly leases: Leases;
  readonly log: Log;
  /** Whether several tenants share the places, see `Shares`. */
  shared(): boolean;
  /** Works on one claimed item; returns the lane's next one if it kept the lane. */
  work(claimed: Claimed, lost: AbortSignal): Promise<Claimed | undefined>;
  /** The work threw what nobody expected: gives it back or ends it. If this throws, too, its lease runs out. */
  rescue(claimed: Claimed, thrown: unknown, lost: AbortSignal): Promise<void>;
  /** There is room for a tenant that had work waiting. */
  onRoom(tenant: TenantId): void;
}

export class LanePool<Claimed extends { readonly lease: Lease }> {
  readonly #options: PoolOptions<Claimed>;
  readonly #idle = new Set<() => void>();
  /** Places where somebody works, and those that are spoken for: they are being claimed. */
  readonly #shares: Shares;
  /** Tenants that found no room, the one that has waited longest first. */
  readonly #refused = new Set<TenantId>();
  #active = 0;
  #claims = 0;
  #draining = false;

  constructor(options: PoolOptions<Claimed>) {
    this.#options = options;
    this.#shares = new Shares(options);
  }

  get active(): number {
    return this.#active;
  }

  /**
   * What to pass where work is made: claim it at once if there is room here. Many may ask before the first one comes
   * back, so this bounds short work only roughly; what must keep to the capacity reserves.
   */
  request(tenant: TenantId): ClaimRequest | undefined {
    if (!this.#draining && this.#active < this.#options.capacity) return this.#claim();
    this.#refused.add(tenant);
    return undefined;
  }

  /** As `request`, for one lane; the room is held until `release`, which must follow whatever came of it. */
  reserve(tenant: TenantId): ClaimRequest | undefined {
    if (this.#room(tenant) === 0) return undefined;
    this.#shares.take(tenant, 1);
    return this.#claim();
  }

  /** Gives reserved room back; what was claimed with it is accepted before. */
  release(tenant: TenantId, places: number): void {
    this.#shares.take(tenant, -places);
    this.#tellRoom();
  }

  /** What to pass when a lane's work ends: keep the lane, unless the pool drains or others have waited for the place. */
  keep(tenant: TenantId): ClaimRequest | undefined {
    if (this.#draining) return undefined;
    if (this.#shares.mayKeep(tenant, this.#refused)) return this.#claim();
    // Behind those that have waited for it.
    this.#refused.delete(tenant);
    this.#refused.add(tenant);
    return undefined;
  }

  /** Takes over claimed lanes. They are worked on even if that exceeds the capacity: they are ours already. */
  accept(claimed: readonly Claimed[]): void {
    for (const item of claimed) void this.#run(item);
  }

  /** Claims as much as there is room for. Returns how many lanes that were. */
  async fill(
    tenant: TenantId,
    claim: (input: ClaimRequest & { limit: number }) => Promise<readonly Claimed[]>,
  ): Promise<number> {
    const limit = this.#room(tenant);
    if (limit === 0) return 0;
    this.#shares.take(tenant, limit);
    this.#claims += 1;
    try {
      const claimed = await claim({ ...this.#claim(), limit });
      this.accept(claimed);
      if (claimed.length === limit) this.#refused.add(tenant);
      return claimed.length;
    } finally {
      this.#claims -= 1;
      this.release(tenant, limit);
      this.#tellIdle();
    }
  }

  /** Claims nothing new any more. Resolves when the running work has ended, and what is being claimed just now. */
  async drain(): Promise<void> {
    this.#draining = true;
    const idle = new Promise<void>((resolve) => this.#idle.add(resolve));
    this.#tellIdle();
    await idle;
  }

  async #run(first: Claimed): Promise<void> {
    const { leases } = this.#options;
    const { tenant } = first.lease;
    this.#active += 1;
    this.#shares.take(tenant, 1);
    for (let item: Claimed | undefined = first; item; ) {
      const claimed: Claimed = item;
      const { lease } = claimed;
      const lost = leases.hold(lease);
      try {
        item = await this.#options.work(claimed, lost);
      } catch (error) {
        await this.#failed(claimed, error, lost);
        item = undefined;
      } finally {
        leases.drop(lease);
      }
    }
    this.#active -= 1;
    this.#shares.take(tenant, -1);
    this.#tellRoom();
    this.#tellIdle();
  }

  async #failed(item: Claimed, thrown: unknown, lost: AbortSignal): Promise<void> {
    const { kind, log, rescue } = this.#options;
    const { lane } = item.lease;
    const code = thrown instanceof SwitchboardError ? thrown.code : undefined;
    if (code === "STORE_007") {
      log.warn({ kind, lane }, "stopped: the lease was lost");
      return;
    }
    log.error({ kind, lane, code, error: String(thrown) }, "work ended with an error nobody expected");
    try {
      await rescue(item, thrown, lost);
    } catch (error) {
      log.error({ kind, lane, error: String(error) }, "the work could not be given back; its lease will run out");
    }
  }

  #claim(): ClaimRequest {
    return { owner: this.#options.owner, leaseMs: this.#options.leaseMs };
  }

  /** A tenant that finds none is told when there is some. */
  #room(tenant: TenantId): number {
    const room = this.#draining ? 0 : this.#shares.room(tenant);
    if (room === 0) this.#refused.add(tenant);
    return room;
  }

  #tellIdle(): void {
    if (this.#active > 0 || this.#claims > 0) return;
    for (const resolve of this.#idle) resolve();
    this.#idle.clear();
  }

  #tellRoom(): void {
    if (this.#draining) return;
    for (const tenant of [...this.#refused]) {
      if (this.#shares.room(tenant) === 0) continue;
      this.#refused.delete(tenant);
      this.#options.onRoom(tenant);
    }
  }
}
