/** Calls that wait for a connection, by tenant. Those of one tenant keep their order: one batch of it is on its way at a time. */
import type { Mode } from "./opening.ts";

/** Calls that share one transaction at most: an answer must not wait for ever. */
const MOST_CALLS = 256;

/** What of one tenant goes into one transaction. */
export interface Batch<Call> {
  readonly tenant: string;
  readonly mode: Mode;
  readonly calls: readonly Call[];
}

export class Queues<Call extends { readonly mode: Mode }> {
  /** Of tenants that wait or have a batch on its way. */
  readonly #queues = new Map<string, Call[]>();
  /** In the order of their coming. */
  readonly #waiting = new Set<string>();

  /** How many tenants wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  add(tenant: string, call: Call): void {
    const queue = this.#queues.get(tenant);
    if (queue) queue.push(call);
    else {
      this.#queues.set(tenant, [call]);
      this.#waiting.add(tenant);
    }
  }

  /**
   * What one of `sharers` connections carries: its part of the tenants that wait, in one transaction. Tenants with calls
   * of another mode than the first one's stay for the next, and a wide one goes alone. Sorted by tenant, so that two
   * nodes lock in the same order. `done` must follow for each.
   */
  take(sharers: number): readonly Batch<Call>[] {
    const most = Math.ceil(this.#waiting.size / sharers);
    const batches: Batch<Call>[] = [];
    let count = 0;
    for (const tenant of this.#waiting) {
      if (batches.length >= most || count >= MOST_CALLS) break;
      const queue = this.#queues.get(tenant) ?? [];
      const mode = modeOf(queue.slice(0, MOST_CALLS));
      if (batches[0] && (mode === "wide" || mode !== batches[0].mode)) continue;
      const calls = queue.splice(0, MOST_CALLS);
      this.#waiting.delete(tenant);
      batches.push({ tenant, mode, calls });
      count += calls.length;
      if (mode === "wide") break;
    }
    return batches.sort((one, other) => (one.tenant < other.tenant ? -1 : 1));
  }

  /** The batch is over; what came for its tenant meanwhile waits for the next one. */
  done({ tenant }: Batch<Call>): void {
    if (this.#queues.get(tenant)?.length) this.#waiting.add(tenant);
    else this.#queues.delete(tenant);
  }
}

function modeOf(calls: readonly { readonly mode: Mode }[]): Mode {
  const modes = new Set(calls.map(({ mode }) => mode));
  return modes.has("wide") ? "wide" : modes.has("write") ? "write" : "read";
}
