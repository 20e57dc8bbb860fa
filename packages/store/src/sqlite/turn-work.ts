/** Turns in work: claimed, given back, ended. */
import type { ClaimedTurn, ClaimRequest, DeliveryState, Draft, TurnInput, TurnStore } from "@switchboard/core/ports";
import type { DeliveryId, MessageId, TurnId } from "@switchboard/domain";
import { type ErrorRecord, SwitchboardError } from "@switchboard/domain/errors";
import { fromJson, type Mutable } from "../rows/json.ts";
import type { Lane } from "../rows/lane.ts";
import { type TurnOfSession, type TurnRow, toTurn } from "../rows/turn-row.ts";
import type { Context } from "./context.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { Lanes } from "./lanes.ts";
import type { Sessions } from "./sessions.ts";
import type { Statement } from "./sql.ts";
import { shorten } from "./transcript.ts";

/** Selects `TurnOfSession`; conditions go behind. */
export const SELECT_TURN = `SELECT turns.*, sessions.key AS session_key, 
    iif(sessions.id = turns.session_id, sessions.agent_state, NULL) AS agent_state
  FROM turns JOIN sessions ON sessions.seq = turns.session`;

interface DraftRow {
  readonly id: DeliveryId;
  readonly state: DeliveryState;
  readonly message_ids: string | null;
}

/** What ending a turn needs to know of it. */
export type TurnInWork = Pick<
  TurnRow,
  | "seq"
  | "tenant"
  | "id"
  | "session"
  | "lane"
  | "session_id"
  | "channel"
  | "account"
  | "priority"
  | "state"
  | "inputs"
  | "transcribed"
  | "stop_requested"
  | "draft"
  | "expires_at"
  | "usage"
>;

type WaitingRequest = Parameters<TurnStore["claimWaiting"]>[1];

export class TurnWork {
  readonly #sessions: Sessions;
  readonly #deadLetters: DeadLetters;
  readonly #head: Statement<TurnOfSession>;
  readonly #find: Statement<TurnOfSession>;
  readonly #inWork: Statement<TurnInWork>;
  readonly #start: Statement<never>;
  readonly #inputs: Statement<{ body: string }>;
  readonly #draft: Statement<DraftRow>;
  readonly #giveBack: Statement<never>;
  readonly #waiting: Statement<Pick<TurnRow, "id" | "lane">>;
  readonly #summon: Statement<never>;
  readonly #running: Statement<TurnRow>;
  readonly #requeue: Statement<never>;
  readonly #end: Statement<never>;
  readonly #supersede: Statement<never>;
  readonly #endAttempts: Statement<never>;

