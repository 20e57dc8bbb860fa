/**
 * The message that shows an answer while it is written. It is a delivery outside its lane with a single attempt, under
 * the lease of its turn.
 */
import type { NewDelivery, SendOutcome } from "@switchboard/core/ports";
import type { DeliveryId } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain/errors";
import type { DeliveryRow } from "../rows/delivery-row.ts";
import type { Lane } from "../rows/lane.ts";
import type { TurnRow } from "../rows/turn-row.ts";
import type { Attempts } from "./attempts.ts";
import type { Context } from "./context.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Lanes } from "./lanes.ts";
import type { SentMessages } from "./sent-messages.ts";
import type { Statement } from "./sql.ts";

export class Drafts {
  readonly #deliveries: Deliveries;
  readonly #attempts: Attempts;
  readonly #sent: SentMessages;
  readonly #running: Statement<TurnRow>;
  readonly #setDraft: Statement<never>;
  readonly #end: Statement<never>;
  readonly #underWay: Statement<DeliveryRow>;

  constructor({ statements }: Context, deliveries: Deliveries, attempts: Attempts, sent: SentMessages) {
    this.#deliveries = deliveries;
    this.#attempts = attempts;
    this.#sent = sent;
    this.#running = statements.of(
      `SELECT * FROM turns WHERE tenant = ? AND lane = ? AND state IN ('queued', 'running') AND state = 'running'`,
    );
    this.#setDraft = statements.of("UPDATE turns SET draft = ? WHERE seq = ?");
    this.#end = statements.of("UPDATE deliveries SET state = ?, settled_at = ?, error = ? WHERE seq = ?");
    this.#underWay = statements.of(
      `SELECT * FROM deliveries WHERE seq = ? AND tenant = ? AND turn = ? AND kind = 'draft' AND state = 'sending'`,
    );
  }

  /** `undefined` when other deliveries of the lane still wait, or when the turn has a draft already. */
  async open(lanes: Lanes, turnLane: Lane, delivery: NewDelivery, now: number): Promise<DeliveryId | undefined> {
    const turn = await this.#turn(turnLane);
    const waiting = await lanes.find(turn.tenant, "delivery", delivery.lane);
    if (turn.draft !== null || (waiting && waiting.size > 0)) return undefined;
    const draft: NewDelivery = { ...delivery, kind: "draft", turn: turn.id };
    const { seq } = await this.#deliveries.insert(turn.tenant, draft, "sending", now, now);
    await this.#attempts.begin(turn.tenant, seq, 1, now);
    this.#setDraft.send(seq, turn.seq);
    return delivery.id;
  }

  /** A draft that failed for certain is forgotten: the whole answer comes as a message of its own. */
  async settle(turnLane: Lane, id: DeliveryId, outcome: SendOutcome, now: number): Promise<void> {
    const turn = await this.#turn(turnLane);
    const row = await this.#deliveries.find(turn.tenant, id);
    if (!row || row.seq !== turn.draft || row.state !== "sending") {
      throw new SwitchboardError("REQ_004", `The draft ${id} is not being sent.`);
    }
    if (outcome.state === "sent") {
      await this.#sent.record(row, 1, outcome.receipt, now);
      return;
    }
    const error = JSON.stringify(outcome.error);
    const unknown = outcome.state === "unknown" || outcome.error.delivered === "unknown";
    await this.#attempts.finish(row.tenant, row.seq, 1, { state: unknown ? "unknown" : "failed", now, error });
    this.#end.send(unknown ? "unknown" : "superseded", unknown ? null : now, error, row.seq);
    if (!unknown) this.#setDraft.send(null, turn.seq);
  }

  /** The turn's run ended without an end: a draft that was being sent is `unknown` from now on. */
  async abandon(turn: Pick<TurnRow, "tenant" | "id" | "draft">, now: number): Promise<void> {
    if (turn.draft === null) return;
    const row = await this.#underWay.get(turn.draft, turn.tenant, turn.id);
    if (!row) return;
    const error = JSON.stringify({
      code: "MSG_007",
      message: "The process ended while the draft was being sent.",
      retryable: false,
      delivered: "unknown",
    });
    await this.#attempts.finish(row.tenant, row.seq, 1, { state: "unknown", now, error });
    this.#end.send("unknown", null, error, row.seq);
  }

  async #turn(lane: Lane): Promise<TurnRow> {
    const turn = await this.#running.get(lane.row.tenant, lane.row.lane);
    if (!turn) throw new SwitchboardError("REQ_004", `No turn runs in lane ${lane.row.lane}.`);
    return turn;
  }
}
