/**
 * Deletes what nobody needs any more, a bounded number of rows a call. Tables are walked in the order their rows were
 * made, from where the last call stopped, so that rows which must stay are not looked at over and over.
 */
import { dayOf, type Upkeep } from "@switchboard/core/ports";
import type { Context } from "./context.ts";
import { SessionPruner } from "./prune-sessions.ts";
import type { SqlValue, Statements } from "./sql.ts";

type Cutoffs = Parameters<Upkeep["prune"]>[0];

const DAY_MS = 86_400_000;
/** Rows deleted of one table in one call, and rows looked at. */
const MOST_DELETED = 1_000;
const MOST_SEEN = 20_000;

interface Walk {
  readonly table: string;
  /** The column that says how old a row is, by which walking stops: everything behind is younger. */
  readonly age: string;
  readonly cutoff: (cutoffs: Cutoffs) => number;
  /** Further conditions, over `age < cutoff`; `:cutoff` is bound as ?3. */
  readonly only?: string;
  /** Run for each deleted row. */
  readonly also?: readonly string[];
}

/** An unresolved dead letter keeps its subject. */
const unlessOpen = (table: string) => `NOT EXISTS (SELECT 1 FROM dead_letters
  WHERE dead_letters.tenant = ${table}.tenant AND dead_letters.subject = ${table}.id AND resolution IS NULL)`;

const settled = (cutoffs: Cutoffs) => cutoffs.settledBefore;
const spoken = (cutoffs: Cutoffs) => cutoffs.transcriptsBefore;

const walks: readonly Walk[] = [
  {
    table: "inbox",
    age: "received_at",
    cutoff: settled,
    only: `settled_at < ?3 AND ${unlessOpen("inbox")}`,
  },
  {
    table: "turns",
    age: "created_at",
    cutoff: settled,
    only: `finished_at < ?3 AND state NOT IN ('queued', 'running') AND ${unlessOpen("turns")}`,
    also: ["DELETE FROM turn_inputs WHERE tenant = ?2 AND turn = ?1"],
  },
  {
    table: "deliveries",
    age: "created_at",
    cutoff: settled,
    only: `settled_at < ?3 AND state NOT IN ('scheduled', 'queued', 'sending', 'unknown') AND ${unlessOpen("deliveries")}
      AND NOT (kind = 'draft' AND state <> 'superseded')`,
    also: [
      "DELETE FROM attempts WHERE tenant = ?2 AND delivery = ?1",
      "DELETE FROM control_values WHERE delivery = ?1",
    ],
  },
  { table: "dead_letters", age: "created_at", cutoff: settled, only: "resolved_at < ?3" },
  { table: "trace_notes", age: "at", cutoff: settled },
  { table: "early_receipts", age: "at", cutoff: settled },
  {
    table: "transcript",
    age: "at",
    cutoff: spoken,
    also: ["UPDATE sessions SET entries = entries - 1 WHERE seq = ?1"],
  },
  { table: "sent_messages", age: "at", cutoff: spoken },
  { table: "usage_records", age: "at", cutoff: (cutoffs) => cutoffs.usageBefore },
  {
    table: "audit",
    age: "at",
    cutoff: (cutoffs) => cutoffs.auditBefore,
    only: "position <= (SELECT max(position) FROM audit_seals WHERE tenant = audit.tenant AND pruned = 1)",
  },
];

export class Pruner {
  readonly #statements: Statements;
  readonly #sessions: SessionPruner;
  readonly #walkedTo = new Map<string, number>();

  constructor(context: Context) {
    this.#statements = context.statements;
    this.#sessions = new SessionPruner(context);
  }

  prune(cutoffs: Cutoffs): number {
    let deleted = this.#pruneIdempotency(cutoffs);
    this.#beginAudit(cutoffs);
    for (const walk of walks) deleted += this.#walk(walk, walk.cutoff(cutoffs));
    deleted += this.#statements.of("DELETE FROM usage_days WHERE day < ?").run(dayOf(cutoffs.usageBefore));
    deleted += this.#statements.of("DELETE FROM usage_notices WHERE day < ?").run(dayOf(cutoffs.usageBefore));
    return deleted + this.#sessions.prune(Math.min(cutoffs.settledBefore, cutoffs.transcriptsBefore));
  }

  /** The audit log is deleted up to a seal that is old enough; from then on each tenant's chain begins behind it. */
  #beginAudit({ auditBefore }: Cutoffs): void {
    this.#statements
      .of(
        `UPDATE audit_seals SET pruned = 1 WHERE at < ?1 AND pruned = 0 AND NOT EXISTS (
           SELECT 1 FROM audit_seals AS newer
           WHERE newer.tenant = audit_seals.tenant AND newer.position > audit_seals.position AND newer.at < ?1)`,
      )
      .run(auditBefore);
    this.#statements
      .of(
        `DELETE FROM audit_seals WHERE at < ?1 AND EXISTS (
           SELECT 1 FROM audit_seals AS newer WHERE newer.tenant = audit_seals.tenant
             AND newer.position > audit_seals.position AND newer.pruned = 1)`,
      )
      .run(auditBefore);
  }

  #walk(walk: Walk, cutoff: number): number {
    const { age, only = "TRUE", table } = walk;
    const from = this.#walkedTo.get(table) ?? 0;
    const [end] = this.#statements
      .of<{ seq: number; old: number }>(
        `SELECT seq, ${age} < ? AS old FROM ${table} WHERE seq > ? ORDER BY seq LIMIT 1 OFFSET ${MOST_SEEN}`,
      )
      .all(cutoff, from);
    const key = walk.table === "transcript" ? "session" : "seq";
    const rows = this.#statements
      .of<{ seq: number; tenant: string; key: number }>(
        `SELECT seq, tenant, ${key} AS key FROM ${table} NOT INDEXED WHERE seq > ?1 AND seq <= ?2 AND ${age} < ?3
           AND ${only} ORDER BY seq LIMIT ${MOST_DELETED}`,
      )
      .all(from, end?.seq ?? Number.MAX_SAFE_INTEGER, cutoff);
    const drop = this.#statements.of(`DELETE FROM ${table} WHERE seq = ?`);
    for (const row of rows) {
      drop.run(row.seq);
      for (const text of walk.also ?? []) {
        const values: SqlValue[] = text.includes("?2") ? [row.key, row.tenant] : [row.key];
        this.#statements.of(text).run(...values);
      }
    }
    const last = rows.length === MOST_DELETED ? rows.at(-1)?.seq : undefined;
    // At the end, or where everything further on is young: the next walk begins at the beginning.
    this.#walkedTo.set(table, last ?? (end && end.old !== 0 ? end.seq : 0));
    return rows.length;
  }

  /** Delivery confirmations are known for a day at least, counted from the newest one. */
  #pruneIdempotency({ settledBefore }: Cutoffs): number {
    const newest = this.#statements
      .of<{ at: number | null }>("SELECT at FROM idempotency ORDER BY seq DESC LIMIT 1")
      .get();
    const cutoff = Math.min(settledBefore, (newest?.at ?? 0) - DAY_MS);
    return this.#statements
      .of(
        `DELETE FROM idempotency WHERE seq IN (
           SELECT seq FROM idempotency WHERE at < ? ORDER BY seq LIMIT ${MOST_DELETED})`,
      )
      .run(cutoff);
  }
}
