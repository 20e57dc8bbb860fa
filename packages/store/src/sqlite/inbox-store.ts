/** The InboxStore port. */
import type { ClaimedEvent, ClaimRequest, InboxEvent, InboxStore, Settlement } from "@switchboard/core/ports";
import type { InboxId, TenantId, TurnId } from "@switchboard/domain";
import { type ErrorRecord, SwitchboardError } from "@switchboard/domain/errors";
import { type StoredInboxRow, toInboxEvent } from "../rows/inbox-row.ts";
import type { Intake } from "../rows/intake.ts";
import { toJson } from "../rows/json.ts";
import type { Lane } from "../rows/lane.ts";
import type { Context, Sync } from "./context.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { applyEffects, type EffectParts } from "./effects.ts";
import type { InboxIntake } from "./inbox-intake.ts";
import type { Lanes } from "./lanes.ts";
import { listNewest } from "./page.ts";
import type { SqlValue } from "./sql.ts";
import { type IntakeResult, toIntakeResult } from "./wire-ingest.ts";

/** What settling needs to know of an event. */
type InWork = Pick<StoredInboxRow, "seq" | "lane" | "priority" | "state" | "preview">;

/** The port, but for `ingest`, which is called in its own form. */
export type InboxWork = Omit<Sync<InboxStore>, "ingest"> & { ingest(tenant: TenantId, intake: Intake): IntakeResult };

