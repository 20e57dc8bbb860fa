/** The bytes of files: in the journal's file, or in memory up to a bound. */
import type { Journal } from "./journal.ts";

export class Bytes {
  readonly #journal: Journal;
  readonly #most: number;
  /** Bytes that the journal has no place for, oldest first. */
  readonly #held = new Map<string, Uint8Array>();
  #heldBytes = 0;

  /** `most`: bytes kept in memory; the oldest files go first, the newest always stays. */
  constructor(journal: Journal, most: number) {
    this.#journal = journal;
    this.#most = most;
  }

  /** An id is used once. */
  put(id: string, bytes: Uint8Array): void {
    if (!this.#journal.putBytes(id, bytes)) this.#hold(id, bytes);
  }

  /** `undefined` when they are no longer kept. */
  get(id: string): Uint8Array | undefined {
    return this.#held.get(id) ?? this.#journal.bytes(id);
  }

  #hold(id: string, bytes: Uint8Array): void {
    this.#held.set(id, bytes);
    this.#heldBytes += bytes.byteLength;
    for (const [oldest, { byteLength }] of this.#held) {
      if (this.#heldBytes <= this.#most || oldest === id) break;
      this.#held.delete(oldest);
      this.#heldBytes -= byteLength;
    }
  }
}
