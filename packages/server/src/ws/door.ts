/** How many sockets of one place (an address, and what kind of client it is) may stand at the door. */

export class Door {
  readonly #most: number;
  readonly #waiting = new Map<string, number>();

  constructor(mostPerPlace: number) {
    this.#most = mostPerPlace;
  }

  /** Returns how to leave again, safe to call more than once; `undefined` when too many wait. */
  enter(place: string): (() => void) | undefined {
    const waiting = this.#waiting.get(place) ?? 0;
    if (waiting >= this.#most) return undefined;
    this.#waiting.set(place, waiting + 1);
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      const left = (this.#waiting.get(place) ?? 1) - 1;
      if (left === 0) this.#waiting.delete(place);
      else this.#waiting.set(place, left);
    };
  }
}
