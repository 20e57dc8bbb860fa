/** Numbers for leases, never given out twice by any node. They come in blocks, so that few claims ask for one. */
import type { Statement, Statements } from "./sql.ts";

/** What the sequence is incremented by. It is no part of a transaction: a number stays used, also after a rollback. */
const BLOCK = 10_000;

export class Epochs {
  readonly #reserve: Statement<{ first: number }>;
  #next = 0;
  #end = 0;

  constructor(statements: Statements) {
    this.#reserve = statements.of("SELECT nextval('epochs') AS first");
  }

  async next(): Promise<number> {
    if (this.#next >= this.#end) {
      const { first } = (await this.#reserve.get()) ?? { first: Number.NaN };
      this.#next = first;
      this.#end = first + BLOCK;
    }
    return this.#next++;
  }
}
