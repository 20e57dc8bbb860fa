/** What is on its way to the account. Each is kept until the account confirmed it, e.g. by an offset or a 2xx answer. */
import type { Counter } from "../world/counter.ts";
import type { Journal } from "../world/journal.ts";

export interface Delivery {
  readonly id: number;
  /** What must arrive in order: a chat, say. */
  readonly lane: string;
  /** As it is sent. */
  readonly body: string;
  /** Which of the account's addresses it goes to, where there are several: "status", say. */
  readonly to?: string;
}

type Kept = Omit<Delivery, "id">;

/** How many of the newest deliveries can be sent again. */
const RECENT = 1000;

export class DeliveryQueue {
  readonly #journal: Journal;
  readonly #ids: Counter;
  /** By id, which is also the order of arrival. */
  readonly #pending = new Map<number, Delivery>();
  #recent: Delivery[] = [];
  /** To be sent a second time. */
  #again: Delivery[] = [];
  readonly #listeners = new Set<(delivery?: Delivery) => void>();

  constructor(journal: Journal, ids: Counter) {
    this.#journal = journal;
    this.#ids = ids;
    for (const { key, value } of journal.load("update")) {
      this.#pending.set(Number(key), { ...(value as Kept), id: Number(key) });
    }
  }

  /** The id of the newest delivery there has been. */
  get last(): number {
    return this.#ids.last;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Calls back with every new delivery, and without one when there is something to take again. */
  onArrival(listener: (delivery?: Delivery) => void): void {
    this.#listeners.add(listener);
  }

  /** `write` makes the body for the number that the delivery has now. */
  push(lane: string, write: (id: number) => string, to?: string): void {
    const id = this.#ids.next();
    const kept: Kept = { lane, body: write(id), ...(to !== undefined && { to }) };
    const delivery: Delivery = { id, ...kept };
    this.#pending.set(id, delivery);
    this.#journal.put("update", String(id), () => kept);
    this.#recent.push(delivery);
    if (this.#recent.length > 2 * RECENT) this.#recent = this.#recent.slice(-RECENT);
    for (const listener of this.#listeners) listener(delivery);
  }

  /** The unconfirmed ones from `from` on, oldest first. */
  *from(from = 0): Iterable<Delivery> {
    for (const delivery of this.#pending.values()) if (delivery.id >= from) yield delivery;
  }

  /** Forgets everything before `id`. */
  confirmBefore(id: number): void {
    for (const pending of this.#pending.keys()) {
      if (pending >= id) break;
      this.confirm(pending);
    }
  }

  confirm(id: number): void {
    if (!this.#pending.delete(id)) return;
    this.#journal.drop("update", String(id));
    if (this.#again.some((delivery) => delivery.id === id)) for (const listener of this.#listeners) listener();
  }

  /** Keeps only the newest `count`. */
  keepNewest(count: number): void {
    let surplus = this.#pending.size - count;
    for (const id of this.#pending.keys()) {
      if (surplus <= 0) break;
      this.confirm(id);
      surplus -= 1;
    }
  }

  clear(): void {
    this.keepNewest(0);
    this.#again = [];
  }

  /** Puts the newest `count` deliveries up for delivery once more; one that still waits follows its first delivery. */
  redeliver(count: number): void {
    this.#again.push(...this.#recent.slice(-count));
    for (const listener of this.#listeners) listener();
  }

  /** Takes what is to be delivered once more. A repeat never overtakes what has not been delivered at all. */
  takeAgain(): Delivery[] {
    if (this.#again.length === 0) return [];
    const again = this.#again;
    this.#again = again.filter(({ id }) => this.#pending.has(id));
    return again.filter(({ id }) => !this.#pending.has(id));
  }
}
