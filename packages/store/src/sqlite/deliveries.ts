/** Deliveries on their way into their lanes, and out of them without having been sent. */
import { type DeliveryState, type NewDelivery, PRIORITY } from "@switchboard/core/ports";
import { expired } from "@switchboard/core/rules";
import type { DeliveryId, OutboundPart, TenantId } from "@switchboard/domain";
import { type ErrorRecord, SwitchboardError } from "@switchboard/domain/errors";
import type { DeliveryRow } from "../rows/delivery-row.ts";
import { fromJson, toJson } from "../rows/json.ts";
import type { Lane } from "../rows/lane.ts";
import type { Context } from "./context.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { Lanes } from "./lanes.ts";
import type { Statement } from "./sql.ts";
import type { UsageLog } from "./usage-log.ts";

/** Promoted deliveries stand before all others, by due time. */
const PROMOTED = -9_000_000_000_000_000;

export class Deliveries {
  readonly #deadLetters: DeadLetters;
  readonly #usage: UsageLog;
  readonly #insert: Statement<never>;
  readonly #insertValue: Statement<never>;
  readonly #find: Statement<DeliveryRow>;
  readonly #bury: Statement<never>;
  readonly #cancel: Statement<never>;
  readonly #dueScheduled: Statement<DeliveryRow>;
  readonly #promote: Statement<never>;
  readonly #overdue: Statement<DeliveryRow>;
  readonly #firstExpiry: Statement<{ at: number | null }>;

