/** Leases that are renewed, run out or are given up. */
import type { Lease, TraceSubject } from "@switchboard/core/ports";
import type { InboxId } from "@switchboard/domain";
import type { Lane, LaneRow } from "../rows/lane.ts";
import type { Context } from "./context.ts";
import type { DeliveryWork } from "./delivery-work.ts";
import type { Drafts } from "./drafts.ts";
import type { LaneTable } from "./lane-table.ts";
import type { Statement } from "./sql.ts";
import type { TraceLog } from "./trace-store.ts";
import type { TurnWork } from "./turn-work.ts";

export interface LeaseParts {
  readonly table: LaneTable;
  readonly turnWork: TurnWork;
  readonly deliveryWork: DeliveryWork;
  readonly drafts: Drafts;
  readonly traces: TraceLog;
}

export class Leases {
  readonly #context: Context;
  readonly #parts: LeaseParts;
  readonly #broken: Statement<LaneRow>;
  readonly #ofOwner: Statement<LaneRow>;
  readonly #firstEvent: Statement<{ id: InboxId }>;

  constructor(context: Context, parts: LeaseParts) {
    this.#context = context;
    this.#parts = parts;
    const { statements } = context;
    this.#broken = statements.of(
      // An owner that is committing right now is alive.
      `SELECT * FROM lanes WHERE tenant = ? AND owner IS NOT NULL AND (lease_until <= ? OR owner <> ?)
       FOR UPDATE SKIP LOCKED`,
    );
    this.#ofOwner = statements.of("SELECT * FROM lanes WHERE tenant = ? AND owner = ? FOR UPDATE");
    this.#firstEvent = statements.of(
      "SELECT id FROM inbox WHERE tenant = ? AND lane = ? AND state = 'new' ORDER BY seq LIMIT 1",
    );
  }

  /** Returns those that were lost. */
  async renew(leases: readonly Lease[], until: number): Promise<Lease[]> {
    const lost: Lease[] = [];
    for (const lease of leases) if (!(await this.#parts.table.renew(lease, until))) lost.push(lease);
    return lost;
  }

  /** Leases that ran out and, with `except`, all that belong to somebody else. */
  async break(tenant: string, now: number, except: string | undefined): Promise<number> {
    return this.#free(await this.#broken.all(tenant, now, except ?? null), now);
  }

  async releaseOwner(tenant: string, owner: string, now: number): Promise<void> {
    await this.#free(await this.#ofOwner.all(tenant, owner), now);
  }

  async #free(rows: readonly LaneRow[], now: number): Promise<number> {
    const lanes = this.#context.lanes();
    for (const row of rows) {
      const { owner, tenant } = row;
      const lane = lanes.adopt(row);
      const subject = await this.#abandon(lane, now);
      // The work's own row shows what it is now, and not that its process died.
      if (subject) await this.#parts.traces.note(tenant, { subject, at: now, step: "lease-broken", detail: { owner } });
      lane.release();
    }
    await lanes.flush();
    return rows.length;
  }

  /** Makes what a lane's owner worked on claimable again. Returns what it was. */
  async #abandon(lane: Lane, now: number): Promise<TraceSubject | undefined> {
    const { deliveryWork, drafts, turnWork } = this.#parts;
    const { kind, lane: name, tenant } = lane.row;
    if (kind === "inbox") return (await this.#firstEvent.get(tenant, name))?.id;
    if (kind === "delivery") return (await deliveryWork.abandon(lane, now))?.id;
    const turn = await turnWork.abandon(lane);
    if (turn) await drafts.abandon(turn, now);
    return turn?.id;
  }
}
