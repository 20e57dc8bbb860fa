/** The OutboxStore port. */
import type { ClaimedDelivery, OutboxStore } from "@switchboard/core/ports";
import type { DeliveryId } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain/errors";
import { toDelivery } from "../rows/delivery-row.ts";
import { fromJson } from "../rows/json.ts";
import type { Attempts } from "./attempts.ts";
import type { Context } from "./context.ts";
import type { Drafts } from "./drafts.ts";
import { claimDeliveryLanes, type EffectParts } from "./effects.ts";
import { newest } from "./page.ts";
import { tables } from "./tables.ts";
import type { TraceLog } from "./trace-store.ts";

/** How often one claim looks for further lanes. */
const MOST_ROUNDS = 4;

export function outboxStore(
  context: Context,
  parts: EffectParts,
  attempts: Attempts,
  drafts: Drafts,
  traces: TraceLog,
): OutboxStore {
  const { statements } = context;
  const { deliveries, deliveryWork, redirect, sent } = parts;
  const known = statements.of<{ deliveries: string; fingerprint: string | null }>(
    "SELECT deliveries, fingerprint FROM idempotency WHERE tenant = ? AND key = ?",
  );
  const remember = statements.insertInto("idempotency", ["tenant", "key", "at", "fingerprint", "deliveries"]);
  const value = statements.of<{ value: string }>("SELECT value FROM control_values WHERE tenant = ? AND token = ?");

  return {
    async enqueue(tenant, { claim, deliveries: given, fingerprint = null, idempotencyKey, now }) {
      const earlier = idempotencyKey === undefined ? undefined : await known.get(tenant, idempotencyKey);
      if (earlier && earlier.fingerprint !== fingerprint) {
        throw new SwitchboardError("REQ_006", "The idempotency key stands for another message already.");
      }
      if (earlier) return { ids: fromJson<DeliveryId[]>(earlier.deliveries), existing: true, claimed: [] };
      const lanes = context.lanes();
      for (const delivery of given) await deliveries.add(lanes, tenant, delivery, claim !== undefined, now);
      const ids = given.map(({ id }) => id);
      if (idempotencyKey !== undefined) remember.send(tenant, idempotencyKey, now, fingerprint, JSON.stringify(ids));
      const names = given.map(({ lane }) => lane);
      const claimed = await claimDeliveryLanes(deliveryWork, lanes, tenant, names, claim, now);
      await lanes.flush();
      return { ids, existing: false, claimed };
    },

    async claim(tenant, request) {
      const claimed: ClaimedDelivery[] = [];
      // A lane in which everything had expired makes room for another one.
      for (let round = 0; round < MOST_ROUNDS && claimed.length < request.limit; round += 1) {
        const lanes = context.lanes();
        const free = await lanes.free(tenant, "delivery", request, request.limit - claimed.length, request.now);
        if (free.length === 0) break;
        for (const lane of free) {
          const delivery = await deliveryWork.claim(lanes, lane, request, request.now);
          if (delivery) claimed.push(delivery);
        }
        await lanes.flush();
      }
      return claimed;
    },

    async begin(lease, delivery, { markedDuplicate, now }) {
      const lane = await context.lanes().held(lease, "delivery");
      return await deliveryWork.begin(await deliveryWork.held(lane, delivery), markedDuplicate, now);
    },

    async settle(lease, delivery, attempt, outcome, { next, now }) {
      const lanes = context.lanes();
      const lane = await lanes.held(lease, "delivery");
      const row = await deliveryWork.held(lane, delivery);
      await deliveryWork.settle(lane, row, attempt, outcome, now);
      const to = outcome.state === "sent" ? outcome.receipt.successor : undefined;
      if (to !== undefined && to !== row.conversation) {
        const { account, channel, conversation: from, tenant } = row;
        await redirect.apply(lanes, { tenant, channel, account, from, to });
      }
      lane.release();
      const claimed = next && (await deliveryWork.claim(lanes, lane, next, now));
      await lanes.flush();
      return claimed ? { next: claimed } : {};
    },

    async giveBack(lease, delivery, { note, notBefore, now }) {
      const lanes = context.lanes();
      const lane = await lanes.held(lease, "delivery");
      await deliveryWork.giveBack(await deliveryWork.held(lane, delivery), notBefore);
      if (note) await traces.note(lease.tenant, { subject: delivery, at: now, ...note });
      lane.release();
      await lanes.flush();
    },

    async openDraft(turn, delivery, now) {
      const lanes = context.lanes();
      return await drafts.open(lanes, await lanes.held(turn, "turn"), delivery, now);
    },

    async settleDraft(turn, delivery, outcome, now) {
      const lanes = context.lanes();
      await drafts.settle(await lanes.held(turn, "turn"), delivery, outcome, now);
    },

    receipt: async (tenant, receipt) => await sent.receipt(tenant, receipt),

    async cancel(tenant, id, now) {
      const lanes = context.lanes();
      const cancelled = await deliveries.cancel(lanes, tenant, id, now);
      await lanes.flush();
      return cancelled;
    },

    async get(tenant, id) {
      const row = await deliveries.find(tenant, id);
      return row && toDelivery(row);
    },

    async attempts(tenant, id) {
      const row = await deliveries.find(tenant, id);
      return row ? await attempts.all(tenant, row.seq, id) : [];
    },

    list(tenant, filter) {
      let rows = tables.selectFrom("deliveries").selectAll().where("tenant", "=", tenant);
      for (const column of ["channel", "account", "session", "turn", "event"] as const) {
        const only = filter[column];
        if (only !== undefined) rows = rows.where(column, "=", only);
      }
      if (filter.states !== undefined) rows = rows.where("state", "in", filter.states);
      return newest(statements, rows, filter, toDelivery);
    },

    sentMessage: async (tenant, where) => await sent.find(tenant, where),
    controlValue: async (tenant, token) => (await value.get(tenant, token))?.value,
  };
}
