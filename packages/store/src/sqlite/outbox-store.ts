/** The OutboxStore port. */
import type { ClaimedDelivery, OutboxStore } from "@switchboard/core/ports";
import type { DeliveryId, InboxId } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain/errors";
import { toDelivery } from "../rows/delivery-row.ts";
import { fromJson } from "../rows/json.ts";
import type { Attempts } from "./attempts.ts";
import type { Context, Sync } from "./context.ts";
import type { Drafts } from "./drafts.ts";
import { claimDeliveryLanes, type EffectParts } from "./effects.ts";
import { listNewest } from "./page.ts";
import type { SqlValue } from "./sql.ts";
import type { TraceLog } from "./trace-store.ts";

/** How often one claim looks for further lanes. */
const MOST_ROUNDS = 4;

export function outboxStore(
  context: Context,
  parts: EffectParts,
  attempts: Attempts,
  drafts: Drafts,
  traces: TraceLog,
): Sync<OutboxStore> {
  const { statements } = context;
  const { deliveries, deliveryWork, redirect, sent } = parts;
  const known = statements.of<{ deliveries: string; fingerprint: string | null }>(
    "SELECT deliveries, fingerprint FROM idempotency WHERE tenant = ? AND key = ?",
  );
  const remember = statements.insertInto("idempotency", ["tenant", "key", "at", "fingerprint", "deliveries"]);
  const value = statements.of<{ value: string }>("SELECT value FROM control_values WHERE tenant = ? AND token = ?");

  return {
    enqueue(tenant, { claim, deliveries: given, fingerprint = null, idempotencyKey, now }) {
      const earlier = idempotencyKey === undefined ? undefined : known.get(tenant, idempotencyKey);
      if (earlier && earlier.fingerprint !== fingerprint) {
        throw new SwitchboardError("REQ_006", "The idempotency key stands for another message already.");
      }
      if (earlier) return { ids: fromJson<DeliveryId[]>(earlier.deliveries), existing: true, claimed: [] };
      const lanes = context.lanes();
      for (const delivery of given) deliveries.add(lanes, tenant, delivery, claim !== undefined, now);
      const ids = given.map(({ id }) => id);
      if (idempotencyKey !== undefined) remember.run(tenant, idempotencyKey, now, fingerprint, JSON.stringify(ids));
      const names = given.map(({ lane }) => lane);
      const claimed = claimDeliveryLanes(deliveryWork, lanes, tenant, names, claim, now);
      lanes.flush();
      return { ids, existing: false, claimed };
    },

    claim(tenant, request) {
      const claimed: ClaimedDelivery[] = [];
      // A lane in which everything had expired makes room for another one.
      for (let round = 0; round < MOST_ROUNDS && claimed.length < request.limit; round += 1) {
        const lanes = context.lanes();
        const free = lanes.free(tenant, "delivery", request, request.limit - claimed.length, request.now);
        if (free.length === 0) break;
        for (const lane of free) {
          const delivery = deliveryWork.claim(lanes, lane, request, request.now);
          if (delivery) claimed.push(delivery);
        }
        lanes.flush();
      }
      return claimed;
    },

    begin(lease, delivery, { markedDuplicate, now }) {
      const lane = context.lanes().held(lease, "delivery");
      return deliveryWork.begin(deliveryWork.held(lane, delivery), markedDuplicate, now);
    },

    settle(lease, delivery, attempt, outcome, { next, now }) {
      const lanes = context.lanes();
      const lane = lanes.held(lease, "delivery");
      const row = deliveryWork.held(lane, delivery);
      deliveryWork.settle(lane, row, attempt, outcome, now);
      const to = outcome.state === "sent" ? outcome.receipt.successor : undefined;
      if (to !== undefined && to !== row.conversation) {
        const { account, channel, conversation: from, tenant } = row;
        redirect.apply(lanes, { tenant, channel, account, from, to });
      }
      lane.release();
      const claimed = next && deliveryWork.claim(lanes, lane, next, now);
      lanes.flush();
      return claimed ? { next: claimed } : {};
    },

    giveBack(lease, delivery, { note, notBefore, now }) {
      const lanes = context.lanes();
      const lane = lanes.held(lease, "delivery");
      deliveryWork.giveBack(deliveryWork.held(lane, delivery), notBefore);
      if (note) traces.note(lease.tenant, { subject: delivery, at: now, ...note });
      lane.release();
      lanes.flush();
    },

    openDraft(turn, delivery, now) {
      const lanes = context.lanes();
      return drafts.open(lanes, lanes.held(turn, "turn"), delivery, now);
    },

    settleDraft(turn, delivery, outcome, now) {
      const lanes = context.lanes();
      drafts.settle(lanes.held(turn, "turn"), delivery, outcome, now);
    },

    receipt: (tenant, receipt) => sent.receipt(tenant, receipt),

    cancel(tenant, id, now) {
      const lanes = context.lanes();
      const cancelled = deliveries.cancel(lanes, tenant, id, now);
      lanes.flush();
      return cancelled;
    },

    get(tenant, id) {
      const row = deliveries.find(tenant, id);
      return row && toDelivery(row);
    },

    attempts(tenant, id) {
      const row = deliveries.find(tenant, id);
      return row ? attempts.all(tenant, row.seq, id) : [];
    },

    list(tenant, filter) {
      const where = ["tenant = ?"];
      const values: SqlValue[] = [tenant];
      const only = (column: string, given: string | InboxId | undefined) => {
        if (given === undefined) return;
        where.push(`${column} = ?`);
        values.push(given);
      };
      only("channel", filter.channel);
      only("account", filter.account);
      only("session", filter.session);
      only("turn", filter.turn);
      only("event", filter.event);
      if (filter.states !== undefined) {
        where.push(`state IN (${filter.states.map(() => "?").join(", ")})`);
        values.push(...filter.states);
      }
      const index =
        filter.turn !== undefined ? "deliveries_turn" : filter.event !== undefined ? "deliveries_event" : undefined;
      return listNewest(statements, { table: "deliveries", index, where, values, page: filter, item: toDelivery });
    },

    sentMessage: (tenant, where) => sent.find(tenant, where),
    controlValue: (tenant, token) => value.get(tenant, token)?.value,
  };
}
