/**
 * Remembers what side effects answered, so that a request that comes twice acts once (DEV-10). In memory and for a few
 * minutes: it covers a client that did not hear the answer. What must hold over a restart is the store's business.
 */
import type { GatewayLimits } from "../lines/limits.ts";

/** One answer, in the form it goes out. */
export interface Answer {
  readonly ok: boolean;
  readonly body: unknown;
  /** A failure after which nothing is there to repeat: the next request under this key is a new one. */
  readonly forget?: boolean;
}

export interface Repeat {
  /** What the key stands for; another one under the same key is a mistake. */
  readonly bound: string;
  readonly settled: boolean;
  /** There is no answer yet, or what it speaks of goes on. */
  readonly underWay: boolean;
  /** The first of two answers, once given. */
  readonly accepted: unknown;
  /** Calls back at once when there is an answer already. */
  whenAccepted(listener: (accepted: unknown) => void): void;
  whenSettled(listener: (answer: Answer) => void): void;
}

class Call implements Repeat {
  readonly bound: string;
  accepted: unknown;
  answer: Answer | undefined;
  /** What repetitions get instead of the answer. */
  amended: Answer | undefined;
  /** It goes on after its answer. */
  held = false;
  expiresAt = Number.POSITIVE_INFINITY;
  readonly acceptedListeners: ((accepted: unknown) => void)[] = [];
  readonly settledListeners: ((answer: Answer) => void)[] = [];

  constructor(bound: string) {
    this.bound = bound;
  }

  get settled(): boolean {
    return this.answer !== undefined;
  }

  get underWay(): boolean {
    return !this.settled || this.held;
  }

  whenAccepted(listener: (accepted: unknown) => void): void {
    if (this.accepted !== undefined) listener(this.accepted);
    else if (!this.settled) this.acceptedListeners.push(listener);
  }

  whenSettled(listener: (answer: Answer) => void): void {
    if (this.answer) listener(this.answer);
    else this.settledListeners.push(listener);
  }
}

export class Repeats {
  readonly #limits: GatewayLimits["idempotency"];
  readonly #calls = new Map<string, Call>();

  constructor(limits: GatewayLimits["idempotency"]) {
    this.#limits = limits;
  }

  /** The call that has this key, if it is still known. */
  find(key: string, now: number): Repeat | undefined {
    const call = this.#calls.get(key);
    if (!call || call.expiresAt > now) return call;
    this.#calls.delete(key);
    return undefined;
  }

  begin(key: string, bound: string): void {
    this.#calls.set(key, new Call(bound));
  }

  accept(key: string, accepted: unknown): void {
    const call = this.#calls.get(key);
    if (!call || call.settled) return;
    call.accepted = accepted;
    for (const listener of call.acceptedListeners.splice(0)) listener(accepted);
  }

  settle(key: string, answer: Answer, now: number): void {
    const call = this.#calls.get(key);
    if (!call || call.settled) return;
    call.answer = answer;
    for (const listener of call.settledListeners.splice(0)) listener(answer);
    if (answer.forget) {
      this.#calls.delete(key);
      return;
    }
    if (answer.ok && call.amended) call.answer = call.amended;
    this.#keep(key, call, now);
  }

  /**
   * Keeps the key until `end`, e.g. while a run that was `started` runs; then repetitions get what it resolves with.
   * Failures stay as they are.
   */
  hold(key: string, end: Promise<unknown>, now: () => number): void {
    const call = this.#calls.get(key);
    if (!call) return;
    call.held = true;
    const release = (body?: unknown) => {
      call.held = false;
      if (body !== undefined) this.#amend(call, body);
      if (call.settled && this.#calls.get(key) === call) this.#keep(key, call, now());
    };
    end.then(release, () => release());
  }

  #amend(call: Call, body: unknown): void {
    if (!call.answer) call.amended = { ok: true, body };
    else if (call.answer.ok) call.answer = { ok: true, body };
  }

  /** From now on for as long as the limits say. */
  #keep(key: string, call: Call, now: number): void {
    this.#calls.delete(key);
    call.expiresAt = call.held ? Number.POSITIVE_INFINITY : now + this.#limits.ttlMs;
    this.#calls.set(key, call);
    this.#forget(now, key);
  }

  /**
   * Finished calls stand in the order in which they finished: the oldest go first. What is under way is kept whatever
   * its number, and so is what just `finished`.
   */
  #forget(now: number, finished: string): void {
    for (const [key, call] of this.#calls) {
      if (call.underWay || key === finished) continue;
      if (this.#calls.size <= this.#limits.entries && call.expiresAt > now) return;
      this.#calls.delete(key);
    }
  }
}
