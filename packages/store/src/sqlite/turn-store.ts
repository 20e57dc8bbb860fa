/** The TurnStore port. */
import type { ClaimedTurn, CompletionResult, TurnState, TurnStore } from "@switchboard/core/ports";
import { entryOfInput } from "@switchboard/core/rules";
import { toJson } from "../rows/json.ts";
import { type TurnOfSession, toTurn } from "../rows/turn-row.ts";
import type { Context, Sync } from "./context.ts";
import type { Drafts } from "./drafts.ts";
import { claimDeliveryLanes, type EffectParts } from "./effects.ts";
import { listNewest } from "./page.ts";
import type { SqlValue } from "./sql.ts";
import { SELECT_TURN } from "./turn-work.ts";

const PENDING_STATES: readonly TurnState[] = ["queued", "running"];

export function turnStore(context: Context, parts: EffectParts, drafts: Drafts): Sync<TurnStore> {
  const { statements } = context;
  const { deliveries, deliveryWork, sessions, transcript, turnQueue, turnWork, usage } = parts;
  const byRun = statements.of<TurnOfSession>(
    `${SELECT_TURN} WHERE turns.tenant = ?1 AND turns.run = ?2 ORDER BY turns.seq DESC LIMIT 1`,
  );

  const keepAnswer = statements.of("UPDATE turns SET late_answer = ?, due_at = ? WHERE seq = ?");

  return {
    claim(tenant, request) {
      const lanes = context.lanes();
      const claimed: ClaimedTurn[] = [];
      for (const lane of lanes.free(tenant, "turn", undefined, request.limit, request.now)) {
        const turn = turnWork.claim(lanes, lane, request, request.now);
        if (turn) claimed.push(turn);
      }
      lanes.flush();
      return claimed;
    },

    claimWaiting(tenant, request) {
      const lanes = context.lanes();
      const claimed = turnWork.claimWaiting(lanes, tenant, request);
      lanes.flush();
      return claimed;
    },

    complete(lease, turn, completion) {
      const { agentState, now, state } = completion;
      const lanes = context.lanes();
      const lane = lanes.held(lease, "turn");
      const row = turnWork.running(lane, turn);
      if (row.stop_requested !== 0 && state !== "aborted") {
        return { deliveries: [], claimedDeliveries: [], stopRequested: true };
      }
      const { tenant } = row;
      // Inputs of a replayed turn may be in the transcript from its first end.
      const transcribed = completion.withoutInputs ? row.transcribed : row.inputs;
      const inputs = turnWork.inputs(row).slice(row.transcribed, transcribed).map(entryOfInput);
      const stretch = { tenant, session: row.session, sessionId: row.session_id, turn };
      transcript.add(stretch, [...inputs, ...completion.entries], now);
      if (agentState !== undefined) sessions.keepAgentState(row.session, row.session_id, agentState);
      usage.ended(row, { outcome: state, usage: completion.usage, costNanos: completion.costNanos, now });
      turnWork.end(row, {
        state,
        transcribed,
        error: completion.error,
        usage: toJson(completion.usage),
        now,
      });
      lane.remove(row.priority);
      lane.release();
      for (const delivery of completion.deliveries)
        deliveries.add(lanes, tenant, delivery, completion.claimDeliveries !== undefined, now);
      const names = completion.deliveries.map((delivery) => delivery.lane);
      const claimedDeliveries = claimDeliveryLanes(deliveryWork, lanes, tenant, names, completion.claimDeliveries, now);
      const next = completion.next && turnWork.claim(lanes, lane, completion.next, now);
      lanes.flush();
      const result: CompletionResult = {
        deliveries: completion.deliveries.map(({ id }) => id),
        claimedDeliveries,
        ...(next && { next }),
      };
      return result;
    },

    giveBack(lease, turn, input) {
      const lanes = context.lanes();
      const lane = lanes.held(lease, "turn");
      const row = turnWork.running(lane, turn);
      if (row.stop_requested !== 0) return false;
      const { costNanos, now, usage: used } = input;
      if (used) usage.ended(row, { outcome: "retried", usage: used, costNanos, now });
      turnWork.giveBack(row, input);
      drafts.abandon(row, now);
      lane.release();
      lanes.flush();
      return true;
    },

    answerLater(tenant, id, { answer, now, token }) {
      const found = turnWork.find(tenant, id);
      const lanes = context.lanes();
      const lane = found && lanes.find(tenant, "turn", found.lane);
      const row = found;
      if (!row) return "unknown";
      if (row.finished_at !== null) return "conflict";
      if (row.awaits === null) return row.state === "running" ? "early" : "unknown";
      if (row.awaits_token !== token) return "unknown";
      if (row.late_answer !== null) return row.late_answer === answer ? "known" : "conflict";
      if (row.state !== "queued" || !lane) return "conflict";
      keepAnswer.run(answer, now, row.seq);
      lane.moved();
      lanes.flush();
      return "taken";
    },

    enqueue(tenant, turn, queue, now, claim) {
      const lanes = context.lanes();
      const { id, lane, stopping } = turnQueue.add(lanes, tenant, turn, queue, Boolean(claim), now);
      const claimed = claim && lanes.isClaimable(lane, now) ? turnWork.claim(lanes, lane, claim, now) : undefined;
      lanes.flush();
      return { id, stopping: stopping ? [stopping] : [], ...(claimed && { claimed }) };
    },

    stop(tenant, { now, run, session }) {
      const lanes = context.lanes();
      const stopped = turnQueue.stop(lanes, tenant, session, run, now);
      lanes.flush();
      return stopped;
    },

    get(tenant, id) {
      const row = turnWork.find(tenant, id);
      return row && toTurn(row);
    },

    findByRun(tenant, run) {
      const row = byRun.get(tenant, run) ?? turnWork.find(tenant, run);
      return row && toTurn(row);
    },

    inputs(tenant, id) {
      const row = turnWork.find(tenant, id);
      return row ? turnWork.inputs(row) : [];
    },

    list(tenant, filter) {
      const where = ["tenant = ?"];
      const values: SqlValue[] = [tenant];
      // What waits or runs in one session has an index; it is asked for whenever somebody looks at a conversation.
      const waiting = filter.session !== undefined && filter.states?.every((each) => PENDING_STATES.includes(each));
      if (filter.session !== undefined) {
        const session = sessions.find(tenant, filter.session);
        if (!session) return { rows: [] };
        where.push("session = ?");
        values.push(session.seq);
        if (waiting) {
          where.push("lane = ?", "state IN ('queued', 'running')");
          values.push(session.lane);
        }
      }
      if (filter.states !== undefined) {
        where.push(`state IN (${filter.states.map(() => "?").join(", ")})`);
        values.push(...filter.states);
      }
      return listNewest<TurnOfSession, ReturnType<typeof toTurn>>(statements, {
        table: "turns",
        index: waiting ? "turns_pending" : undefined,
        columns: "*, (SELECT key FROM sessions WHERE sessions.seq = turns.session) AS session_key, NULL AS agent_state",
        where,
        values,
        page: filter,
        item: toTurn,
      });
    },
  };
}
