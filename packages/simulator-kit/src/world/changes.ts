/** Who wants to know that something happened: an open pane, a waiting test. Costs nothing while nobody listens. */
export class Changes<Change> {
  readonly #listeners = new Set<(change: Change) => void>();

  /** Calls back on every change until the returned function is called. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(change: Change): void {
    if (this.#listeners.size === 0) return;
    for (const listener of [...this.#listeners]) listener(change);
  }
}
