/** Time that runs faster than the wall's, and can be pushed forward. */
import type { Clock } from "@switchboard/core";

interface Pending {
  readonly at: number;
  readonly task: () => void;
  timer: NodeJS.Timeout;
}

export class TestClock implements Clock {
  readonly #speed: number;
  readonly #startedAt = Date.now();
  readonly #began = performance.now();
  readonly #pending = new Set<Pending>();
  #offset = 0;

  /** `speed`: how many seconds pass in one of the wall's. */
  constructor(speed = 1) {
    this.#speed = speed;
  }

  readonly now = (): number =>
    Math.floor(this.#startedAt + this.#offset + (performance.now() - this.#began) * this.#speed);

  after(ms: number, task: () => void): () => void {
    const pending: Pending = { at: this.now() + ms, task, timer: setTimeout(() => {}, 0) };
    this.#pending.add(pending);
    this.#arm(pending);
    return () => {
      clearTimeout(pending.timer);
      this.#pending.delete(pending);
    };
  }

  /** Lets `ms` pass at once. What was to happen meanwhile happens now. */
  jump(ms: number): void {
    this.#offset += ms;
    for (const pending of this.#pending) this.#arm(pending);
  }

  #arm(pending: Pending): void {
    clearTimeout(pending.timer);
    const delay = Math.max(0, Math.ceil((pending.at - this.now()) / this.#speed));
    pending.timer = setTimeout(() => {
      this.#pending.delete(pending);
      pending.task();
    }, delay);
    pending.timer.unref();
  }
}
