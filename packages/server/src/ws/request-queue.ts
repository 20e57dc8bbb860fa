/**
 * Between reading a request and beginning it. Begins at once while there is room in this turn of the event loop, so
 * that a burst of requests cannot keep everything else from running; what does not fit is refused, not piled up.
 */
import type { GatewayLimits } from "./limits.ts";

type Limits = Pick<GatewayLimits, "pendingRequests" | "pendingRequestBytes" | "startsPerTurn" | "startMsPerTurn">;

interface Waiting {
  readonly bytes: number;
  readonly begin: () => void;
}

export class RequestQueue {
  readonly #limits: Limits;
  #waiting: Waiting[] = [];
  #bytes = 0;
  #started = 0;
  #spentMs = 0;
  #turnEnds: NodeJS.Immediate | undefined;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** False when too much waits already: `begin` is then never called. */
  push(bytes: number, begin: () => void): boolean {
    if (this.#waiting.length === 0 && this.#hasRoom()) {
      this.#begin(begin);
      return true;
    }
    const full =
      this.#waiting.length >= this.#limits.pendingRequests || this.#bytes + bytes > this.#limits.pendingRequestBytes;
    if (full) return false;
    this.#waiting.push({ bytes, begin });
    this.#bytes += bytes;
    this.#watchTurn();
    return true;
  }

  #hasRoom(): boolean {
    return this.#started < this.#limits.startsPerTurn && this.#spentMs < this.#limits.startMsPerTurn;
  }

  #begin(begin: () => void): void {
    this.#watchTurn();
    this.#started += 1;
    const before = performance.now();
    begin();
    this.#spentMs += performance.now() - before;
  }

  #watchTurn(): void {
    this.#turnEnds ??= setImmediate(() => {
      this.#turnEnds = undefined;
      this.#started = 0;
      this.#spentMs = 0;
      let next = 0;
      for (; next < this.#waiting.length && this.#hasRoom(); next += 1) {
        const waiting = this.#waiting[next];
        if (!waiting) break;
        this.#bytes -= waiting.bytes;
        this.#begin(waiting.begin);
      }
      this.#waiting = this.#waiting.slice(next);
      if (this.#waiting.length > 0) this.#watchTurn();
    });
  }
}
