/** How many sockets of one place (an address, and what kind of client it is) may stand at the door. */

export class Door {
  readonly #waiting = new Map<string, number>();

  /** Returns how to leave again, safe to call more than once; `undefined` when `most` wait in that place. */
  enter(place: string, most: number): (() => void) | undefined {
    const waiting = this.#waiting.get(place) ?? 0;
    if (waiting >= most) return undefined;
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
