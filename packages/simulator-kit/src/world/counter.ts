/** Numbers that never come again, also after a crash: a stretch of them is reserved before the first is used. */
import type { Journal } from "./journal.ts";

const STRETCH = 64;

export class Counter {
  readonly #journal: Journal;
  readonly #name: string;
  #last: number;
  #reserved: number;

  /** Starts at `first`, or behind what an earlier run reserved. */
  constructor(journal: Journal, name: string, first: number, kept: ReadonlyMap<string, number>) {
    this.#journal = journal;
    this.#name = name;
    this.#reserved = kept.get(name) ?? first - 1;
    this.#last = this.#reserved;
  }

  /** The number last given, or one that an earlier run may have given. */
  get last(): number {
    return this.#last;
  }

  next(): number {
    if (this.#last === this.#reserved) {
      const reserved = this.#last + STRETCH;
      this.#reserved = reserved;
      this.#journal.put("counter", this.#name, () => reserved);
    }
    this.#last += 1;
    return this.#last;
  }

  /** Gives back what was reserved and not used. */
  settle(): void {
    const last = this.#last;
    this.#reserved = last;
    this.#journal.put("counter", this.#name, () => last);
  }
}

/** Makes a world's counters and settles them together. */
export class Counters {
  readonly #journal: Journal;
  readonly #kept: ReadonlyMap<string, number>;
  readonly #all: Counter[] = [];

  constructor(journal: Journal) {
    this.#journal = journal;
    this.#kept = new Map(journal.load("counter").map(({ key, value }) => [key, Number(value)]));
  }

  open(name: string, first: number): Counter {
    const counter = new Counter(this.#journal, name, first, this.#kept);
    this.#all.push(counter);
    return counter;
  }

  settle(): void {
    for (const counter of this.#all) counter.settle();
  }
}
