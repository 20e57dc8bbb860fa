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

export class Tries {
  readonly #db: IdentityDatabase["db"];
  readonly #now: () => number;

  constructor(db: IdentityDatabase["db"], now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** Counts before it is tried, so that many at once are no way around. `name` is kept as a hash. */
  async take(name: string, { calls, windowMs }: TryLimit, amount = 1): Promise<Tried> {
    const now = this.#now();
    const [first, again] = [sql`CAST(${amount} AS bigint)`, sql`CAST(${now + windowMs} AS bigint)`];
    const isOver = sql`tries.until <= CAST(${now} AS bigint)`;
    const { count, until } = await this.#db
      .insertInto("tries")
      .values({ name: hashOf(name), count: amount, until: now + windowMs })
      .onConflict((conflict) =>
        conflict.column("name").doUpdateSet({
          count: sql`CASE WHEN ${isOver} THEN ${first} ELSE tries.count + ${first} END`,
          until: sql`CASE WHEN ${isOver} THEN ${again} ELSE tries.until END`,
        }),
      )
      .returning(["count", "until"])
      .executeTakeFirstOrThrow();
    // Now and then, so that the table does not grow with every address that ever knocked.
    if (count === amount)
      await this.#db
        .deleteFrom("tries")
        .where("until", "<", now - windowMs)
        .execute();
    return {
      allowed: count <= calls,
      isFirstRefused: count > calls && count - amount <= calls,
      retryAfterMs: Math.max(0, until - now),
    };
  }

  async forget(name: string): Promise<void> {
    await this.#db.deleteFrom("tries").where("name", "=", hashOf(name)).execute();
  }
}
