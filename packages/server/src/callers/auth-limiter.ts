/** Slows down guessing: who fails too often is locked out for a while; on this machine each failure costs time. */
import { CountingWindow } from "./counting-window.ts";
import type { OriginKind } from "./origin.ts";
import { networkOf, type Peer } from "./peer.ts";

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5_000;
const MOST_LOCKED = 10_000;

/** So many wrong credentials within so many milliseconds; then none is looked at for `lockoutMs`. */
export interface FailureLimit {
  readonly calls: number;
  readonly windowMs: number;
  readonly lockoutMs: number;
}

export interface Guesser {
  readonly peer: Peer;
  readonly origin: OriginKind;
  readonly originHeader: string | undefined;
  /**
   * What is tried: one device that comes back with a void token must lock out neither the owner nor other devices behind
   * the same address. Default the gateway's secret.
   */
  readonly credential?: string;
}

export class AuthLimiter {
  readonly #failures: CountingWindow;
  readonly #limits: FailureLimit;
  readonly #lockedUntil = new Map<string, number>();

  constructor(limits: FailureLimit) {
    this.#limits = limits;
    this.#failures = new CountingWindow({ ...limits, calls: Number.MAX_SAFE_INTEGER });
  }

  /** Milliseconds until this caller may try again; 0: now. */
  lockedFor(guesser: Guesser, now: number): number {
    const key = keyOf(guesser);
    const until = this.#lockedUntil.get(key) ?? 0;
    if (until > now) return until - now;
    this.#lockedUntil.delete(key);
    return 0;
  }

  /** Notes a wrong credential. Returns how long to wait before saying so. */
  failed(guesser: Guesser, now: number): number {
    const key = keyOf(guesser);
    this.#failures.take(key, now);
    const count = this.#failures.count(key, now);
    if (isPlainLocal(guesser)) return Math.min(FIRST_DELAY_MS * 2 ** (count - 1), LONGEST_DELAY_MS);
    if (count >= this.#limits.calls) {
      this.#failures.clear(key);
      this.#lockedUntil.set(key, now + this.#limits.lockoutMs);
      const [first] = this.#lockedUntil.keys();
      if (this.#lockedUntil.size > MOST_LOCKED && first !== undefined) this.#lockedUntil.delete(first);
    }
    return 0;
  }

  succeeded(guesser: Guesser): void {
    this.#failures.clear(keyOf(guesser));
  }
}

/** Programs of this machine are not locked out: that would let any of them lock out the owner. Pages are. */
function isPlainLocal({ peer, origin }: Guesser): boolean {
  return peer.local && origin === "none";
}

function keyOf({ credential = "secret", originHeader, peer }: Guesser): string {
  const from = peer.local && originHeader !== undefined ? `origin ${originHeader.slice(0, 256)}` : networkOf(peer.ip);
  return `${credential} ${from}`;
}
