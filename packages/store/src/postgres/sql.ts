/** Statements of one connection: prepared by the server on first use, kept for good. */
import { createHash } from "node:crypto";
import type { CompiledQuery } from "kysely";
import type { Client } from "pg";

export type SqlValue = string | number | null;

/** Hooks of the transaction a statement runs in. */
export interface Writes {
  /** Called before every statement that may change something. */
  before(): void;
  /** Something was sent whose outcome nobody waits for yet. */
  sent(outcome: Promise<unknown>): void;
  /** Written when the calls of the transaction are over; not at all when the call that asks for it is undone. */
  lastly(work: LastWork): void;
}

/** What all that ask with the same `write` have for it. */
export interface LastWork {
  readonly item: unknown;
  readonly write: (items: readonly unknown[]) => Promise<void>;
}

/** PostgreSQL's texts hold everything but this one character. */
const NUL = /\0/g;

/** One statement; the type parameter is the shape of its rows. */
export class Statement<Row> {
  readonly #client: Client;
  readonly #text: string;
  readonly #name: string;
  readonly #writes: Writes;
  readonly #mayWrite: boolean;

  constructor(client: Client, text: string, writes: Writes) {
    this.#client = client;
    this.#text = text;
    // Named by its text, so that a pooler between us and the server may share what is prepared.
    this.#name = createHash("sha256").update(text).digest("hex").slice(0, 32);
    this.#writes = writes;
    this.#mayWrite = !/^\s*(?:select|with)\b/i.test(text);
  }

  /** The first row. */
  async get(...values: SqlValue[]): Promise<Row | undefined> {
    return (await this.#run(values)).rows[0];
  }

  async all(...values: SqlValue[]): Promise<Row[]> {
    return (await this.#run(values)).rows;
  }

  /** Returns how many rows changed. */
  async run(...values: SqlValue[]): Promise<number> {
    return (await this.#run(values)).count;
  }

  /**
   * Like `run`, for what answers nothing that the call needs: what follows is sent without waiting for it. The server
   * keeps the order. When it fails, the call fails at its end.
   */
  send(...values: SqlValue[]): void {
    this.#writes.sent(this.#run(values));
  }

  async #run(values: readonly SqlValue[]): Promise<{ readonly rows: Row[]; readonly count: number }> {
    if (this.#mayWrite) this.#writes.before();
    const given = values.map((value) => (typeof value === "string" ? value.replace(NUL, "\ufffd") : value));
    const { rowCount, rows } = await this.#client.query({ name: this.#name, text: this.#text, values: given });
    return { rows: rows as Row[], count: rowCount ?? 0 };
  }
}

/** An insert into a table whose rows are numbered. */
export class Insert {
  readonly #statement: Statement<{ seq: number }>;

  constructor(statement: Statement<{ seq: number }>) {
    this.#statement = statement;
  }

  /** Returns the new row's number. */
  async insert(...values: SqlValue[]): Promise<number> {
    const row = await this.#statement.get(...values);
    if (!row) throw new Error("an insert returned no row");
    return row.seq;
  }
}

/** Makes statements, each text once. Values are marked `?`, in their order, or `?1`, `?2`, … */
export class Statements {
  readonly #client: Client;
  readonly #writes: Writes;
  readonly #known = new Map<string, Statement<unknown>>();

  constructor(client: Client, writes: Writes) {
    this.#client = client;
    this.#writes = writes;
  }

  of<Row = never>(text: string): Statement<Row> {
    let statement = this.#known.get(text);
    if (!statement) {
      statement = new Statement<unknown>(this.#client, numbered(text), this.#writes);
      this.#known.set(text, statement);
    }
    return statement as Statement<Row>;
  }

  /** An insert of these columns, in this order. */
  insertInto(table: string, columns: readonly string[], suffix = ""): Statement<never> {
    return this.of(insertText(table, columns, suffix));
  }

  /** The same for a table whose rows are numbered. */
  insertNumbered(table: string, columns: readonly string[]): Insert {
    return new Insert(this.of(insertText(table, columns, "RETURNING seq")));
  }

  /** At the end of the transaction `write` gets the items of all calls: once, in their order. */
  lastly<Item>(item: Item, write: (items: readonly Item[]) => Promise<void>): void {
    this.#writes.lastly({ item, write: write as LastWork["write"] });
  }

  /** Rows of a query that was put together by its conditions. */
  select<Row>({ parameters, sql }: CompiledQuery<Row>): Promise<Row[]> {
    return this.of<Row>(sql).all(...(parameters as readonly SqlValue[]));
  }
}

function insertText(table: string, columns: readonly string[], suffix: string): string {
  return `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")}) ${suffix}`;
}

function numbered(text: string): string {
  let count = 0;
  return text.replace(/\?(\d*)/g, (_, given: string) => {
    count += 1;
    return `$${given === "" ? count : given}`;
  });
}
