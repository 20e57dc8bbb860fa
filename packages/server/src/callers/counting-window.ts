/** Counts by key within a sliding stretch of time. In memory, with a bound on how many keys are kept. */

const MOST_KEYS = 10_000;

export class CountingWindow {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #times = new Map<string, number[]>();

  constructor(limit: { readonly calls: number; readonly windowMs: number }) {
    this.#limit = limit.calls;
    this.#windowMs = limit.windowMs;
  }

  /** Counts one, unless that would be too many: then returns the milliseconds until there is room. */
  take(key: string, now: number): number {
    const times = this.#recent(key, now);
    const oldest = times[0];
    if (times.length >= this.#limit && oldest !== undefined) return oldest + this.#windowMs - now;
    times.push(now);
    this.#times.delete(key);
    this.#times.set(key, times);
    this.#forget();
    return 0;
  }

  /** How many count now. */
  count(key: string, now: number): number {
    return this.#recent(key, now).length;
  }

  clear(key: string): void {
    this.#times.delete(key);
  }

  #recent(key: string, now: number): number[] {
    return (this.#times.get(key) ?? []).filter((at) => now - at < this.#windowMs);
  }

  /** Those untouched longest go first. */
  #forget(): void {
    for (const key of this.#times.keys()) {
      if (this.#times.size <= MOST_KEYS) return;
      this.#times.delete(key);
    }
  }
}
