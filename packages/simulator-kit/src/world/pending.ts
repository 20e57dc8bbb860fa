/** Things that somebody may come back to for a while: a pressed button, an open form, an upload. Not kept over restarts. */
interface Entry<Value> {
  readonly value: Value;
  readonly at: number;
}

/** More than this many are not remembered; the oldest are then too old. */
const MOST = 10_000;

export class Pending<Value> {
  readonly #validMs: number;
  readonly #entries = new Map<string, Entry<Value>>();

  /** `validMs`: how long, in milliseconds, an entry can be found. */
  constructor(validMs: number) {
    this.#validMs = validMs;
  }

  open(id: string, value: Value): void {
    this.#entries.set(id, { value, at: Date.now() });
    if (this.#entries.size > MOST) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
  }

  find(id: string): Value | undefined {
    const entry = this.#entries.get(id);
    return entry && Date.now() - entry.at <= this.#validMs ? entry.value : undefined;
  }

  /** Finds it for the last time. */
  take(id: string): Value | undefined {
    const value = this.find(id);
    this.#entries.delete(id);
    return value;
  }
}
