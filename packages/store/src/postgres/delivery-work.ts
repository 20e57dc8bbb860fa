/** Deliveries in work: claimed, begun, settled, given back. */
import type { ClaimedDelivery, ClaimRequest, SendOutcome } from "@switchboard/core/ports";
import type { DeliveryId } from "@switchboard/domain";
import { type ErrorRecord, SwitchboardError } from "@switchboard/domain/errors";
import { type DeliveryRow, toDelivery } from "../rows/delivery-row.ts";
import type { Lane } from "../rows/lane.ts";
import type { Attempts } from "./attempts.ts";
import type { Context } from "./context.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Lanes } from "./lanes.ts";
import type { SentMessages } from "./sent-messages.ts";
import type { Statement } from "./sql.ts";

/** Expired deliveries that one claim buries on its way; the rest waits for the next. */
const MOST_BURIED = 200;

const PENDING = "tenant = ? AND lane = ? AND state IN ('queued', 'sending', 'unknown') AND kind <> 'draft'";

/** What settling needs to know of a delivery; its content is not read. */
export type DeliveryInWork = Pick<
  DeliveryRow,
  | "seq"
  | "tenant"
  | "id"
  | "channel"
  | "account"
  | "conversation"
  | "lane"
  | "priority"
  | "state"
  | "last_attempt"
  | "session"
  | "turn"
  | "edits"
>;

export class DeliveryWork {
  readonly #deliveries: Deliveries;
  readonly #attempts: Attempts;
  readonly #sent: SentMessages;
  readonly #head: Statement<DeliveryRow>;
  readonly #find: Statement<DeliveryInWork>;
  readonly #begin: Statement<never>;
  readonly #requeue: Statement<never>;
  readonly #inWork: Statement<DeliveryRow>;