export function inboxStore(
  context: Context,
  intake: InboxIntake,
  deadLetters: DeadLetters,
  effects: EffectParts,
): InboxWork {
  const { statements } = context;
  const head = statements.of<StoredInboxRow>(
    "SELECT * FROM inbox WHERE tenant = ? AND lane = ? AND state = 'new' ORDER BY seq LIMIT 1",
  );
  const find = statements.of<StoredInboxRow>("SELECT * FROM inbox WHERE tenant = ? AND id = ?");
  const findByKey = statements.of<StoredInboxRow>(
    "SELECT * FROM inbox WHERE tenant = ? AND channel = ? AND account = ? AND key = ?",
  );
  const findInWork = statements.of<InWork>(
    "SELECT seq, lane, priority, state, preview FROM inbox WHERE tenant = ? AND id = ?",
  );
  const retry = statements.of(
    "UPDATE inbox SET attempts = attempts + ?, due_at = ?, error = coalesce(?, error), reason = ? WHERE seq = ?",
  );
  const settle = statements.of<Pick<InWork, "priority" | "preview">>(
    `UPDATE inbox SET state = ?, settled_at = ?, reason = ?, error = ?, kind = coalesce(?, kind),
       preview = coalesce(?, preview), turn = ?, session = ?
     WHERE tenant = ? AND id = ? AND lane = ? AND state = 'new' RETURNING priority, preview`,
  );

  /** Claims a free lane's first event. `undefined` when nothing is due. */
  function claimLane(lanes: Lanes, lane: Lane, request: ClaimRequest, now: number): ClaimedEvent | undefined {
    if (lane.size === 0) return undefined;
    const row = lane.fresh?.kind === "inbox" ? lane.fresh.row : head.get(lane.row.tenant, lane.row.lane);
    lane.settleHead(row && { due_at: row.due_at, since: row.received_at, scheduled: 0 });
    if (!row || row.due_at > now) return undefined;
    return { lease: lanes.grant(lane, request, now), event: toInboxEvent(row) };
  }

  /** @throws REQ_004 when the event is not the lane's, or not in work. */
  function held(lane: Lane, id: InboxId): InWork {
    const row = findInWork.get(lane.row.tenant, id);
    if (row?.state !== "new" || row.lane !== lane.row.lane) {
      throw new SwitchboardError("REQ_004", `The event ${id} is ${row ? row.state : "not known"}, not in work.`);
    }
    return row;
  }

  /** Ends the lane's first event. @throws REQ_004 as `held`. */
  function close(lane: Lane, id: InboxId, input: Settlement, turn: TurnId | undefined, session?: string): void {
    const { state, now, reason = null, kind = null } = input;
    const { account, channel, lane: name, tenant } = lane.row;
    const error = toJson(input.error);
    // biome-ignore format: one line a group
    const row =
      settle.get(
        state, now, reason, error, kind, input.preview ?? null, turn ?? null, session ?? null,
        tenant, id, name,
      ) ?? held(lane, id);
    lane.remove(row.priority);
    if (state !== "dead") return;
    const fallback: ErrorRecord = { code: "MSG_001", message: reason ?? "The event was set aside.", retryable: false };
    const { preview } = row;
    deadLetters.bury(
      { tenant, kind: "inbox", subject: id, channel, account, error: input.error ?? fallback, preview },
      now,
    );
  }

  /** Where the lane's first event was sent, if that was in this call and it is stored as it was sent. */
  function placeOf(lane: Lane, events: Intake["events"], results: readonly { id: InboxId }[]): number | undefined {
    const { fresh } = lane;
    if (fresh?.kind !== "inbox") return undefined;
    const place = results.findIndex(({ id }) => id === fresh.row.id);
    // One whose key was in use already has another now.
    return events[place]?.key === fresh.row.key ? place : undefined;
  }

  return {
    ingest(tenant, { account, channel, claim, events, now, ttlMs }) {
      const lanes = context.lanes();
      const where = { tenant, channel, account };
      const results = events.map((event) => intake.store(lanes, where, event, { now, ttlMs }));
      const claimed: { event: ClaimedEvent; place: number | undefined }[] = [];
      if (claim) {
        for (const lane of lanes.all) {
          if (!lanes.isClaimable(lane, now)) continue;
          const place = placeOf(lane, events, results);
          const event = claimLane(lanes, lane, claim, now);
          if (event) claimed.push({ event, place });
        }
      }
      lanes.flush();
      return toIntakeResult(results, claimed);
    },

    claim(tenant, request) {
      const lanes = context.lanes();
      const claimed: ClaimedEvent[] = [];
      for (const lane of lanes.free(tenant, "inbox", undefined, request.limit, request.now)) {
        const event = claimLane(lanes, lane, request, request.now);
        if (event) claimed.push(event);
      }
      lanes.flush();
      return claimed;
    },

    settle(lease, event, input) {
      const lanes = context.lanes();
      const lane = lanes.held(lease, "inbox");
      const allowed = effects.usage.check(lane.row.tenant, input.within ?? [], input.now);
      if (allowed.refused) return { turns: [], stopping: [], cancelled: [], claimedDeliveries: [], ...allowed };
      const done = applyEffects(effects, lanes, lane.row, input.effects ?? [], input.now);
      if (input.state === "retry") {
        const counts = input.error ? 1 : 0;
        const { seq } = held(lane, event);
        retry.run(counts, input.notBefore ?? input.now, toJson(input.error), input.reason ?? null, seq);
      } else {
        effects.usage.count(lane.row.tenant, input.counts ?? {}, input.now);
        close(lane, event, input, done.turns[0]?.id, input.session ?? done.session);
      }
      lane.release();
      const next = input.next && claimLane(lanes, lane, input.next, input.now);
      lanes.flush();
      const { cancelled, claimedDeliveries, stopping, turns } = done;
      return { ...allowed, turns, stopping, cancelled, claimedDeliveries, ...(next && { next }) };
    },

    get(tenant, id) {
      const row = find.get(tenant, id);
      return row && toInboxEvent(row);
    },

    find(tenant, { account, channel, key }) {
      const row = findByKey.get(tenant, channel, account, key);
      return row && toInboxEvent(row);
    },

    list(tenant, filter) {
      const where = ["tenant = ?"];
      const values: SqlValue[] = [tenant];
      const only = (condition: string, ...given: SqlValue[]) => {
        where.push(condition);
        values.push(...given);
      };
      if (filter.channel !== undefined) only("channel = ?", filter.channel);
      if (filter.account !== undefined) only("account = ?", filter.account);
      if (filter.state !== undefined) only("state = ?", filter.state);
      if (filter.turn !== undefined) {
        only(
          `seq IN (SELECT inbox.seq FROM turns JOIN turn_inputs ON turn_inputs.tenant = turns.tenant
             AND turn_inputs.turn = turns.seq JOIN inbox ON inbox.tenant = turns.tenant AND inbox.id = turn_inputs.event
             WHERE turns.tenant = ? AND turns.id = ?)`,
          tenant,
          filter.turn,
        );
      }
      return listNewest<StoredInboxRow, InboxEvent>(statements, {
        table: "inbox",
        index: filter.turn === undefined ? undefined : "seq",
        where,
        values,
        page: filter,
        item: toInboxEvent,
      });
    },
  };
}
