/**
 * Deletes what nobody needs any more, a bounded number of rows a call, over all tenants: as the role that sees of a row
 * how old it is and whether it is over, and nothing else.
 */
import { dayOf, type Upkeep } from "@switchboard/core/ports";
import { LOCKS } from "./opening.ts";
import type { Statements } from "./sql.ts";

type Cutoffs = Parameters<Upkeep["prune"]>[0];

const DAY_MS = 86_400_000;
/** Rows deleted of one table in one call. */
const MOST_DELETED = 1_000;

interface Walk {
  readonly table: string;
  /** The column that says how old a row is. */
  readonly age: string;
  readonly cutoff: (cutoffs: Cutoffs) => number;
  /** Further conditions; the cutoff is ?1. */
  readonly only?: string;
  /** Run with the numbers of the deleted rows. */
  readonly also?: readonly string[];
}

/** An unresolved dead letter keeps its subject. */
const unlessOpen = (table: string) => `NOT EXISTS (SELECT 1 FROM dead_letters
  WHERE dead_letters.tenant = ${table}.tenant AND dead_letters.subject = ${table}.id AND resolution IS NULL)`;

const settled = (cutoffs: Cutoffs) => cutoffs.settledBefore;
const spoken = (cutoffs: Cutoffs) => cutoffs.transcriptsBefore;

const walks: readonly Walk[] = [
  { table: "inbox", age: "received_at", cutoff: settled, only: `settled_at < ?1 AND ${unlessOpen("inbox")}` },
  {
    table: "turns",
    age: "created_at",
    cutoff: settled,
    only: `finished_at < ?1 AND state NOT IN ('queued', 'running') AND ${unlessOpen("turns")}`,
    also: ["DELETE FROM turn_inputs USING gone WHERE turn_inputs.tenant = gone.tenant AND turn_inputs.turn = gone.seq"],
  },
  {
    table: "deliveries",
    age: "created_at",
    cutoff: settled,
    only: `settled_at < ?1 AND state NOT IN ('scheduled', 'queued', 'sending', 'unknown') AND ${unlessOpen("deliveries")}
      AND NOT (kind = 'draft' AND state <> 'superseded')`,
    also: [
      "DELETE FROM attempts USING gone WHERE attempts.tenant = gone.tenant AND attempts.delivery = gone.seq",
      "DELETE FROM control_values USING gone WHERE control_values.delivery = gone.seq",
    ],
  },
  { table: "dead_letters", age: "created_at", cutoff: settled, only: "resolved_at < ?1" },
  { table: "trace_notes", age: "at", cutoff: settled },
  { table: "early_receipts", age: "at", cutoff: settled },
  {
    table: "transcript",
    age: "at",
    cutoff: spoken,
    also: [
      `UPDATE sessions SET entries = entries - counted.n
       FROM (SELECT session, count(*)::integer AS n FROM gone GROUP BY session) AS counted
       WHERE sessions.seq = counted.session`,
    ],
  },
  { table: "sent_messages", age: "at", cutoff: spoken },
  { table: "usage_records", age: "at", cutoff: (cutoffs) => cutoffs.usageBefore },
  {
    table: "audit",
    age: "at",
    cutoff: (cutoffs) => cutoffs.auditBefore,
    only: `position <= (SELECT max(position) FROM audit_seals
      WHERE audit_seals.tenant = audit.tenant AND pruned = 1)`,
  },
];

export class Pruner {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** Nothing while another node does it. Returns how many rows went. */
  async prune(cutoffs: Cutoffs): Promise<number> {
    const { mine } = (await this.#statements
      .of<{ mine: boolean }>(`SELECT pg_try_advisory_xact_lock(${LOCKS.prune}, 0) AS mine`)
      .get()) ?? { mine: false };
    if (!mine) return 0;
    let deleted = await this.#pruneIdempotency(cutoffs);
    await this.#beginAudit(cutoffs);
    for (const walk of walks) deleted += await this.#walk(walk, walk.cutoff(cutoffs));
    for (const table of ["usage_days", "usage_notices"]) {
      deleted += await this.#statements.of(`DELETE FROM ${table} WHERE day < ?`).run(dayOf(cutoffs.usageBefore));
    }
    return deleted;
  }

  /** Values that ended, of every account. */
  memory(now: number): Promise<number> {
    return this.#statements.of("DELETE FROM account_memory WHERE expires_at <= ?").run(now);
  }

  /** Windows of counted requests that ended. */
  rates(now: number): Promise<number> {
    return this.#statements.of("DELETE FROM rate_windows WHERE until <= ?").run(now);
  }

  /** Answers whose keys are free again. */
  answers(now: number): Promise<number> {
    return this.#statements.of("DELETE FROM kept_answers WHERE expires_at <= ?").run(now);
  }

  async pairing(before: number): Promise<number> {
    const requests = await this.#statements.of("DELETE FROM pairing_requests WHERE expires_at < ?").run(before);
    return requests + (await this.#statements.of("DELETE FROM pairing_decisions WHERE expires_at < ?").run(before));
  }

  /** The audit log is deleted up to a seal that is old enough; from then on each tenant's chain begins behind it. */
  async #beginAudit({ auditBefore }: Cutoffs): Promise<void> {
    await this.#statements
      .of(
        `UPDATE audit_seals SET pruned = 1 WHERE at < ?1 AND pruned = 0 AND NOT EXISTS (
           SELECT 1 FROM audit_seals AS newer
           WHERE newer.tenant = audit_seals.tenant AND newer.position > audit_seals.position AND newer.at < ?1)`,
      )
      .run(auditBefore);
    await this.#statements
      .of(
        `DELETE FROM audit_seals WHERE at < ?1 AND EXISTS (
           SELECT 1 FROM audit_seals AS newer WHERE newer.tenant = audit_seals.tenant
             AND newer.position > audit_seals.position AND newer.pruned = 1)`,
      )
      .run(auditBefore);
  }

  async #walk({ age, also = [], only = "true", table }: Walk, cutoff: number): Promise<number> {
    const session = table === "transcript" ? ", session" : "";
    const rest = also.map((text, index) => `, also_${index} AS (${text})`).join("");
    const row = await this.#statements
      .of<{ n: number }>(
        `WITH old AS MATERIALIZED (SELECT seq FROM ${table} WHERE ${age} < ?1 AND ${only} ORDER BY ${age} LIMIT ${MOST_DELETED}),
           gone AS (DELETE FROM ${table} WHERE seq IN (SELECT seq FROM old) RETURNING seq, tenant${session})${rest}
         SELECT count(*) AS n FROM gone`,
      )
      .get(cutoff);
    return row?.n ?? 0;
  }

  /** Delivery confirmations are known for a day at least, counted from the newest one. */
  async #pruneIdempotency({ settledBefore }: Cutoffs): Promise<number> {
    const newest = await this.#statements
      .of<{ at: number | null }>("SELECT at FROM idempotency ORDER BY seq DESC LIMIT 1")
      .get();
    const cutoff = Math.min(settledBefore, (newest?.at ?? 0) - DAY_MS);
    return this.#statements
      .of(
        `DELETE FROM idempotency WHERE seq IN (
           SELECT seq FROM idempotency WHERE at < ? ORDER BY at LIMIT ${MOST_DELETED})`,
      )
      .run(cutoff);
  }
}
