/**
 * The transaction that a batch of calls shares. It begins with the first write, so reads alone take no lock. A call that
 * fails is undone alone: where `careful` asks for it, by a savepoint for each call that writes. Savepoints cost a copy of
 * every page that a call touches, so a batch runs without them first. If a call then fails after it wrote, the
 * transaction is `spoilt`: it must be abandoned, and the batch runs once more, carefully.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Writes } from "./sql.ts";

export class Transaction implements Writes {
  readonly #db: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  readonly #savepoint: StatementSync;
  readonly #release: StatementSync;
  readonly #rollbackTo: StatementSync;
  readonly #onUndone: () => void;
  #open = false;
  #careful = false;
  #spoilt = false;
  #callWrites = false;
  #failure: unknown;

  /** `onUndone`: something that was written is taken back; what memory knows of it must go too. */
  constructor(db: DatabaseSync, onUndone: () => void) {
    this.#db = db;
    this.#onUndone = onUndone;
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
    this.#rollback = db.prepare("ROLLBACK");
    this.#savepoint = db.prepare("SAVEPOINT call");
    this.#release = db.prepare("RELEASE call");
    this.#rollbackTo = db.prepare("ROLLBACK TO call");
  }

  before(): void {
    if (this.#callWrites) return;
    // Once the file was busy for the whole timeout, or SQLite gave the transaction up, the batch's other calls need not
    // try the same again.
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#open) this.#start();
    if (this.#careful) this.#savepoint.run();
    this.#callWrites = true;
  }

  /** A call wrote and failed without a savepoint: nothing of the transaction can be kept. */
  get spoilt(): boolean {
    return this.#spoilt;
  }

  /** Before a batch: whether each of its calls can be undone alone. */
  set careful(careful: boolean) {
    this.#careful = careful;
  }

  /** Runs one call. When it throws, the call has changed nothing, or the transaction is spoilt. */
  call<T>(work: () => T): T {
    this.#callWrites = false;
    try {
      const result = work();
      if (this.#callWrites && this.#careful) this.#release.run();
      return result;
    } catch (error) {
      if (this.#callWrites) this.#undoCall(error);
      throw error;
    }
  }

  /** Makes everything since the last end durable. Throws when it is not: then nothing of it happened. */
  end(): void {
    const failure = this.#failure;
    const open = this.#open;
    this.#failure = undefined;
    this.#open = false;
    if (!open) return;
    try {
      if (failure !== undefined) throw failure;
      this.#commit.run();
    } catch (error) {
      this.#onUndone();
      if (this.#db.isTransaction) this.#rollback.run();
      throw error;
    }
  }

  /** Takes everything back since the last end, as if the batch had never run. */
  abandon(): void {
    this.#failure = undefined;
    this.#spoilt = false;
    this.#open = false;
    this.#onUndone();
    if (this.#db.isTransaction) this.#rollback.run();
  }

  #start(): void {
    try {
      this.#begin.run();
      this.#open = true;
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  #undoCall(error: unknown): void {
    if (!this.#careful) {
      this.#spoilt = true;
      return;
    }
    this.#onUndone();
    // SQLite itself rolls everything back after some errors, e.g. a full disk.
    if (!this.#db.isTransaction) {
      this.#failure = error;
      return;
    }
    this.#rollbackTo.run();
    this.#release.run();
  }
}
