/** `getUpdates`: answers at once when there is something, else waits until there is or the time is up. */
import type { DeliveryQueue } from "@switchboard/simulator-kit";
import { refusal } from "../failure.ts";

/** Longest wait that Telegram grants, in seconds. */
const LONGEST_WAIT = 50;
/** After one conflict the next is answered this much later, so that two pollers do not spin. */
const CONFLICT_PAUSE_MS = 3000;
/** Largest answer, in characters. */
const LARGEST_ANSWER = 4 * 1024 * 1024;

export interface PollRequest {
  readonly offset: number;
  readonly limit: number;
  /** Seconds. */
  readonly timeout: number;
  /** Calls back when the bot has hung up. */
  readonly onHangUp: (callback: () => void) => void;
}

interface Waiter {
  readonly request: PollRequest;
  readonly answer: (updates: readonly string[]) => void;
  readonly fail: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
  woken: boolean;
}

export class LongPolling {
  readonly #queue: DeliveryQueue;
  #waiter: Waiter | undefined;
  #nextConflict = 0;

  constructor(queue: DeliveryQueue) {
    this.#queue = queue;
    queue.onArrival(() => this.#wake());
  }

  /** The serialised updates, oldest first. Rejects with 409 when somebody else starts to wait. */
  async poll(request: PollRequest): Promise<readonly string[]> {
    const { offset, timeout } = request;
    if (offset < 0) this.#queue.keepNewest(-offset);
    const ready = this.#take(request);
    if (ready.length > 0 || timeout <= 0) return ready;
    this.interrupt("terminated by other getUpdates request; make sure that only one bot instance is running");
    return this.#wait(request);
  }

  /** Ends a waiting call with 409. */
  interrupt(reason: string): void {
    const waiter = this.#leave();
    if (!waiter) return;
    const error = refusal(409, `Conflict: ${reason}`);
    const now = Date.now();
    if (now >= this.#nextConflict) {
      this.#nextConflict = now + CONFLICT_PAUSE_MS;
      waiter.fail(error);
    } else {
      setTimeout(() => waiter.fail(error), CONFLICT_PAUSE_MS).unref();
    }
  }

  close(): void {
    this.#leave()?.answer([]);
  }

  #take({ offset: wanted, limit }: PollRequest): readonly string[] {
    // An offset from the future, e.g. of another bot's life, counts as none: nothing is lost over it.
    const offset = wanted > this.#queue.last + 1 ? 0 : wanted;
    const updates: string[] = [];
    let size = 0;
    if (offset > 0) this.#queue.confirmBefore(offset);
    for (const { body } of this.#queue.takeAgain()) {
      updates.push(body);
      size += body.length;
    }
    for (const { body } of this.#queue.from(offset)) {
      size += body.length;
      if (updates.length >= limit || (size > LARGEST_ANSWER && updates.length > 0)) break;
      updates.push(body);
    }
    return updates;
  }

  #wait(request: PollRequest): Promise<readonly string[]> {
    return new Promise((answer, fail) => {
      const seconds = Math.min(request.timeout, LONGEST_WAIT);
      const timer = setTimeout(() => this.#leave()?.answer([]), seconds * 1000);
      const waiter: Waiter = { request, answer, fail, timer, woken: false };
      this.#waiter = waiter;
      request.onHangUp(() => {
        if (this.#waiter === waiter) this.#leave()?.answer([]);
      });
    });
  }

  /** What arrives in the same turn of the event loop goes out together. */
  #wake(): void {
    const waiter = this.#waiter;
    if (!waiter || waiter.woken) return;
    waiter.woken = true;
    setImmediate(() => {
      if (this.#waiter !== waiter) return;
      waiter.woken = false;
      const updates = this.#take(waiter.request);
      if (updates.length > 0) this.#leave()?.answer(updates);
    });
  }

  #leave(): Waiter | undefined {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (waiter) clearTimeout(waiter.timer);
    return waiter;
  }
}
