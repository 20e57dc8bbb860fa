/** Updates on their way to the bot. One is kept until the bot confirmed it, by an offset or by a 2xx answer. */
import type { Counter } from "../world/counter.ts";
import type { Journal } from "../world/journal.ts";

export interface QueuedUpdate {
  readonly id: number;
  /** What must arrive in order: a chat, or a person for buttons. */
  readonly lane: string;
  /** The serialised update. */
  readonly json: string;
}

interface KeptUpdate {
  readonly lane: string;
  readonly json: string;
}

/** How many of the newest updates can be sent again. */
const RECENT = 1000;

export class UpdateQueue {
  readonly #journal: Journal;
  readonly #ids: Counter;
  /** By id, which is also the order of arrival. */
  readonly #pending = new Map<number, QueuedUpdate>();
  #recent: QueuedUpdate[] = [];
  /** To be sent a second time. */
  #again: QueuedUpdate[] = [];
  readonly #listeners = new Set<(update?: QueuedUpdate) => void>();

  constructor(journal: Journal, ids: Counter) {
    this.#journal = journal;
    this.#ids = ids;
    for (const { key, value } of journal.load("update")) {
      const { lane, json } = value as KeptUpdate;
      this.#pending.set(Number(key), { id: Number(key), lane, json });
    }
  }

  /** The id of the newest update there has been. */
  get last(): number {
    return this.#ids.last;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Calls back with every new update, and without one when there is something to take again. */
  onArrival(listener: (update?: QueuedUpdate) => void): void {
    this.#listeners.add(listener);
  }

  push(lane: string, kind: string, body: unknown): void {
    const id = this.#ids.next();
    const json = `{"update_id":${id},"${kind}":${JSON.stringify(body)}}`;
    const update: QueuedUpdate = { id, lane, json };
    this.#pending.set(id, update);
    this.#journal.put("update", String(id), (): KeptUpdate => ({ lane, json }));
    this.#recent.push(update);
    if (this.#recent.length > 2 * RECENT) this.#recent = this.#recent.slice(-RECENT);
    for (const listener of this.#listeners) listener(update);
  }

  /** The unconfirmed ones from `from` on, oldest first. */
  *from(from = 0): Iterable<QueuedUpdate> {
    for (const update of this.#pending.values()) if (update.id >= from) yield update;
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
    if (this.#again.some((update) => update.id === id)) for (const listener of this.#listeners) listener();
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

  /** Puts the newest `count` updates up for delivery once more; one that still waits follows its first delivery. */
  redeliver(count: number): void {
    this.#again.push(...this.#recent.slice(-count));
    for (const listener of this.#listeners) listener();
  }

  /** Takes what is to be delivered once more. A repeat never overtakes what has not been delivered at all. */
  takeAgain(): QueuedUpdate[] {
    if (this.#again.length === 0) return [];
    const again = this.#again;
    this.#again = again.filter(({ id }) => this.#pending.has(id));
    return again.filter(({ id }) => !this.#pending.has(id));
  }
}
