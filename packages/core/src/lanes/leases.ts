/** Keeps the leases of running work alive, and stops work whose lease was lost. */
import { SwitchboardError } from "@switchboard/domain";
import type { Clock, Lease, Log, Store } from "../ports/index.ts";

interface Held {
  readonly lease: Lease;
  readonly lost: AbortController;
}

export class Leases {
  readonly #held = new Map<number, Held>();
  readonly #ports: { readonly store: Store; readonly clock: Clock; readonly log: Log };
  readonly #leaseMs: number;
  #cancel: (() => void) | undefined;

  constructor(ports: { readonly store: Store; readonly clock: Clock; readonly log: Log }, leaseMs: number) {
    this.#ports = ports;
    this.#leaseMs = leaseMs;
  }

  /** Renews `lease` until `drop`; the signal aborts with STORE_007 when somebody else took the lane. */
  hold(lease: Lease): AbortSignal {
    const lost = new AbortController();
    this.#held.set(lease.epoch, { lease, lost });
    this.#cancel ??= this.#ports.clock.after(this.#leaseMs / 3, () => void this.#renew());
    return lost.signal;
  }

  drop(lease: Lease): void {
    this.#held.delete(lease.epoch);
  }

  async #renew(): Promise<void> {
    this.#cancel = undefined;
    const leases = [...this.#held.values()].map(({ lease }) => lease);
    if (leases.length === 0) return;
    const { clock, log } = this.#ports;
    try {
      const gone = await this.#renewInStore(leases);
      // Work that ended meanwhile gave its lease back by itself: lost is what is gone at a second look and still held.
      const lost = await this.#renewInStore(gone.filter(({ epoch }) => this.#held.has(epoch)));
      for (const { epoch, kind, lane } of lost) {
        if (!this.#held.has(epoch)) continue;
        log.warn({ kind, lane }, "a lease was lost; its work stops");
        this.#held.get(epoch)?.lost.abort(new SwitchboardError("STORE_007"));
        this.#held.delete(epoch);
      }
    } catch (error) {
      log.warn({ error: String(error) }, "leases could not be renewed; trying again");
    }
    this.#cancel ??= clock.after(this.#leaseMs / 3, () => void this.#renew());
  }
  /** Those that are not ours any more. */
  async #renewInStore(leases: readonly Lease[]): Promise<readonly Lease[]> {
    if (leases.length === 0) return [];
    const { clock, store } = this.#ports;
    return store.upkeep.renew(leases, { leaseMs: this.#leaseMs, now: clock.now() });
  }
}
