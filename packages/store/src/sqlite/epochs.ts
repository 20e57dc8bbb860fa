/** Numbers for leases, never given out twice. They are reserved in blocks, so that a claim costs no write of its own. */
import type { Statements } from "./sql.ts";

const BLOCK = 10_000;

export class Epochs {
  readonly #statements: Statements;
  #next = 0;
  #end = 0;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  next(): number {
    if (this.#next >= this.#end) this.#reserve();
    return this.#next++;
  }

  /** After a rollback nobody knows whether the reservation still stands: the rest of the block is given up. */
  forget(): void {
    this.#end = 0;
  }

  #reserve(): void {
    const row = this.#statements
      .of<{ value: number }>("UPDATE meta SET value = value + ? WHERE name = 'epochs' RETURNING value")
      .get(BLOCK);
    if (!row) throw new Error("the database has no epoch counter");
    this.#end = row.value;
    this.#next = row.value - BLOCK;
  }
}
