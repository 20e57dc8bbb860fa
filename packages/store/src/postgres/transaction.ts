/**
 * The transaction that a batch of calls shares. A call that fails is undone alone: where `careful` asks for it, by a
 * savepoint for each call that writes. Savepoints cost a question each, so a batch runs without them first. If a call
 * then fails after it wrote, or the server refused a statement, the transaction is `spoilt`: it must be abandoned, and
 * the batch runs once more, carefully.
 */
import type pg from "pg";
import { sqlState } from "./errors.ts";
import type { Writes } from "./sql.ts";

export class Transaction implements Writes {
  readonly #client: pg.Client;
  #careful = false;
  #spoilt = false;
  #callWrites = false;
  #wrote = false;

  constructor(client: pg.Client) {
    this.#client = client;
  }

  async before(): Promise<void> {
    if (this.#callWrites) return;
    if (this.#careful) await this.#client.query("SAVEPOINT call");
    this.#callWrites = true;
    this.#wrote = true;
  }

  /** A call failed without a savepoint: nothing of the transaction can be kept. */
  get spoilt(): boolean {
    return this.#spoilt;
  }

  /** `opening`: statements without values, which must end in an open transaction. */
  async begin(opening: string, careful: boolean): Promise<void> {
    this.#careful = careful;
    this.#spoilt = false;
    this.#wrote = false;
    await this.#client.query(opening);
  }

  /** Runs one call. When it throws, the call has changed nothing, or the transaction is spoilt. */
  async call<T>(work: () => Promise<T>): Promise<T> {
    this.#callWrites = false;
    try {
      // A statement that only reads can fail, too, and the server then refuses all that follow.
      if (this.#careful) await this.before();
      const result = await work();
      if (this.#careful) await this.#client.query("RELEASE call");
      return result;
    } catch (error) {
      if (this.#careful) await this.#client.query("ROLLBACK TO call; RELEASE call");
      else if (this.#callWrites || sqlState(error) !== undefined) this.#spoilt = true;
      throw error;
    }
  }

  /** The server's number of this transaction; absent when there is nothing to commit. */
  async number(): Promise<string | undefined> {
    if (!this.#wrote) return undefined;
    const { rows } = await this.#client.query("SELECT pg_current_xact_id_if_assigned()::text AS number");
    return rows[0]?.number ?? undefined;
  }

  /** Makes everything durable. */
  async commit(): Promise<void> {
    const { command } = await this.#client.query("COMMIT");
    // So the server answers a COMMIT of what it had given up already.
    if (command === "ROLLBACK") throw new Error("the transaction had failed before its end");
  }

  async rollback(): Promise<void> {
    await this.#client.query("ROLLBACK");
  }
}