  constructor({ statements }: Context, deadLetters: DeadLetters, usage: UsageLog) {
    this.#deadLetters = deadLetters;
    this.#usage = usage;
    // biome-ignore format: one line a group
    this.#insert = statements.insertInto("deliveries", [
      "tenant", "id", "channel", "account", "conversation", "lane", "place", "kind", "priority", "state", "attempts",
      "last_attempt", "created_at", "due_at", "expires_at", "caused_at", "scheduled_at", "marked_duplicate", "replayed", "session",
      "turn", "event", "edits", "target", "part",
    ]);
    this.#insertValue = statements.insertInto(
      "control_values",
      ["tenant", "token", "delivery", "value"],
      "ON CONFLICT DO UPDATE SET delivery = excluded.delivery, value = excluded.value",
    );
    this.#find = statements.of("SELECT * FROM deliveries WHERE tenant = ? AND id = ?");
    this.#bury = statements.of("UPDATE deliveries SET state = ?, settled_at = ?, error = ? WHERE seq = ?");
    this.#cancel = statements.of("UPDATE deliveries SET state = 'cancelled', settled_at = ? WHERE seq = ?");
    this.#dueScheduled = statements.of(
      "SELECT * FROM deliveries WHERE state = 'scheduled' AND due_at <= ? ORDER BY due_at LIMIT ?",
    );
    this.#promote = statements.of("UPDATE deliveries SET state = 'queued', place = ? WHERE seq = ?");
    const pending = `tenant = ? AND lane = ? AND state IN ('queued', 'sending', 'unknown') AND kind <> 'draft'`;
    this.#overdue = statements.of(`SELECT * FROM deliveries WHERE ${pending} AND expires_at <= ? LIMIT ?`);
    this.#firstExpiry = statements.of(`SELECT min(expires_at) AS at FROM deliveries WHERE ${pending}`);
  }

  find(tenant: string, id: string): DeliveryRow | undefined {
    return this.#find.get(tenant, id);
  }

  /**
   * Queues a delivery, or keeps it until it is due. `claimed`: the caller claims its lane in the same call, so an idle
   * lane's delivery is written as being sent at once.
   */
  add(lanes: Lanes, tenant: TenantId, delivery: NewDelivery, claimed: boolean, now: number): void {
    if (delivery.kind === "draft") {
      throw new SwitchboardError("REQ_001", `The draft ${delivery.id} belongs to a turn and is not queued.`);
    }
    const { dueAt } = delivery;
    if (dueAt !== undefined && dueAt > now) {
      this.insert(tenant, delivery, "scheduled", dueAt, now);
      return;
    }
    const lane = lanes.open(tenant, "delivery", delivery.lane, delivery.channel, delivery.account);
    const starts = claimed && lane.idle && delivery.expiresAt > now;
    const row = this.insert(tenant, delivery, starts ? "sending" : "queued", now, now);
    const { expiresAt } = delivery;
    lane.add({ priority: row.priority, dueAt: now, since: now, expiresAt }, { kind: "delivery", row });
  }

  insert(tenant: TenantId, delivery: NewDelivery, state: DeliveryState, dueAt: number, now: number): DeliveryRow {
    const { account, channel, edits = null, event = null, id, kind, lane, session = null, turn = null } = delivery;
    const { conversation } = delivery.target;
    const target = JSON.stringify(delivery.target);
    const part = JSON.stringify(delivery.part);
    const priority = PRIORITY[delivery.priority];
    const causedAt = delivery.causedAt ?? null;
    const scheduledAt = delivery.dueAt ?? null;
    const attempt = state === "sending" ? 1 : 0;
    // biome-ignore format: one line a group
    const seq = this.#insert.insert(
      tenant, id, channel, account, conversation, lane, 0, kind, priority, state, 0, attempt, now, dueAt,
      delivery.expiresAt, causedAt, scheduledAt, 0, 0, session, turn, event, edits, target, part,
    );
    this.#usage.count(tenant, { mediaOut: delivery.mediaBytes ?? 0 }, now);
    if (delivery.controlValues) {
      for (const [token, value] of Object.entries(delivery.controlValues)) {
        this.#insertValue.run(tenant, token, seq, value);
      }
    }
    // biome-ignore format: one line a group
    return {
      seq, tenant, id, channel, account, conversation, lane, place: 0, kind, priority, state, attempts: 0,
      last_attempt: attempt, created_at: now, due_at: dueAt, expires_at: delivery.expiresAt, caused_at: causedAt,
      scheduled_at: scheduledAt,
      settled_at: null, sent_at: null, delivered_at: null, read_at: null, marked_duplicate: 0, replayed: 0, session, turn,
      event, edits, message_ids: null, error: null, target, part,
    };
  }

  /** Gives a delivery up; the dead letter says why. Its lane must be told by the caller. */
  bury(row: DeliveryRow, state: "dead" | "expired", error: ErrorRecord, now: number): void {
    this.#bury.run(state, now, toJson(error), row.seq);
    const { preview } = fromJson<OutboundPart>(row.part);
    const { tenant, id: subject, channel, account } = row;
    this.#deadLetters.bury({ tenant, kind: "delivery", subject, channel, account, error, preview }, now);
  }

  buryExpired(row: DeliveryRow, now: number): void {
    this.bury(row, "expired", expired("delivery", row.expires_at), now);
  }

  cancel(lanes: Lanes, tenant: TenantId, id: DeliveryId, now: number): boolean {
    const row = this.find(tenant, id);
    if (!row || row.kind === "draft") return false;
    const lane = lanes.find(tenant, "delivery", row.lane);
    // An `unknown` one of a leased lane may be in work: somebody is finding out about it right now.
    const idle = row.state === "scheduled" || row.state === "queued" || (row.state === "unknown" && !lane?.leased);
    if (!idle) return false;
    this.#cancel.run(now, row.seq);
    if (row.state !== "scheduled") lane?.remove(row.priority);
    return true;
  }

  /** Moves scheduled deliveries whose time has come into their lanes, at most `limit`. */
  promote(lanes: Lanes, limit: number, now: number): { readonly promoted: number; readonly expired: number } {
    const rows = this.#dueScheduled.all(now, limit);
    let gone = 0;
    for (const row of rows) {
      if (row.expires_at <= now) {
        this.buryExpired(row, now);
        gone += 1;
        continue;
      }
      this.#promote.run(PROMOTED + row.due_at, row.seq);
      const lane = lanes.open(row.tenant, "delivery", row.lane, row.channel, row.account);
      const { due_at: dueAt, expires_at: expiresAt, priority } = row;
      lane.add({ priority, dueAt, since: dueAt, expiresAt, scheduled: true, front: true });
    }
    return { promoted: rows.length - gone, expired: gone };
  }

  /** Buries deliveries of a lane that waited too long, at most `limit`; the one in work goes on. Returns how many. */
  expire(lane: Lane, limit: number, now: number): number {
    let gone = 0;
    for (const row of this.#overdue.all(lane.row.tenant, lane.row.lane, now, limit)) {
      if (row.state === "sending" || (row.state === "unknown" && lane.leased)) continue;
      this.buryExpired(row, now);
      lane.remove(row.priority);
      gone += 1;
    }
    return gone;
  }

  /** When the first of a lane's pending deliveries expires. */
  firstExpiry(lane: Lane): number | null {
    return this.#firstExpiry.get(lane.row.tenant, lane.row.lane)?.at ?? null;
  }
}
