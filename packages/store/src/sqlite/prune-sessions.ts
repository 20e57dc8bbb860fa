/**
 * Deletes sessions of which nothing is left: unused for long, no entry, no turn. Their preferences go with them. The
 * table is walked piece by piece, since its rows are not in the order of their age.
 */
import type { Context } from "./context.ts";
import type { Statement } from "./sql.ts";

/** Rows deleted, and rows looked at, in one call. */
const MOST_DELETED = 1_000;
const MOST_SEEN = 20_000;

export class SessionPruner {
  readonly #end: Statement<{ seq: number }>;
  readonly #oldestTurn: Statement<{ at: number }>;
  readonly #forgotten: Statement<{ seq: number; tenant: string; key: string }>;
  readonly #drop: Statement<never>;
  readonly #dropPreferences: Statement<never>;
  #walkedTo = 0;

  constructor({ statements }: Context) {
    this.#end = statements.of(`SELECT seq FROM sessions WHERE seq > ? ORDER BY seq LIMIT 1 OFFSET ${MOST_SEEN}`);
    const open = `FROM dead_letters WHERE kind = 'turn' AND resolution IS NULL`;
    // A session is at least as young as its youngest turn: only those of open dead letters need to be looked up.
    this.#oldestTurn = statements.of(
      `SELECT created_at AS at FROM turns WHERE NOT EXISTS (SELECT 1 ${open} AND dead_letters.tenant = turns.tenant
         AND dead_letters.subject = turns.id) ORDER BY seq LIMIT 1`,
    );
    this.#forgotten = statements.of(
      `SELECT seq, tenant, key FROM sessions NOT INDEXED WHERE seq > ? AND seq <= ? AND last_active_at < ? AND entries <= 0
         AND seq NOT IN (SELECT session FROM turns WHERE (tenant, id) IN (SELECT tenant, subject ${open}))
       ORDER BY seq LIMIT ${MOST_DELETED}`,
    );
    this.#drop = statements.of("DELETE FROM sessions WHERE seq = ?");
    this.#dropPreferences = statements.of("DELETE FROM preferences WHERE tenant = ? AND session = ?");
  }

  /** `before`: those used since stay. Returns how many were deleted. */
  prune(before: number): number {
    const end = this.#end.get(this.#walkedTo)?.seq;
    const cutoff = Math.min(before, this.#oldestTurn.get()?.at ?? before);
    const rows = this.#forgotten.all(this.#walkedTo, end ?? Number.MAX_SAFE_INTEGER, cutoff);
    for (const { key, seq, tenant } of rows) {
      this.#drop.run(seq);
      this.#dropPreferences.run(tenant, key);
    }
    this.#walkedTo = (rows.length === MOST_DELETED ? rows.at(-1)?.seq : end) ?? 0;
    return rows.length;
  }
}
