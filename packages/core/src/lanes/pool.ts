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
  /** Room became free while work was waiting. */
  onRoom(): void;
}

export class LanePool<Claimed extends { readonly lease: Lease }> {
  readonly #options: PoolOptions<Claimed>;
  readonly #idle = new Set<() => void>();
  #active = 0;
  #draining = false;
  #refused = false;

  constructor(options: PoolOptions<Claimed>) {
    this.#options = options;
  }

  get active(): number {
    return this.#active;
  }

  get room(): number {
    return this.#draining ? 0 : Math.max(0, this.#options.capacity - this.#active);
  }

  /** What to pass where work is made: claim it at once if there is room here. */
  request(): ClaimRequest | undefined {
    if (this.room > 0) return { owner: this.#options.owner, leaseMs: this.#options.leaseMs };
    this.#refused = true;
    return undefined;
  }

  /** What to pass when a lane's work ends: keep the lane, unless the pool drains. */
  keep(): ClaimRequest | undefined {
    return this.#draining ? undefined : { owner: this.#options.owner, leaseMs: this.#options.leaseMs };
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
    const claimed = await claim({ owner: this.#options.owner, leaseMs: this.#options.leaseMs, limit });
    this.accept(claimed);
    if (claimed.length === limit) this.#refused = true;
    return claimed.length;
  }

  /** Claims nothing new any more. Resolves when the running work has ended. */
  async drain(): Promise<void> {
    this.#draining = true;
    if (this.#active > 0) await new Promise<void>((resolve) => this.#idle.add(resolve));
  }

  async #run(first: Claimed): Promise<void> {
    const { leases, log, kind } = this.#options;
    this.#active += 1;
    for (let item: Claimed | undefined = first; item; ) {
      const { lease } = item;
      const lost = leases.hold(lease);
      try {
        item = await this.#options.work(item, lost);
      } catch (error) {
        item = undefined;
        const code = error instanceof SwitchboardError ? error.code : undefined;
        if (code === "STORE_007") log.warn({ kind, lane: lease.lane }, "stopped: the lease was lost");
        else
          log.error(
            { kind, lane: lease.lane, code, error: String(error) },
            "work ended with an error; its lease will run out",
          );
      } finally {
        leases.drop(lease);
      }
    }
    this.#active -= 1;
    if (this.#refused && !this.#draining) {
      this.#refused = false;
      this.#options.onRoom();
    }
    if (this.#active === 0) {
      for (const resolve of this.#idle) resolve();
      this.#idle.clear();
    }
  }
}
