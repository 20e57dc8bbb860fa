/**
 * Works on claimed lanes of one kind, so many at a time. Work arrives already claimed with the transaction that made
 * it (the fast path) or is claimed here when a wake-up or the sweeper says that there is some.
 */
import { SwitchboardError } from "@switchboard/domain";
import type { ClaimRequest, LaneKind, Lease, Log } from "../ports/index.ts";
import type { Leases } from "./leases.ts";

export interface PoolOptions<Claimed> {
  readonly kind: LaneKind;
  readonly owner: string;
  readonly leaseMs: number;
  readonly capacity: number;
  readonly leases: Leases;
  readonly log: Log;
  /** Works on one claimed item; returns the lane's next one if it kept the lane. */
  work(claimed: Claimed, lost: AbortSignal): Promise<Claimed | undefined>;
  /** The work threw what nobody expected: gives it back or ends it. If this throws, too, its lease runs out. */
  rescue(claimed: Claimed, thrown: unknown, lost: AbortSignal): Promise<void>;
  /** Room became free while work was waiting. */
  onRoom(): void;
}

export class LanePool<Claimed extends { readonly lease: Lease }> {
  readonly #options: PoolOptions<Claimed>;
  readonly #idle = new Set<() => void>();
  #active = 0;
  /** Room that is spoken for: it is being claimed. */
  #reserved = 0;
  #draining = false;
  #refused = false;

  constructor(options: PoolOptions<Claimed>) {
    this.#options = options;
  }

  get active(): number {
    return this.#active;
  }

  get room(): number {
    return this.#draining ? 0 : Math.max(0, this.#options.capacity - this.#active - this.#reserved);
  }

  /**
   * What to pass where work is made: claim it at once if there is room here. Many may ask before the first one comes
   * back, so this bounds short work only roughly; what must keep to the capacity reserves.
   */
  request(): ClaimRequest | undefined {
    if (!this.#draining && this.#active < this.#options.capacity) return this.#claim();
    this.#refused = true;
    return undefined;
  }

  /** As `request`, for one lane; the room is held until `release`, which must follow whatever came of it. */
  reserve(): ClaimRequest | undefined {
    if (this.room > 0) {
      this.#reserved += 1;
      return this.#claim();
    }
    this.#refused = true;
    return undefined;
  }

  /** Gives reserved room back; what was claimed with it is accepted before. */
  release(places: number): void {
    this.#reserved -= places;
    if (this.room > 0) this.#tellRoom();
  }

  /** What to pass when a lane's work ends: keep the lane, unless the pool drains. */
  keep(): ClaimRequest | undefined {
    return this.#draining ? undefined : this.#claim();
  }

  /** Takes over claimed lanes. They are worked on even if that exceeds the capacity: they are ours already. */
  accept(claimed: readonly Claimed[]): void {
    for (const item of claimed) void this.#run(item);
  }

  /** Claims as much as there is room for. Returns how many lanes that were. */
  async fill(claim: (input: ClaimRequest & { limit: number }) => Promise<readonly Claimed[]>): Promise<number> {
    const limit = this.room;
    if (limit === 0) {
      this.#refused = true;
      return 0;
    }
    this.#reserved += limit;
    try {
      const claimed = await claim({ ...this.#claim(), limit });
      this.accept(claimed);
      if (claimed.length === limit) this.#refused = true;
      return claimed.length;
    } finally {
      this.release(limit);
    }
  }

  /** Claims nothing new any more. Resolves when the running work has ended. */
  async drain(): Promise<void> {
    this.#draining = true;
    if (this.#active > 0) await new Promise<void>((resolve) => this.#idle.add(resolve));
  }

  async #run(first: Claimed): Promise<void> {
    const { leases } = this.#options;
    this.#active += 1;
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
    this.#tellRoom();
    if (this.#active === 0) {
      for (const resolve of this.#idle) resolve();
      this.#idle.clear();
    }
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

  #tellRoom(): void {
    if (!this.#refused || this.#draining) return;
    this.#refused = false;
    this.#options.onRoom();
  }
}
