/** How many sockets of one address may stand at the door. */

export class Door {
  readonly #most: number;
  readonly #waiting = new Map<string, number>();

  constructor(mostPerAddress: number) {
    this.#most = mostPerAddress;
  }

  /** Returns how to leave again, safe to call more than once; `undefined` when too many wait. */
  enter(address: string): (() => void) | undefined {
    const waiting = this.#waiting.get(address) ?? 0;
    if (waiting >= this.#most) return undefined;
    this.#waiting.set(address, waiting + 1);
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      const left = (this.#waiting.get(address) ?? 1) - 1;
      if (left === 0) this.#waiting.delete(address);
      else this.#waiting.set(address, left);
    };
  }
}
