/** Time passes: scheduled deliveries come due, and those that waited too long are buried. Turns are the engine's business. */

import type { TenantId } from "@switchboard/domain";
import type { LaneRow } from "../rows/lane.ts";
import type { Context } from "./context.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Statement } from "./sql.ts";

/** Rows of each kind that one tick moves; the next goes on. */
const MOST = 1_000;

export class Expiry {
  readonly #context: Context;
  readonly #deliveries: Deliveries;
  readonly #lanes: Statement<LaneRow>;

  constructor(context: Context, deliveries: Deliveries) {
    this.#context = context;
    this.#deliveries = deliveries;
    this.#lanes = context.statements.of(
      `SELECT * FROM lanes WHERE tenant = ? AND kind = 'delivery' AND expires_at <= ? ORDER BY expires_at
       LIMIT ${MOST} FOR UPDATE SKIP LOCKED`,
    );
  }

  async tick(tenant: TenantId, now: number): Promise<{ readonly promoted: number; readonly expired: number }> {
    const buried = await this.#bury(tenant, now);
    const lanes = this.#context.lanes();
    const { expired, promoted } = await this.#deliveries.promote(lanes, tenant, MOST, now);
    await lanes.flush();
    return { promoted, expired: expired + buried };
  }

  async #bury(tenant: TenantId, now: number): Promise<number> {
    const lanes = this.#context.lanes();
    let buried = 0;
    for (const row of await this.#lanes.all(tenant, now)) {
      if (buried >= MOST) break;
      const lane = lanes.adopt(row);
      const gone = await this.#deliveries.expire(lane, MOST - buried, now);
      buried += gone;
      const first = lane.size > 0 ? await this.#deliveries.firstExpiry(lane) : null;
      if (first !== null && first !== row.expires_at) lane.expireFrom(first);
    }
    await lanes.flush();
    return buried;
  }
}
