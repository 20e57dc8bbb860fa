/** The table of lanes. A row exists while its lane has pending work or is leased. */
import type { LaneKind, Lease } from "@switchboard/core/ports";
import type { Head, LaneRow } from "../rows/lane.ts";
import type { Epochs } from "./epochs.ts";
import type { Statement, Statements } from "./sql.ts";

/** The first pending row of a lane, per kind. Also the conditions that the partial indexes need, word for word. */
const heads: Readonly<Record<LaneKind, string>> = {
  inbox: `SELECT due_at, received_at AS since, 0 AS scheduled FROM inbox
    WHERE tenant = ? AND lane = ? AND state = 'new' ORDER BY seq LIMIT 1`,
  turn: `SELECT due_at, created_at AS since, 0 AS scheduled FROM turns
    WHERE tenant = ? AND lane = ? AND state IN ('queued', 'running') ORDER BY seq LIMIT 1`,
  delivery: `SELECT due_at, coalesce(scheduled_at, created_at) AS since, place < 0 AS scheduled FROM deliveries
    WHERE tenant = ? AND lane = ? AND state IN ('queued', 'sending', 'unknown') AND kind <> 'draft'
    ORDER BY place, seq LIMIT 1`,
};

const mutable = [
  "critical",
  "high",
  "normal",
  "low",
  "ready_at",
  "scheduled",
  "since",
  "priority",
  "expires_at",
  "epoch",
  "owner",
  "lease_until",
] as const;

/** How many lanes are remembered. Busy ones come back every few milliseconds; the others are read when they do. */
const MOST_REMEMBERED = 2_000;

/**
 * The statements, made once, and what the lanes in use look like: nobody else writes this table (the directory is
 * locked), and every write to it passes here.
 */
export class LaneTable {
  /** Nothing that is pending expires before this; unknown at first. Lets the passing of time cost nothing. */
  earliestExpiry = 0;
  readonly epochs: Epochs;
  readonly #find: Statement<LaneRow>;
  readonly #insert: Statement<never>;
  readonly #update: Statement<never>;
  readonly #delete: Statement<never>;
  readonly #renew: Statement<never>;
  /** `undefined`: it has no row. */
  readonly #remembered = new Map<string, LaneRow | undefined>();
  readonly heads: Readonly<Record<LaneKind, Statement<Head>>>;
  readonly freeWork: Statement<LaneRow>;
  readonly freeDeliveries: Statement<LaneRow>;

  /** Something that was written is taken back: what memory made of it goes too. */
  forget(): void {
    this.epochs.forget();
    this.earliestExpiry = 0;
    this.#remembered.clear();
  }

  constructor(statements: Statements, epochs: Epochs) {
    this.epochs = epochs;
    const key = "tenant = ? AND kind = ? AND lane = ?";
    this.#find = statements.of(`SELECT * FROM lanes WHERE ${key}`);
    this.#insert = statements.insertInto("lanes", ["tenant", "kind", "lane", "channel", "account", ...mutable]);
    this.#update = statements.of(
      `UPDATE lanes SET ${mutable.map((column) => `${column} = ?`).join(", ")} WHERE ${key}`,
    );
    this.#delete = statements.of(`DELETE FROM lanes WHERE ${key}`);
    this.#renew = statements.of(`UPDATE lanes SET lease_until = ? WHERE ${key} AND epoch = ? AND owner = ?`);
    this.heads = {
      inbox: statements.of(heads.inbox),
      turn: statements.of(heads.turn),
      delivery: statements.of(heads.delivery),
    };
    const order = "scheduled = ? AND priority = ? AND ready_at <= ? ORDER BY ready_at LIMIT ?";
    this.freeWork = statements.of(
      `SELECT * FROM lanes WHERE owner IS NULL AND kind <> 'delivery' AND tenant = ? AND kind = ? AND ${order}`,
    );
    this.freeDeliveries = statements.of(
      `SELECT * FROM lanes WHERE owner IS NULL AND kind = 'delivery' AND tenant = ? AND channel = ? AND account = ?
       AND ${order}`,
    );
  }

  /** A row of the caller's own, to change as it likes. */
  find(tenant: string, kind: LaneKind, name: string): LaneRow | undefined {
    const key = keyOf(tenant, kind, name);
    const known = this.#remembered.get(key);
    if (known) return { ...known };
    if (this.#remembered.has(key)) return undefined;
    const row = this.#find.get(tenant, kind, name);
    this.#remember(key, row && { ...row });
    return row;
  }

  insert(row: LaneRow): void {
    const { critical, high, normal, low, ready_at, scheduled, since, priority, expires_at, epoch, owner } = row;
    // biome-ignore format: one line a group
    this.#insert.run(
      row.tenant, row.kind, row.lane, row.channel, row.account,
      critical, high, normal, low, ready_at, scheduled, since, priority, expires_at, epoch, owner, row.lease_until,
    );
    this.#remember(keyOf(row.tenant, row.kind, row.lane), { ...row });
  }

  update(row: LaneRow): void {
    const { critical, high, normal, low, ready_at, scheduled, since, priority, expires_at, epoch, owner } = row;
    // biome-ignore format: one line a group
    this.#update.run(
      critical, high, normal, low, ready_at, scheduled, since, priority, expires_at, epoch, owner, row.lease_until,
      row.tenant, row.kind, row.lane,
    );
    this.#remember(keyOf(row.tenant, row.kind, row.lane), { ...row });
  }

  delete({ kind, lane, tenant }: LaneRow): void {
    this.#delete.run(tenant, kind, lane);
    this.#remember(keyOf(tenant, kind, lane), undefined);
  }

  /** Whether the lease still stands; then it lives until `until`. */
  renew({ epoch, kind, lane, owner, tenant }: Lease, until: number): boolean {
    this.#remembered.delete(keyOf(tenant, kind, lane));
    return this.#renew.run(until, tenant, kind, lane, epoch, owner) > 0;
  }

  #remember(key: string, row: LaneRow | undefined): void {
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(key, row);
  }
}

/** One text for a lane, for maps. */
export function keyOf(tenant: string, kind: LaneKind, name: string): string {
  return `${kind}\n${tenant}\n${name}`;
}
