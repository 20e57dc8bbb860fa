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
    this.#broken = statements.of("SELECT * FROM lanes WHERE owner IS NOT NULL AND (lease_until <= ?1 OR owner <> ?2)");
    this.#ofOwner = statements.of("SELECT * FROM lanes WHERE owner = ?");
    this.#firstEvent = statements.of(
      "SELECT id FROM inbox WHERE tenant = ? AND lane = ? AND state = 'new' ORDER BY seq LIMIT 1",
    );
  }

  renew(leases: readonly Lease[], until: number): Lease[] {
    return leases.filter((lease) => !this.#parts.table.renew(lease, until));
  }

  /** Leases that ran out and, with `except`, all that belong to somebody else. */
  break(now: number, except: string | undefined): number {
    return this.#free(this.#broken.all(now, except ?? null), now);
  }

  releaseOwner(owner: string, now: number): void {
    this.#free(this.#ofOwner.all(owner), now);
  }

  #free(rows: readonly LaneRow[], now: number): number {
    const lanes = this.#context.lanes();
    for (const row of rows) {
      const { owner, tenant } = row;
      const lane = lanes.adopt(row);
      const subject = this.#abandon(lane, now);
      // The work's own row shows what it is now, and not that its process died.
      if (subject) this.#parts.traces.note(tenant, { subject, at: now, step: "lease-broken", detail: { owner } });
      lane.release();
    }
    lanes.flush();
    return rows.length;
  }

  /** Makes what a lane's owner worked on claimable again. Returns what it was. */
  #abandon(lane: Lane, now: number): TraceSubject | undefined {
    const { deliveryWork, drafts, turnWork } = this.#parts;
    const { kind, lane: name, tenant } = lane.row;
    if (kind === "inbox") return this.#firstEvent.get(tenant, name)?.id;
    if (kind === "delivery") return deliveryWork.abandon(lane, now)?.id;
    const turn = turnWork.abandon(lane);
    if (turn) drafts.abandon(turn, now);
    return turn?.id;
  }
}
