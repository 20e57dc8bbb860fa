/**
 * How long a place is left alone after a fault, so that no message uses up its attempts by bad luck alone. Time says
 * nothing about that: a gateway that is killed again and again, on a slow machine, may not have met the fault for minutes,
 * and the next ones would wait for the same message.
 */

/** At least so long, also where the fault was met at once. */
const REST_MS = 20_000;

/** What people said in a conversation and what of it is still unanswered, by the numbers of the messages. */
export interface Spoken {
  /** The newest number so far. */
  readonly count: number;
  /** Whether a message with a greater number was answered in the conversation. */
  answeredSince(conversation: string, number: number): boolean;
  /** Whether one with that number or a smaller one still waits for its answer there. */
  waitsUpTo(conversation: string, number: number): boolean;
}

interface Trouble {
  readonly at: number;
  /** The newest message when the fault was made. */
  readonly number: number;
  /** The newest one when the fault was surely met: what met it is at most that new. */
  met?: number;
}

export class Rests {
  readonly #spoken: Spoken;
  readonly #now: () => number;
  readonly #places = new Map<string, Trouble>();
  readonly #sockets = new Map<string, number>();

  constructor(spoken: Spoken, now = () => performance.now()) {
    this.#spoken = spoken;
    this.#now = now;
  }

  /** Whether a conversation can take another fault; then it has one. */
  troubles(conversation: string): boolean {
    const before = this.#places.get(conversation);
    if (before && !this.#isOver(conversation, before)) return false;
    this.#places.set(conversation, { at: this.#now(), number: this.#spoken.count });
    return true;
  }

  /** An account's socket meets one fault an opening: they would pile up while the gateway waits longer and longer. */
  troublesSocket(socket: string): boolean {
    const now = this.#now();
    if (now < (this.#sockets.get(socket) ?? 0) + REST_MS) return false;
    this.#sockets.set(socket, now);
    return true;
  }

  #isOver(conversation: string, trouble: Trouble): boolean {
    // What was said after the fault and is answered passed it, or came behind what met it.
    if (trouble.met === undefined && this.#spoken.answeredSince(conversation, trouble.number)) {
      trouble.met = this.#spoken.count;
    }
    if (trouble.met === undefined || this.#now() < trouble.at + REST_MS) return false;
    return !this.#spoken.waitsUpTo(conversation, trouble.met);
  }
}
