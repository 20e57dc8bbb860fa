/** The InboxStore port. */
import type { ClaimedEvent, ClaimRequest, InboxStore, IngestResult, Settlement } from "@switchboard/core/ports";
import type { InboxId, TenantId, TurnId } from "@switchboard/domain";
import { type ErrorRecord, SwitchboardError } from "@switchboard/domain/errors";
import { type StoredInboxRow, toInboxEvent } from "../rows/inbox-row.ts";
import type { Intake } from "../rows/intake.ts";
import { toJson } from "../rows/json.ts";
import type { Lane } from "../rows/lane.ts";
import type { Context } from "./context.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { applyEffects, type EffectParts } from "./effects.ts";
import type { InboxIntake } from "./inbox-intake.ts";
import type { Lanes } from "./lanes.ts";
import { newest } from "./page.ts";
import { tables } from "./tables.ts";

/** What settling needs to know of an event. */
type InWork = Pick<StoredInboxRow, "seq" | "lane" | "priority" | "state" | "preview">;

/** The port, but for `ingest`, which is called in its own form. */
export type InboxWork = Omit<InboxStore, "ingest"> & {
  ingest(tenant: TenantId, intake: Intake): Promise<IngestResult>;
};
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
  async function claimLane(
    lanes: Lanes,
    lane: Lane,
    request: ClaimRequest,
    now: number,
  ): Promise<ClaimedEvent | undefined> {
    if (lane.size === 0) return undefined;
    const row = lane.fresh?.kind === "inbox" ? lane.fresh.row : await head.get(lane.row.tenant, lane.row.lane);
    lane.settleHead(row && { due_at: row.due_at, since: row.received_at, scheduled: 0 });
    if (!row || row.due_at > now) return undefined;
    return { lease: await lanes.grant(lane, request, now), event: toInboxEvent(row) };
  }

  /** @throws REQ_004 when the event is not the lane's, or not in work. */
  async function held(lane: Lane, id: InboxId): Promise<InWork> {
    const row = await findInWork.get(lane.row.tenant, id);
    if (row?.state !== "new" || row.lane !== lane.row.lane) {
      throw new SwitchboardError("REQ_004", `The event ${id} is ${row ? row.state : "not known"}, not in work.`);
    }
    return row;
  }

  /** Ends the lane's first event. @throws REQ_004 as `held`. */
  async function close(
    lane: Lane,
    id: InboxId,
    input: Settlement,
    turn: TurnId | undefined,
    session?: string,
  ): Promise<void> {
    const { state, now, reason = null, kind = null } = input;
    const { account, channel, lane: name, tenant } = lane.row;
    const error = toJson(input.error);
    // biome-ignore format: one line a group
    const row =
      await settle.get(
        state, now, reason, error, kind, input.preview ?? null, turn ?? null, session ?? null,
        tenant, id, name,
      ) ?? await held(lane, id);
    lane.remove(row.priority);
    if (state !== "dead") return;
    const fallback: ErrorRecord = { code: "MSG_001", message: reason ?? "The event was set aside.", retryable: false };
    const { preview } = row;
    await deadLetters.bury(
      { tenant, kind: "inbox", subject: id, channel, account, error: input.error ?? fallback, preview },
      now,
    );
  }

  return {
    async ingest(tenant, { account, channel, claim, events, now, ttlMs }) {
      const lanes = context.lanes();
      const where = { tenant, channel, account };
      const results: IngestResult["results"][number][] = [];
      for (const event of events) results.push(await intake.store(lanes, where, event, { now, ttlMs }));
      const claimed: ClaimedEvent[] = [];
      if (claim) {
        for (const lane of lanes.all) {
          if (!(await lanes.isClaimable(lane, now))) continue;
          const event = await claimLane(lanes, lane, claim, now);
          if (event) claimed.push(event);
        }
      }
      await lanes.flush();
      return { results, claimed };
    },

    async claim(tenant, request) {
      const lanes = context.lanes();
      const claimed: ClaimedEvent[] = [];
      for (const lane of await lanes.free(tenant, "inbox", undefined, request.limit, request.now)) {
        const event = await claimLane(lanes, lane, request, request.now);
        if (event) claimed.push(event);
      }
      await lanes.flush();
      return claimed;
    },

    async settle(lease, event, input) {
      const lanes = context.lanes();
      const lane = await lanes.held(lease, "inbox");
      const allowed = await effects.usage.check(lane.row.tenant, input.within ?? [], input.now);
      if (allowed.refused) return { turns: [], stopping: [], cancelled: [], claimedDeliveries: [], ...allowed };
      const done = await applyEffects(effects, lanes, lane.row, input.effects ?? [], input.now);
      if (input.state === "retry") {
        const counts = input.error ? 1 : 0;
        const { seq } = await held(lane, event);
        retry.send(counts, input.notBefore ?? input.now, toJson(input.error), input.reason ?? null, seq);
      } else {
        effects.usage.count(lane.row.tenant, input.counts ?? {}, input.now);
        await close(lane, event, input, done.turns[0]?.id, input.session ?? done.session);
      }
      lane.release();
      const next = input.next && (await claimLane(lanes, lane, input.next, input.now));
      await lanes.flush();
      const { cancelled, claimedDeliveries, stopping, turns } = done;
      return { ...allowed, turns, stopping, cancelled, claimedDeliveries, ...(next && { next }) };
    },

    async get(tenant, id) {
      const row = await find.get(tenant, id);
      return row && toInboxEvent(row);
    },

    async find(tenant, { account, channel, key }) {
      const row = await findByKey.get(tenant, channel, account, key);
      return row && toInboxEvent(row);
    },

    list(tenant, filter) {
      let rows = tables.selectFrom("inbox").selectAll().where("tenant", "=", tenant);
      if (filter.channel !== undefined) rows = rows.where("channel", "=", filter.channel);
      if (filter.account !== undefined) rows = rows.where("account", "=", filter.account);
      if (filter.state !== undefined) rows = rows.where("state", "=", filter.state);
      if (filter.turn !== undefined) {
        const events = tables
          .selectFrom("turns")
          .innerJoin("turn_inputs", (join) =>
            join.onRef("turn_inputs.tenant", "=", "turns.tenant").onRef("turn_inputs.turn", "=", "turns.seq"),
          )
          .select("turn_inputs.event")
          .where("turns.tenant", "=", tenant)
          .where("turns.id", "=", filter.turn);
        rows = rows.where("id", "in", events.$castTo<{ event: InboxId }>());
      }
      return newest(statements, rows, filter, toInboxEvent);
    },
  };
}
