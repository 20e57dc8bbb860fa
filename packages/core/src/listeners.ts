/** Whoever listens to events of one kind. */
import type { Log } from "./ports/index.ts";

export class Listeners<Event extends { readonly type: string }> {
  readonly #log: Log;
  readonly #what: string;
  readonly #listeners = new Set<(event: Event) => void>();

  /** `what` names the events in the log, e.g. "device events". */
  constructor(log: Log, what: string) {
    this.#log = log;
    this.#what = what;
  }

  /** Listeners must return at once. Returns how to stop listening. */
  listen(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether it is worth making events at all. */
  get heard(): boolean {
    return this.#listeners.size > 0;
  }

  /** A listener that throws is reported and stops nobody: not the others, and not the work that is told of. */
  emit(event: Event): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#log.error({ event: event.type, error: String(error) }, `a listener of ${this.#what} failed`);
      }
    }
  }
}
