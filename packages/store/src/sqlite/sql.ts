/** Prepared statements of one connection: prepared on first use, kept for good. */
import type { DatabaseSync, StatementSync } from "node:sqlite";

export type SqlValue = string | number | null;

/** Hooks of the transaction a statement runs in. */
export interface Writes {
  /** Called before every statement that may change something. */
  before(): void;
}

/** One statement; the type parameter is the shape of its rows. */
export class Statement<Row> {
  readonly #db: DatabaseSync;
  readonly #text: string;
  readonly #writes: Writes | undefined;
  #prepared: StatementSync | undefined;

  constructor(db: DatabaseSync, text: string, writes: Writes) {
    this.#db = db;
    this.#text = text;
    this.#writes = /^\s*(?:select|with)\b/i.test(text) ? undefined : writes;
  }

  /** The first row. */
  get(...values: SqlValue[]): Row | undefined {
    return this.#ready().get(...values) as Row | undefined;
  }

  all(...values: SqlValue[]): Row[] {
    return this.#ready().all(...values) as Row[];
  }

  /** Returns how many rows changed. */
  run(...values: SqlValue[]): number {
    return this.#ready().run(...values).changes as number;
  }

  /** Runs an insert and returns the new row's number. */
  insert(...values: SqlValue[]): number {
    return this.#ready().run(...values).lastInsertRowid as number;
  }

  #ready(): StatementSync {
    this.#writes?.before();
    this.#prepared ??= this.#db.prepare(this.#text);
    return this.#prepared;
  }
}

/** Makes statements, each text once. */
export class Statements {
  readonly #db: DatabaseSync;
  readonly #writes: Writes;
  readonly #known = new Map<string, Statement<unknown>>();

  constructor(db: DatabaseSync, writes: Writes) {
    this.#db = db;
    this.#writes = writes;
  }

  of<Row = never>(text: string): Statement<Row> {
    let statement = this.#known.get(text);
    if (!statement) {
      statement = new Statement<unknown>(this.#db, text, this.#writes);
      this.#known.set(text, statement);
    }
    return statement as Statement<Row>;
  }

  /** An insert of these columns, in this order. */
  insertInto(table: string, columns: readonly string[], suffix = ""): Statement<never> {
    const marks = columns.map(() => "?").join(", ");
    return this.of(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${marks}) ${suffix}`);
  }
}
