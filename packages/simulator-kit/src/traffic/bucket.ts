/** A limit on how often something may happen. */
export interface Limit {
  readonly perSecond: number;
  /** How many may come at once. */
  readonly burst: number;
}

/** A token bucket that begins full. */
export class Bucket {
  readonly #limit: Limit;
  #tokens: number;
  #at = Date.now();

  constructor(limit: Limit) {
    this.#limit = limit;
    this.#tokens = limit.burst;
  }

  /** Seconds until there is a token; 0 when there is one. */
  wait(now = Date.now()): number {
    const { perSecond, burst } = this.#limit;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1000) * perSecond);
    this.#at = now;
    return this.#tokens >= 1 ? 0 : (1 - this.#tokens) / perSecond;
  }

  /** Takes a token; call `wait` first. */
  spend(): void {
    this.#tokens -= 1;
  }
}
