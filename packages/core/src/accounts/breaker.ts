/**
 * A circuit breaker (CONN-2): five failures in a row open it, after a pause one trial is let through, and only its
 * success closes it again.
 */

export const FAILURES_TO_OPEN = 5;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

export type BreakerState = "closed" | "open" | "half-open";

export class Breaker {
  #failures = 0;
  #openings = 0;
  #openUntil = 0;
  #trial = false;

  state(now: number): BreakerState {
    if (this.#failures < FAILURES_TO_OPEN) return "closed";
    return now < this.#openUntil ? "open" : "half-open";
  }

  /** Whether something may be tried now. Half open, only one trial at a time is. */
  allows(now: number): boolean {
    const state = this.state(now);
    return state === "closed" || (state === "half-open" && !this.#trial);
  }

  /** Milliseconds until something may be tried. */
  waitMs(now: number): number {
    if (this.allows(now)) return 0;
    return this.state(now) === "open" ? this.#openUntil - now : 250;
  }

  /** Something is being tried. */
  begin(now: number): void {
    if (this.state(now) === "half-open") this.#trial = true;
  }

  success(): void {
    this.#failures = 0;
    this.#openings = 0;
    this.#trial = false;
  }

  failure(now: number): void {
    this.#trial = false;
    this.#failures += 1;
    if (this.#failures >= FAILURES_TO_OPEN) {
      this.#openUntil = now + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#openings);
      this.#openings += 1;
    }
  }

  /** The trial ended without saying anything about the other side. */
  abandon(): void {
    this.#trial = false;
  }
}