  constructor({ statements }: Context, deliveries: Deliveries, attempts: Attempts, sent: SentMessages) {
    this.#deliveries = deliveries;
    this.#attempts = attempts;
    this.#sent = sent;
    this.#head = statements.of(`SELECT * FROM deliveries WHERE ${PENDING} ORDER BY place, seq LIMIT 1`);
    this.#find = statements.of(
      `SELECT seq, tenant, id, channel, account, conversation, lane, priority, state, last_attempt, session, turn, edits
       FROM deliveries WHERE tenant = ? AND id = ?`,
    );
    this.#begin = statements.of(
      `UPDATE deliveries SET state = 'sending', last_attempt = ?, marked_duplicate = greatest(marked_duplicate, ?), replayed = 0
       WHERE seq = ?`,
    );
    this.#requeue = statements.of(
      `UPDATE deliveries SET state = ?, last_attempt = ?, attempts = attempts + ?, due_at = ?, error = coalesce(?, error)
       WHERE seq = ?`,
    );
    this.#inWork = statements.of(`SELECT * FROM deliveries WHERE ${PENDING} AND state = 'sending'`);
  }

  /** Claims a free lane's first delivery. `undefined` when nothing is due. Buries expired ones on the way. */
  async claim(lanes: Lanes, lane: Lane, request: ClaimRequest, now: number): Promise<ClaimedDelivery | undefined> {
    for (let buried = 0; buried <= MOST_BURIED; buried += 1) {
      if (lane.size === 0) return undefined;
      const row =
        lane.fresh?.kind === "delivery" ? lane.fresh.row : await this.#head.get(lane.row.tenant, lane.row.lane);
      lane.settleHead(
        row && { due_at: row.due_at, since: row.scheduled_at ?? row.created_at, scheduled: row.place < 0 ? 1 : 0 },
      );
      if (!row || row.due_at > now) return undefined;
      if (row.expires_at > now) return await this.#take(lanes, lane, row, request, now);
      await this.#deliveries.buryExpired(row, now);
      lane.remove(row.priority);
    }
    return undefined;
  }

  /** The claimed delivery of a lane that is held. @throws REQ_004 when it is another one, or was settled. */
  async held(lane: Lane, id: DeliveryId): Promise<DeliveryInWork> {
    const row = await this.#find.get(lane.row.tenant, id);
    if (!row || row.lane !== lane.row.lane || (row.state !== "sending" && row.state !== "unknown")) {
      throw new SwitchboardError("REQ_004", `The delivery ${id} is ${row ? row.state : "not known"}, not being sent.`);
    }
    return row;
  }

  /** Begins the next attempt of an `unknown` delivery. Returns its number. */
  async begin(row: DeliveryInWork, markedDuplicate: boolean, now: number): Promise<number> {
    if (row.state !== "unknown") {
      throw new SwitchboardError("REQ_004", `The delivery ${row.id} is ${row.state}, not unknown.`);
    }
    const number = row.last_attempt + 1;
    await this.#attempts.begin(row.tenant, row.seq, number, now);
    this.#begin.send(number, markedDuplicate ? 1 : 0, row.seq);
    return number;
  }

  /** Records what became of an attempt; 0 stands for the last one, whose fate was unknown so far. */
  async settle(lane: Lane, row: DeliveryInWork, attempt: number, outcome: SendOutcome, now: number): Promise<void> {
    if (attempt !== (row.state === "sending" ? row.last_attempt : 0)) {
      throw new SwitchboardError("REQ_004", `Attempt ${attempt} of delivery ${row.id} is not the one under way.`);
    }
    const last = row.last_attempt;
    if (outcome.state === "sent") {
      await this.#sent.record(row, last, outcome.receipt, now);
      lane.remove(row.priority);
      return;
    }
    const error = JSON.stringify(outcome.error);
    const begun = attempt > 0;
    // Nothing new was learnt about an attempt that stays unknown.
    if (begun || outcome.state === "retry") {
      const state = outcome.state === "unknown" || outcome.error.delivered === "unknown" ? "unknown" : "failed";
      await this.#attempts.finish(row.tenant, row.seq, last, { state, now, error });
    }
    if (outcome.state === "dead") {
      const whole = await this.#deliveries.find(row.tenant, row.id);
      if (whole) await this.#deliveries.bury(whole, "dead", outcome.error, now);
      lane.remove(row.priority);
      return;
    }
    const counts = begun && (outcome.state === "unknown" || outcome.counts) ? 1 : 0;
    const state = outcome.state === "unknown" ? "unknown" : "queued";
    this.#requeue.send(state, last, counts, outcome.notBefore, error, row.seq);
  }

  /** Puts a claimed delivery back as if it had not been claimed. */
  async giveBack(row: DeliveryInWork, notBefore: number): Promise<void> {
    if (row.state === "unknown") {
      this.#requeue.send("unknown", row.last_attempt, 0, notBefore, null, row.seq);
      return;
    }
    await this.#attempts.remove(row.tenant, row.seq, row.last_attempt);
    const earlier = await this.#attempts.last(row.tenant, row.seq, row.id);
    const state = earlier?.state === "unknown" ? "unknown" : "queued";
    this.#requeue.send(state, row.last_attempt - 1, 0, notBefore, null, row.seq);
  }

  /**
   * The lane's lease was broken: nobody knows what became of a send that was under way, unless all it does is repeat an
   * edit. It costs the message no attempt. Returns the delivery.
   */
  async abandon(lane: Lane, now: number): Promise<DeliveryRow | undefined> {
    const row = await this.#inWork.get(lane.row.tenant, lane.row.lane);
    if (!row) return undefined;
    const record: ErrorRecord = {
      code: "MSG_007",
      message: "The process ended while the message was being sent.",
      retryable: false,
      delivered: "unknown",
    };
    const error = JSON.stringify(record);
    const state = row.edits === null ? "unknown" : "failed";
    await this.#attempts.finish(row.tenant, row.seq, row.last_attempt, { state, now, error });
    this.#requeue.send(state === "unknown" ? "unknown" : "queued", row.last_attempt, 0, row.due_at, error, row.seq);
    return row;
  }

  async #take(
    lanes: Lanes,
    lane: Lane,
    row: DeliveryRow,
    request: ClaimRequest,
    now: number,
  ): Promise<ClaimedDelivery> {
    const lease = await lanes.grant(lane, request, now);
    if (row.state === "unknown") {
      const unknown = await this.#attempts.last(row.tenant, row.seq, row.id);
      return { lease, delivery: toDelivery(row), ...(unknown && { unknown }) };
    }
    // One that was made in this call is written as being sent already.
    const begun = row.state === "sending";
    const attempt = begun ? row.last_attempt : row.last_attempt + 1;
    await this.#attempts.begin(row.tenant, row.seq, attempt, now);
    if (!begun) this.#begin.send(attempt, 0, row.seq);
    return { lease, delivery: { ...toDelivery(row), state: "sending" }, attempt };
  }
}
