/** The table of lanes. A row exists while its lane has pending work or is leased. */
import type { LaneKind } from "@switchboard/core/ports";
import type { Epochs } from "./epochs.ts";
import type { Head, LaneRow } from "./lane.ts";
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

/** The statements, made once. */
export class LaneTable {
  /** Nothing that is pending expires before this; unknown at first. Lets the passing of time cost nothing. */
  earliestExpiry = 0;
  readonly epochs: Epochs;
  readonly find: Statement<LaneRow>;
  readonly insert: Statement<never>;
  readonly update: Statement<never>;
  readonly delete: Statement<never>;
  readonly renew: Statement<never>;
  readonly heads: Readonly<Record<LaneKind, Statement<Head>>>;
  readonly freeWork: Statement<LaneRow>;
  readonly freeDeliveries: Statement<LaneRow>;

  /** Something that was written is taken back: what memory made of it goes too. */
  forget(): void {
    this.epochs.forget();
    this.earliestExpiry = 0;
  }

  constructor(statements: Statements, epochs: Epochs) {
    this.epochs = epochs;
    const key = "tenant = ? AND kind = ? AND lane = ?";
    this.find = statements.of(`SELECT * FROM lanes WHERE ${key}`);
    this.insert = statements.insertInto("lanes", ["tenant", "kind", "lane", "channel", "account", ...mutable]);
    this.update = statements.of(`UPDATE lanes SET ${mutable.map((column) => `${column} = ?`).join(", ")} WHERE ${key}`);
    this.delete = statements.of(`DELETE FROM lanes WHERE ${key}`);
    this.renew = statements.of(`UPDATE lanes SET lease_until = ? WHERE ${key} AND epoch = ? AND owner = ?`);
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
}
