/**
 * The table of lanes. A row exists while its lane has pending work or is leased. Whoever looks at a lane to change it
 * locks its row: until the transaction ends no other node can.
 */
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
  delivery: `SELECT due_at, coalesce(scheduled_at, created_at) AS since, (place < 0)::integer AS scheduled FROM deliveries
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

const columns = ["tenant", "kind", "lane", "channel", "account", ...mutable];

export class LaneTable {
  readonly epochs: Epochs;
  readonly #find: Statement<LaneRow>;
  readonly #open: Statement<LaneRow>;
  readonly #update: Statement<never>;
  readonly #delete: Statement<never>;
  readonly #renew: Statement<never>;
  readonly heads: Readonly<Record<LaneKind, Statement<Head>>>;
  readonly freeWork: Statement<LaneRow>;
  readonly freeDeliveries: Statement<LaneRow>;

  constructor(statements: Statements, epochs: Epochs) {
    this.epochs = epochs;
    const key = "tenant = ? AND kind = ? AND lane = ?";
    this.#find = statements.of(`SELECT * FROM lanes WHERE ${key} FOR UPDATE`);
    // Finds, locks or makes in one step: of two nodes that make the same lane, the second waits and gets the first's.
    this.#open = statements.insertInto(
      "lanes",
      columns,
      "ON CONFLICT (tenant, kind, lane) DO UPDATE SET epoch = lanes.epoch RETURNING *",
    ) as Statement<LaneRow>;
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
    // A lane that another node holds in its hands right now is passed over.
    const order = "scheduled = ? AND priority = ? AND ready_at <= ? ORDER BY ready_at LIMIT ? FOR UPDATE SKIP LOCKED";
    this.freeWork = statements.of(
      `SELECT * FROM lanes WHERE owner IS NULL AND kind <> 'delivery' AND tenant = ? AND kind = ? AND ${order}`,
    );
    this.freeDeliveries = statements.of(
      `SELECT * FROM lanes WHERE owner IS NULL AND kind = 'delivery' AND tenant = ? AND channel = ? AND account = ?
       AND ${order}`,
    );
  }

  find(tenant: string, kind: LaneKind, name: string): Promise<LaneRow | undefined> {
    return this.#find.get(tenant, kind, name);
  }

  /** The lane's row, or `blank` as a row of its own. */
  async open(blank: LaneRow): Promise<LaneRow> {
    const row = await this.#open.get(
      blank.tenant,
      blank.kind,
      blank.lane,
      blank.channel,
      blank.account,
      ...values(blank),
    );
    return row ?? blank;
  }

  async update(row: LaneRow): Promise<void> {
    this.#update.send(...values(row), row.tenant, row.kind, row.lane);
  }

  async delete({ kind, lane, tenant }: LaneRow): Promise<void> {
    this.#delete.send(tenant, kind, lane);
  }

  /** Whether the lease still stands; then it lives until `until`. */
  async renew({ epoch, kind, lane, owner, tenant }: Lease, until: number): Promise<boolean> {
    return (await this.#renew.run(until, tenant, kind, lane, epoch, owner)) > 0;
  }
}

function values(row: LaneRow): (string | number | null)[] {
  return mutable.map((column) => row[column]);
}

/** One text for a lane, for maps. */
export function keyOf(tenant: string, kind: LaneKind, name: string): string {
  return `${kind}\n${tenant}\n${name}`;
}
