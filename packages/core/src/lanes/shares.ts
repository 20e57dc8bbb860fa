/** How many of a pool's places each tenant has, and how many more it may take (TEN-6). */
import type { TenantId } from "@switchboard/domain";

export interface SharesOptions {
  readonly capacity: number;
  /** Whether there is more than one tenant. A single one may have every place. */
  shared(): boolean;
}

/**
 * As long as there are several tenants, one takes a place only while it has fewer than are free, and never more than
 * half of all. So whoever takes all that it may leaves about half of what was free to the others.
 */
export class Shares {
  readonly #options: SharesOptions;
  readonly #taken = new Map<TenantId, number>();
  #total = 0;

  constructor(options: SharesOptions) {
    this.#options = options;
  }

  /** How many places more the tenant may take right now. */
  room(tenant: TenantId): number {
    return this.#room(this.#of(tenant), this.#total);
  }

  take(tenant: TenantId, places: number): void {
    this.#total += places;
    const taken = this.#of(tenant) + places;
    if (taken > 0) this.#taken.set(tenant, taken);
    else this.#taken.delete(tenant);
  }

  /** Whether the tenant may have a place once more that it has now, when `others` wait for one. */
  mayKeep(tenant: TenantId, others: Iterable<TenantId>): boolean {
    if (!this.#options.shared()) return true;
    const taken = this.#of(tenant);
    if (this.#room(taken - 1, this.#total - 1) === 0) return false;
    for (const other of others) {
      const theirs = this.#of(other);
      if (theirs < taken && this.#room(theirs, this.#total - 1) > 0) return false;
    }
    return true;
  }

  #of(tenant: TenantId): number {
    return this.#taken.get(tenant) ?? 0;
  }

  #room(taken: number, total: number): number {
    const { capacity, shared } = this.#options;
    const free = Math.max(0, capacity - total);
    if (!shared()) return free;
    const half = Math.max(1, Math.floor(capacity / 2));
    // Each place that it takes is one that is not free any more.
    return Math.max(0, Math.min(half - taken, Math.ceil((free - taken) / 2)));
  }
}