  constructor({ statements }: Context, sessions: Sessions, deadLetters: DeadLetters) {
    this.#sessions = sessions;
    this.#deadLetters = deadLetters;
    this.#head = statements.of(
      `${SELECT_TURN} WHERE turns.tenant = ? AND turns.lane = ? AND turns.state IN ('queued', 'running')
       ORDER BY turns.seq LIMIT 1`,
    );
    this.#find = statements.of(`${SELECT_TURN} WHERE turns.tenant = ? AND turns.id = ?`);
    this.#inWork = statements.of(
      `SELECT seq, tenant, id, session, lane, session_id, channel, account, priority, state, inputs, transcribed,
         stop_requested, draft, expires_at, usage
       FROM turns WHERE tenant = ? AND id = ?`,
    );
    this.#start = statements.of(
      "UPDATE turns SET state = 'running', starts = starts + 1, started_at = ? WHERE seq = ?",
    );
    this.#inputs = statements.of("SELECT body FROM turn_inputs WHERE tenant = ? AND turn = ? ORDER BY number");
    this.#draft = statements.of(
      "SELECT id, state, message_ids FROM deliveries WHERE seq = ? AND tenant = ? AND turn = ? AND kind = 'draft'",
    );
    this.#giveBack = statements.of(
      `UPDATE turns SET state = 'queued', due_at = ?, attempts = attempts + ?, starts = starts - ?,
         error = coalesce(?, error), awaits = coalesce(?, awaits), awaits_token = coalesce(?, awaits_token),
         waits_until = ?
       WHERE seq = ?`,
    );
    this.#waiting = statements.of(
      `SELECT id, lane FROM turns WHERE tenant = ? AND agent = ? AND waits_until IS NOT NULL AND state = 'queued'
       ORDER BY seq LIMIT ?`,
    );
    this.#summon = statements.of(
      `UPDATE turns SET due_at = ?
       WHERE tenant = ? AND id = ? AND waits_until IS NOT NULL AND state = 'queued'`,
    );
    this.#running = statements.of(
      "SELECT * FROM turns WHERE tenant = ? AND lane = ? AND state IN ('queued', 'running') AND state = 'running'",
    );
    this.#requeue = statements.of("UPDATE turns SET state = 'queued' WHERE seq = ?");
    this.#end = statements.of(
      `UPDATE turns SET state = ?, finished_at = ?, transcribed = ?, error = ?, usage = ?, draft = NULL,
         awaits = NULL, awaits_token = NULL, late_answer = NULL
       WHERE seq = ?`,
    );
    this.#supersede = statements.of(
      "UPDATE deliveries SET state = 'superseded', settled_at = ? WHERE seq = ? AND tenant = ? AND turn = ? AND kind = 'draft'",
    );
    this.#endAttempts = statements.of(
      "UPDATE attempts SET state = 'unknown', finished_at = ? WHERE tenant = ? AND delivery = ? AND state = 'sending'",
    );
  }

  /** Claims a free lane's first turn. `undefined` when nothing is due. */
  claim(lanes: Lanes, lane: Lane, request: ClaimRequest, now: number): ClaimedTurn | undefined {
    if (lane.size === 0) return undefined;
    const fresh = lane.fresh?.kind === "turn" ? lane.fresh : undefined;
    const row = fresh?.row ?? this.#head.get(lane.row.tenant, lane.row.lane);
    lane.settleHead(row && { due_at: row.due_at, since: row.created_at, scheduled: 0 });
    if (!row || row.due_at > now) return undefined;
    const lease = lanes.grant(lane, request, now);
    // One that was made in this call is written as running already.
    const running = row.state === "running";
    if (!running) this.#start.run(now, row.seq);
    const turn = toTurn(row);
    const claimed: Mutable<ClaimedTurn> = {
      lease,
      turn: running ? turn : { ...turn, state: "running", starts: row.starts + 1, startedAt: now },
      inputs: fresh?.inputs ?? this.inputs(row),
      preferences: this.#sessions.preferences(row.tenant, row.session_key),
    };
    if (row.agent_state !== null) claimed.agentState = row.agent_state;
    const draft = row.draft === null ? undefined : this.#draftOf(row, row.draft);
    if (draft) claimed.draft = draft;
    return claimed;
  }

  /** Claims turns that wait for this agent, oldest first, whenever they are due. */
  claimWaiting(lanes: Lanes, tenant: string, request: WaitingRequest): ClaimedTurn[] {
    const { agent, limit, now } = request;
    const claimed: ClaimedTurn[] = [];
    for (const { id, lane: name } of this.#waiting.all(tenant, agent, limit)) {
      const lane = lanes.find(tenant, "turn", name);
      if (!lane || lane.leased) continue;
      this.#summon.run(now, tenant, id);
      lane.moved();
      const turn = this.claim(lanes, lane, request, now);
      if (turn) claimed.push(turn);
    }
    return claimed;
  }

  find(tenant: string, id: string): TurnOfSession | undefined {
    return this.#find.get(tenant, id);
  }

  /** The running turn of a lane that is held. @throws REQ_004 when it is another one, or has ended. */
  running(lane: Lane, id: TurnId): TurnInWork {
    const row = this.#inWork.get(lane.row.tenant, id);
    if (row?.state !== "running" || row.lane !== lane.row.lane) {
      throw new SwitchboardError("REQ_004", `The turn ${id} is ${row ? row.state : "not known"}, not running.`);
    }
    return row;
  }

  inputs(row: Pick<TurnRow, "tenant" | "seq">): TurnInput[] {
    return this.#inputs.all(row.tenant, row.seq).map(({ body }) => fromJson<TurnInput>(body));
  }

  /** Puts a running turn back. With `error` its run counts as an attempt, without as if it had not started. */
  giveBack(row: TurnInWork, { awaits, error, notBefore, waitsUntil }: Parameters<TurnStore["giveBack"]>[2]): void {
    this.#giveBack.run(
      notBefore,
      error ? 1 : 0,
      error ? 0 : 1,
      error ? JSON.stringify(error) : null,
      awaits?.until ?? null,
      awaits?.token ?? null,
      waitsUntil ?? null,
      row.seq,
    );
  }

  /** The lane's lease was broken: its running turn starts anew when somebody claims it. Returns the turn. */
  abandon(lane: Lane): TurnRow | undefined {
    const row = this.#running.get(lane.row.tenant, lane.row.lane);
    if (row) this.#requeue.run(row.seq);
    return row;
  }

  /** Its draft, if there is one, has done its part. */
  end(
    row: TurnInWork,
    end: {
      readonly state: "done" | "failed" | "aborted" | "expired";
      readonly transcribed: number;
      readonly error: ErrorRecord | undefined;
      readonly usage: string | null;
      readonly now: number;
    },
  ): void {
    const error = end.error ? JSON.stringify(end.error) : null;
    this.#end.run(end.state, end.now, end.transcribed, error, end.usage, row.seq);
    this.supersedeDraft(row, end.now);
    if (end.state === "failed" || end.state === "expired") {
      const fallback: ErrorRecord = { code: "SYS_005", message: `The turn ended as ${end.state}.`, retryable: false };
      this.#bury(row, end.error ?? fallback, end.now);
    }
  }

  /** A draft whose turn has ended waits for nothing any more. */
  supersedeDraft(row: Pick<TurnRow, "tenant" | "id" | "draft">, now: number): void {
    if (row.draft === null || this.#supersede.run(now, row.draft, row.tenant, row.id) === 0) return;
    this.#endAttempts.run(now, row.tenant, row.draft);
  }

  #bury(row: TurnInWork, error: ErrorRecord, now: number): void {
    const [first] = this.inputs(row);
    this.#deadLetters.bury(
      {
        tenant: row.tenant,
        kind: "turn",
        subject: row.id,
        channel: row.channel,
        account: row.account,
        error,
        preview: first ? shorten(first.text) : null,
      },
      now,
    );
  }

  #draftOf(row: TurnRow, seq: number): Draft | undefined {
    const draft = this.#draft.get(seq, row.tenant, row.id);
    if (!draft) return undefined;
    const [messageId] = draft.message_ids === null ? [] : fromJson<MessageId[]>(draft.message_ids);
    return { delivery: draft.id, ...(messageId !== undefined && { messageId }) };
  }
}
