/** Time passes: scheduled deliveries come due, and those that waited too long are buried. Turns are the engine's business. */

import type { LaneRow } from "../rows/lane.ts";
import type { Context } from "./context.ts";
import type { Deliveries } from "./deliveries.ts";
import type { LaneTable } from "./lane-table.ts";
import type { Statement } from "./sql.ts";

/** Rows of each kind that one tick moves; the next goes on. */
const MOST = 1_000;

export class Expiry {
  readonly #context: Context;
  readonly #deliveries: Deliveries;
  readonly #table: LaneTable;
  readonly #lanes: Statement<LaneRow>;
  readonly #earliest: Statement<{ at: number | null }>;

  constructor(context: Context, table: LaneTable, deliveries: Deliveries) {
    this.#table = table;
    this.#context = context;
    this.#deliveries = deliveries;
    this.#earliest = context.statements.of("SELECT min(expires_at) AS at FROM lanes WHERE kind = 'delivery'");
    this.#lanes = context.statements.of("SELECT * FROM lanes WHERE kind = 'delivery' AND expires_at <= ?");
  }

  tick(now: number): { readonly promoted: number; readonly expired: number } {
    const buried = this.#bury(now);
    const lanes = this.#context.lanes();
    const { expired, promoted } = this.#deliveries.promote(lanes, MOST, now);
    lanes.flush();
    return { promoted, expired: expired + buried };
  }

  #bury(now: number): number {
    if (now < this.#table.earliestExpiry) return 0;
    const lanes = this.#context.lanes();
    let buried = 0;
    for (const row of this.#lanes.all(now)) {
      if (buried >= MOST) break;
      const lane = lanes.adopt(row);
      const gone = this.#deliveries.expire(lane, MOST - buried, now);
      buried += gone;
      const first = lane.size > 0 ? this.#deliveries.firstExpiry(lane) : null;
      if (first !== null && first !== row.expires_at) lane.expireFrom(first);
    }
    lanes.flush();
    this.#table.earliestExpiry = this.#earliest.get()?.at ?? Number.MAX_SAFE_INTEGER;
    return buried;
  }
}
