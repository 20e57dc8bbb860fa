/**
 * The transaction that a batch of calls shares. A call that fails is undone alone: where `careful` asks for it, by a
 * savepoint for each. Savepoints cost two questions each, so a batch runs without them first. If a call then fails after
 * it wrote, or the server refused a statement, the transaction is `spoilt`: it must be abandoned, and the batch runs once
 * more, carefully.
 */
import type pg from "pg";
import { sqlState } from "./errors.ts";
import type { LastWork, Writes } from "./sql.ts";

/** in_failed_sql_transaction */
const REFUSED_BEFORE = "25P02";

export class Transaction implements Writes {
  readonly #client: pg.Client;
  #careful = false;
  #spoilt = false;
  #callWrites = false;
  #wrote = false;
  /** What was sent and not waited for; each resolves with its error, if any. */
  #outcomes: Promise<unknown>[] = [];
  #last: LastWork[] = [];

  constructor(client: pg.Client) {
    this.#client = client;
  }

  before(): void {
    this.#callWrites = true;
    this.#wrote = true;
  }

  sent(outcome: Promise<unknown>): void {
    this.#outcomes.push(
      outcome.then(
        () => undefined,
        (error) => error,
      ),
    );
  }

  lastly(work: LastWork): void {
    this.before();
    this.#last.push(work);
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
    this.#outcomes = [];
    this.#last = [];
    await this.#client.query(opening);
  }

  /**
   * What follows is another tenant's; what the one before put off is done. `turning`: statements without values. When
   * they fail, the server refuses all that follows. Never with savepoints: to go back to one would bring the tenant before back.
   */
  turn(turning: string): void {
    if (this.#careful) throw new Error("a careful transaction is one tenant's");
    this.sent(this.#client.query(turning));
  }

  /**
   * Runs one call. When it throws, the call has changed nothing, or the transaction is spoilt. Without `careful` the
   * transaction can still turn out to be spoilt by this call afterwards: see `settle`.
   */
  async call<T>(work: () => Promise<T>): Promise<T> {
    this.#callWrites = false;
    const before = this.#last.length;
    try {
      if (this.#careful) await this.#client.query("SAVEPOINT call");
      const result = await work();
      if (this.#careful) {
        await this.settle();
        await this.#client.query("RELEASE call");
      }
      return result;
    } catch (thrown) {
      if (!this.#careful) {
        if (this.#callWrites || sqlState(thrown) !== undefined) this.#spoilt = true;
        throw thrown;
      }
      // After a refusal the server only says that there was one.
      this.#last.length = before;
      const error = await this.settle().then(
        () => thrown,
        (first) => (sqlState(thrown) === REFUSED_BEFORE ? first : thrown),
      );
      await this.#client.query("ROLLBACK TO call; RELEASE call");
      throw error;
    }
  }

  /** Waits for all that was sent. Throws what went wrong first; then the transaction is spoilt. */
  async settle(): Promise<void> {
    const errors = await Promise.all(this.#outcomes.splice(0));
    const first = errors.find((error) => error !== undefined);
    if (first === undefined) return;
    if (!this.#careful) this.#spoilt = true;
    throw first;
  }

  /** After the last call: writes what was put off, and waits for all of it. Throws as `settle` does. */
  async finish(): Promise<void> {
    await this.settle();
    try {
      for (const [write, works] of Map.groupBy(this.#last.splice(0), ({ write }) => write)) {
        await write(works.map(({ item }) => item));
      }
    } catch (error) {
      if (!this.#careful) this.#spoilt = true;
      throw error;
    }
    await this.settle();
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
    await this.settle().catch(() => {});
    await this.#client.query("ROLLBACK");
  }
}
