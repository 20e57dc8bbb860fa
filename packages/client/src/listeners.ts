/** Callbacks by name. */

export class Listeners<Args extends unknown[]> {
  readonly #byName = new Map<string, Set<(...args: Args) => void>>();

  /** Returns how to stop. */
  add(name: string, listener: (...args: Args) => void): () => void {
    const listeners = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, listeners);
    // Its own function each time: adding one listener twice must not make one stop end both.
    const entry = (...args: Args) => listener(...args);
    listeners.add(entry);
    return () => {
      listeners.delete(entry);
    };
  }

  /** One listener's exception does not keep the others from hearing; it becomes an uncaught one. */
  tell(name: string, ...args: Args): void {
    for (const listener of [...(this.#byName.get(name) ?? [])]) {
      try {
        listener(...args);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
