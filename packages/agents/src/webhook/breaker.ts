/**
 * Spares an endpoint that fails again and again: after some failures in a row nobody calls for a while, then one call
 * tries. Each process judges by what it saw itself; two of them spare an endpoint less, and never wrongly.
 */
import { SwitchboardError } from "@switchboard/domain";

export type CircuitState = "closed" | "open" | "half-open" | "gone";

const FAILURES = 5;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

export class Breaker {
  readonly #now: () => number;
  #failures = 0;
  #openUntil = 0;
  #trying = false;
  #gone = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  get state(): CircuitState {
    if (this.#gone) return "gone";
    if (this.#failures < FAILURES) return "closed";
    return this.#now() < this.#openUntil ? "open" : "half-open";
  }

  /** @throws AGENT_006 for an endpoint that is gone, AGENT_001 to try later while it rests. */
  enter(origin: string): void {
    const { state } = this;
    if (state === "gone") throw goneError(origin);
    if (state === "closed") return;
    if (state === "half-open" && !this.#trying) {
      this.#trying = true;
      return;
    }
    const retryAfterMs = Math.max(1_000, this.#openUntil - this.#now());
    throw new SwitchboardError("AGENT_001", `${origin} failed ${this.#failures} times in a row and is left alone.`, {
      retryAfterMs,
    });
  }

  /** It answered, whatever it said. */
  succeeded(): void {
    this.#failures = 0;
    this.#trying = false;
  }

  failed(): void {
    this.#failures += 1;
    this.#trying = false;
    if (this.#failures < FAILURES) return;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(10, this.#failures - FAILURES));
    this.#openUntil = this.#now() + pause;
  }

  /** The call ended without telling how the endpoint is. */
  left(): void {
    this.#trying = false;
  }

  gone(): void {
    this.#gone = true;
  }
}

export function goneError(origin: string): SwitchboardError {
  return new SwitchboardError("AGENT_006", `${origin} answered 410: the agent is gone, and is asked no more.`, {
    details: { status: 410 },
    action: "Correct the agent's url, or start the gateway again when it is back.",
  });
}
