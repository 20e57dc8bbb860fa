/** Deletes sessions of which nothing is left: unused for long, no entry, no turn. Their preferences go with them. */
import type { Context } from "./context.ts";
import type { Statement } from "./sql.ts";

/** Rows deleted in one call. */
const MOST_DELETED = 1_000;

export class SessionPruner {
  readonly #oldestTurn: Statement<{ at: number }>;
  readonly #forgotten: Statement<{ seq: number; key: string }>;
  readonly #drop: Statement<never>;
  readonly #dropPreferences: Statement<never>;

  constructor({ statements }: Context) {
    // A session is at least as young as its youngest turn; those of open dead letters are looked up one by one.
    this.#oldestTurn = statements.of(
      `SELECT created_at AS at FROM turns WHERE tenant = ? AND NOT EXISTS (SELECT 1 FROM dead_letters
         WHERE kind = 'turn' AND resolution IS NULL AND dead_letters.tenant = turns.tenant
           AND dead_letters.subject = turns.id) ORDER BY seq LIMIT 1`,
    );
    this.#forgotten = statements.of(
      `SELECT seq, key FROM sessions WHERE tenant = ? AND last_active_at < ? AND entries <= 0
         AND NOT EXISTS (SELECT 1 FROM turns WHERE turns.tenant = sessions.tenant AND turns.session = sessions.seq)
       ORDER BY last_active_at LIMIT ${MOST_DELETED} FOR UPDATE SKIP LOCKED`,
    );
    this.#drop = statements.of("DELETE FROM sessions WHERE seq = ?");
    this.#dropPreferences = statements.of("DELETE FROM preferences WHERE tenant = ? AND session = ?");
  }

  /** `before`: those used since stay. Returns how many were deleted. Nobody else may work for the tenant meanwhile. */
  async prune(tenant: string, before: number): Promise<number> {
    const cutoff = Math.min(before, (await this.#oldestTurn.get(tenant))?.at ?? before);
    const rows = await this.#forgotten.all(tenant, cutoff);
    for (const { key, seq } of rows) {
      this.#drop.send(seq);
      this.#dropPreferences.send(tenant, key);
    }
    return rows.length;
  }
}
