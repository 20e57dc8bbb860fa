/**
 * A circuit breaker (CONN-2): five failures in a row open it, after a pause one trial is let through, and only its
 * success closes it again. Failures of one source count once: they say more about it than about the other side.
 */

export const FAILURES_TO_OPEN = 5;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

export type BreakerState = "closed" | "open" | "half-open";

export class Breaker {
  #failures = 0;
  #openings = 0;
  #openUntil = 0;
  #trial: object | undefined;
  /** Whose failures were counted since the last success. */
  readonly #sources = new Set<string>();

  state(now: number): BreakerState {
    if (this.#failures < FAILURES_TO_OPEN) return "closed";
    return now < this.#openUntil ? "open" : "half-open";
  }

  /** Whether something may be tried now. Half open, only one trial at a time is. */
  allows(now: number): boolean {
    const state = this.state(now);
    return state === "closed" || (state === "half-open" && this.#trial === undefined);
  }

  /** Milliseconds until something may be tried. */
  waitMs(now: number): number {
    if (this.allows(now)) return 0;
    return this.state(now) === "open" ? this.#openUntil - now : 250;
  }

  /** Something is being tried. Call what it returns when that has ended, whether or not there was a verdict. */
  begin(now: number): () => void {
    if (this.state(now) !== "half-open") return () => {};
    const trial = {};
    this.#trial = trial;
    return () => {
      if (this.#trial === trial) this.#trial = undefined;
    };
  }

  success(): void {
    this.#failures = 0;
    this.#openings = 0;
    this.#trial = undefined;
    this.#sources.clear();
  }

  /** `source`: where several failures are one fact, e.g. one conversation's; without it each counts. */
  failure(now: number, source?: string): void {
    this.#trial = undefined;
    if (source !== undefined) {
      if (this.#sources.has(source) && this.state(now) === "closed") return;
      this.#sources.add(source);
    }
    this.#failures += 1;
    if (this.#failures >= FAILURES_TO_OPEN) {
      this.#openUntil = now + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#openings);
      this.#openings += 1;
    }
  }
}

/** What to say of two circuits in one word: the one that lets less through. */
export function lesser(one: BreakerState, other: BreakerState): BreakerState {
  return (["open", "half-open"] as const).find((state) => one === state || other === state) ?? "closed";
}
