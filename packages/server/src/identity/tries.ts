/** Counts what is tried, in the database: several nodes count together, and a restart forgets nothing. */
import type { IdentityDatabase } from "@switchboard/store/identity";
import { sql } from "kysely";
import { hashOf } from "./secrets.ts";

export interface TryLimit {
  /** How many within `windowMs`; the first begins the window. */
  readonly calls: number;
  readonly windowMs: number;
}

export interface Tried {
  readonly allowed: boolean;
  /** This one was the first too many. */
  readonly isFirstRefused: boolean;
  readonly retryAfterMs: number;
}

/** So many names that were refused are kept in memory. */
const MOST_REFUSED = 10_000;

export class Tries {
  readonly #database: IdentityDatabase;
  readonly #now: () => number;
  /** Hashes of names to when they may try again: whoever is refused already causes no more writes. */
  readonly #refused = new Map<string, number>();

  constructor(database: IdentityDatabase, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /**
   * Counts before it is tried, so that many at once are no way around. `name` is kept as a hash. What was refused is
   * not counted any further.
   */
  async take(name: string, { calls, windowMs }: TryLimit, amount = 1): Promise<Tried> {
    const now = this.#now();
    const hash = hashOf(name);
    const refusedUntil = this.#refused.get(hash) ?? 0;
    if (refusedUntil > now) return { allowed: false, isFirstRefused: false, retryAfterMs: refusedUntil - now };
    const [first, again] = [sql`CAST(${amount} AS bigint)`, sql`CAST(${now + windowMs} AS bigint)`];
    const isOver = sql`tries.until <= CAST(${now} AS bigint)`;
    const { count, until } = await this.#database.soon(async (db) => {
      const counted = await db
        .insertInto("tries")
        .values({ name: hash, count: amount, until: now + windowMs })
        .onConflict((conflict) =>
          conflict.column("name").doUpdateSet({
            count: sql`CASE WHEN ${isOver} THEN ${first} ELSE tries.count + ${first} END`,
            until: sql`CASE WHEN ${isOver} THEN ${again} ELSE tries.until END`,
          }),
        )
        .returning(["count", "until"])
        .executeTakeFirstOrThrow();
      // Now and then, so that the table does not grow with every address that ever knocked.
      const over = now - windowMs;
      if (counted.count === amount) await db.deleteFrom("tries").where("until", "<", over).execute();
      return counted;
    });
    if (count > calls) this.#remember(hash, until);
    return {
      allowed: count <= calls,
      isFirstRefused: count > calls && count - amount <= calls,
      retryAfterMs: Math.max(0, until - now),
    };
  }

  /** Another node that refused the name goes on until the window ends. */
  async forget(name: string): Promise<void> {
    const hash = hashOf(name);
    await this.#database.soon((db) => db.deleteFrom("tries").where("name", "=", hash).execute());
    this.#refused.delete(hash);
  }

  #remember(hash: string, until: number): void {
    this.#refused.delete(hash);
    this.#refused.set(hash, until);
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > MOST_REFUSED && oldest !== undefined) this.#refused.delete(oldest);
  }
}
