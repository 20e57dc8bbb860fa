/** The TurnStore port. */
import type { ClaimedTurn, CompletionResult, TurnStore } from "@switchboard/core/ports";
import { entryOfInput } from "@switchboard/core/rules";
import { sql } from "kysely";
import { toJson } from "../rows/json.ts";
import { type TurnOfSession, toTurn } from "../rows/turn-row.ts";
import type { Context } from "./context.ts";
import type { Drafts } from "./drafts.ts";
import { claimDeliveryLanes, type EffectParts } from "./effects.ts";
import { newest } from "./page.ts";
import { tables } from "./tables.ts";
import { SELECT_TURN } from "./turn-work.ts";

export function turnStore(context: Context, parts: EffectParts, drafts: Drafts): TurnStore {
  const { statements } = context;
  const { deliveries, deliveryWork, sessions, transcript, turnQueue, turnWork, usage } = parts;
  const byRun = statements.of<TurnOfSession>(
    `${SELECT_TURN} WHERE turns.tenant = ?1 AND turns.run = ?2 ORDER BY turns.seq DESC LIMIT 1`,
  );

  const keepAnswer = statements.of("UPDATE turns SET late_answer = ?, due_at = ? WHERE seq = ?");

  return {
    async claim(tenant, request) {
      const lanes = context.lanes();
      const claimed: ClaimedTurn[] = [];
      for (const lane of await lanes.free(tenant, "turn", undefined, request.limit, request.now)) {
        const turn = await turnWork.claim(lanes, lane, request, request.now);
        if (turn) claimed.push(turn);
      }
      await lanes.flush();
      return claimed;
    },

    async claimWaiting(tenant, request) {
      const lanes = context.lanes();
      const claimed = await turnWork.claimWaiting(lanes, tenant, request);
      await lanes.flush();
      return claimed;
    },

    async complete(lease, turn, completion) {
      const { agentState, now, state } = completion;
      const lanes = context.lanes();
      const lane = await lanes.held(lease, "turn");
      const row = await turnWork.running(lane, turn);
      if (row.stop_requested !== 0 && state !== "aborted") {
        return { deliveries: [], claimedDeliveries: [], stopRequested: true };
      }
      const { tenant } = row;
      // Inputs of a replayed turn may be in the transcript from its first end.
      const transcribed = completion.withoutInputs ? row.transcribed : row.inputs;
      const inputs = (await turnWork.inputs(row)).slice(row.transcribed, transcribed).map(entryOfInput);
      const stretch = { tenant, session: row.session, sessionId: row.session_id, turn };
      await transcript.add(stretch, [...inputs, ...completion.entries], now);
      if (agentState !== undefined) await sessions.keepAgentState(row.session, row.session_id, agentState);
      usage.ended(row, { outcome: state, usage: completion.usage, costNanos: completion.costNanos, now });
      await turnWork.end(row, {
        state,
        transcribed,
        error: completion.error,
        usage: toJson(completion.usage),
        now,
      });
      lane.remove(row.priority);
      lane.release();
      for (const delivery of completion.deliveries)
        await deliveries.add(lanes, tenant, delivery, completion.claimDeliveries !== undefined, now);
      const names = completion.deliveries.map((delivery) => delivery.lane);
      const claimedDeliveries = await claimDeliveryLanes(
        deliveryWork,
        lanes,
        tenant,
        names,
        completion.claimDeliveries,
        now,
      );
      const next = completion.next && (await turnWork.claim(lanes, lane, completion.next, now));
      await lanes.flush();
      const result: CompletionResult = {
        deliveries: completion.deliveries.map(({ id }) => id),
        claimedDeliveries,
        ...(next && { next }),
      };
      return result;
    },

    async giveBack(lease, turn, input) {
      const lanes = context.lanes();
      const lane = await lanes.held(lease, "turn");
      const row = await turnWork.running(lane, turn);
      if (row.stop_requested !== 0) return false;
      const { costNanos, now, usage: used } = input;
      if (used) usage.ended(row, { outcome: "retried", usage: used, costNanos, now });
      await turnWork.giveBack(row, input);
      await drafts.abandon(row, now);
      lane.release();
      await lanes.flush();
      return true;
    },

    async answerLater(tenant, id, { answer, now, token }) {
      const found = await turnWork.find(tenant, id);
      const lanes = context.lanes();
      const lane = found && (await lanes.find(tenant, "turn", found.lane));
      // Only now nobody else changes it.
      const row = lane ? await turnWork.find(tenant, id) : found;
      if (!row) return "unknown";
      if (row.finished_at !== null) return "conflict";
      if (row.awaits === null) return row.state === "running" ? "early" : "unknown";
      if (row.awaits_token !== token) return "unknown";
      if (row.late_answer !== null) return row.late_answer === answer ? "known" : "conflict";
      if (row.state !== "queued" || !lane) return "conflict";
      keepAnswer.send(answer, now, row.seq);
      lane.moved();
      await lanes.flush();
      return "taken";
    },

    async enqueue(tenant, turn, queue, now, claim) {
      const lanes = context.lanes();
      const { id, lane, stopping } = await turnQueue.add(lanes, tenant, turn, queue, Boolean(claim), now);
      const claimed =
        claim && (await lanes.isClaimable(lane, now)) ? await turnWork.claim(lanes, lane, claim, now) : undefined;
      await lanes.flush();
      return { id, stopping: stopping ? [stopping] : [], ...(claimed && { claimed }) };
    },

    async stop(tenant, { now, run, session }) {
      const lanes = context.lanes();
      const stopped = await turnQueue.stop(lanes, tenant, session, run, now);
      await lanes.flush();
      return stopped;
    },

    async get(tenant, id) {
      const row = await turnWork.find(tenant, id);
      return row && toTurn(row);
    },

    async findByRun(tenant, run) {
      const row = (await byRun.get(tenant, run)) ?? (await turnWork.find(tenant, run));
      return row && toTurn(row);
    },

    async inputs(tenant, id) {
      const row = await turnWork.find(tenant, id);
      return row ? await turnWork.inputs(row) : [];
    },

    list(tenant, filter) {
      let rows = tables
        .selectFrom("turns")
        .innerJoin("sessions", (join) =>
          join.onRef("sessions.seq", "=", "turns.session").on("sessions.tenant", "=", tenant),
        )
        .selectAll("turns")
        .select(["sessions.key as session_key", sql<null>`NULL`.as("agent_state")])
        .where("turns.tenant", "=", tenant);
      if (filter.session !== undefined) rows = rows.where("sessions.key", "=", filter.session);
      if (filter.states !== undefined) rows = rows.where("turns.state", "in", filter.states);
      return newest(statements, rows, filter, toTurn, "turns");
    },
  };
}
