/** Lets work on the same thing come one after the other, in the order it was asked for. */
export class OneAtATime {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `work` when everything asked for before under `key` has ended, well or not. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#last.get(key) ?? Promise.resolve()).then(work);
    const ended: Promise<void> = result
      .then(
        () => {},
        () => {},
      )
      .then(() => {
        if (this.#last.get(key) === ended) this.#last.delete(key);
      });
    this.#last.set(key, ended);
    return result;
  }

  /** Resolves when nothing of what was asked for until now runs any more. */
  async idle(): Promise<void> {
    await Promise.all(this.#last.values());
  }
}
