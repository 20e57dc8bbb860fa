/** How turns get into their lanes: queued, joined, stopped. */
import {
  type CancelledTurn,
  type NewTurn,
  PRIORITY,
  type QueueSettings,
  type ReplyAddress,
  type TurnInput,
} from "@switchboard/core/ports";
import { firstDueAt, joinedTurn, joins, type LastTurn } from "@switchboard/core/rules";
import type { ConversationId, MessageId, SessionKey, TenantId, TurnId } from "@switchboard/domain";
import { fromJson, toJson } from "../rows/json.ts";
import type { Lane } from "../rows/lane.ts";
import type { SessionRow } from "../rows/session-row.ts";
import type { TurnOfSession, TurnRow } from "../rows/turn-row.ts";
import type { Context } from "./context.ts";
import type { Lanes } from "./lanes.ts";
import type { Sessions } from "./sessions.ts";
import type { Statement } from "./sql.ts";
import type { TurnWork } from "./turn-work.ts";
import type { UsageLog } from "./usage-log.ts";

export interface Queued {
  readonly id: TurnId;
  readonly joined: boolean;
  readonly dueAt: number;
  readonly lane: Lane;
  /** The running turn that is to stop. */
  readonly stopping: TurnId | undefined;
}

type Waiting = Pick<
  TurnRow,
  | "seq"
  | "id"
  | "state"
  | "session_id"
  | "priority"
  | "created_at"
  | "due_at"
  | "expires_at"
  | "starts"
  | "inputs"
  | "run"
  | "reply"
  | "overrides"
  | "awaits"
>;

type Pending = Pick<TurnRow, "seq" | "tenant" | "id" | "state" | "priority" | "draft" | "run" | "agent" | "created_at">;

const PENDING = "tenant = ? AND lane = ? AND state IN ('queued', 'running')";

export class TurnQueue {
  readonly #sessions: Sessions;
  readonly #work: TurnWork;
  readonly #usage: UsageLog;
  readonly #insert: Statement<never>;
  readonly #insertInput: Statement<never>;
  readonly #join: Statement<never>;
  readonly #last: Statement<Waiting>;
  readonly #pending: Statement<Pending>;
  readonly #pendingOfRun: Statement<Pending>;
  readonly #running: Statement<Pick<TurnRow, "seq" | "id">>;
  readonly #requestStop: Statement<never>;
  readonly #cancel: Statement<never>;
  readonly #sessionsOf: Statement<{ lane: string }>;
  readonly #input: Statement<{ turn: number; number: number; body: string }>;
  readonly #amend: Statement<never>;

  constructor({ statements }: Context, sessions: Sessions, work: TurnWork, usage: UsageLog) {
    this.#usage = usage;
    this.#sessions = sessions;
    this.#work = work;
    // biome-ignore format: one line a group
    this.#insert = statements.insertInto("turns", [
      "tenant", "id", "session", "lane", "session_id", "agent", "channel", "account", "priority", "state", "attempts",
      "starts", "inputs", "transcribed", "stop_requested", "created_at", "due_at", "expires_at", "started_at", "run",
      "reply", "overrides",
    ]);
    this.#insertInput = statements.insertInto("turn_inputs", [
      "tenant",
      "turn",
      "number",
      "event",
      "message_id",
      "body",
    ]);
    this.#join = statements.of(
      `UPDATE turns SET inputs = inputs + 1, priority = ?, due_at = ?, expires_at = ?, reply = ?
       WHERE seq = ?`,
    );
    this.#last = statements.of(
      `SELECT seq, id, state, session_id, priority, created_at, due_at, expires_at, starts, inputs, run, reply, overrides,
         awaits FROM turns WHERE ${PENDING} ORDER BY seq DESC LIMIT 1`,
    );
    const pending = `SELECT seq, tenant, id, state, priority, draft, run, agent, created_at FROM turns WHERE ${PENDING}`;
    this.#pending = statements.of(`${pending} ORDER BY seq`);
    this.#pendingOfRun = statements.of(`${pending} AND (id = ?3 OR run = ?3) ORDER BY seq`);
    this.#running = statements.of(`SELECT seq, id FROM turns WHERE ${PENDING} AND state = 'running'`);
    this.#requestStop = statements.of("UPDATE turns SET stop_requested = 1 WHERE seq = ?");
    this.#cancel = statements.of(
      `UPDATE turns SET state = 'cancelled', finished_at = ?, awaits = NULL, awaits_token = NULL, late_answer = NULL
       WHERE seq = ?`,
    );
    this.#sessionsOf = statements.of(
      "SELECT lane FROM sessions WHERE tenant = ? AND channel = ? AND account = ? AND conversation = ?",
    );
    this.#input = statements.of(
      `SELECT turn, number, body FROM turn_inputs WHERE message_id = ? AND tenant = ? AND turn IN (
         SELECT seq FROM turns WHERE ${PENDING} AND state = 'queued' AND awaits IS NULL) ORDER BY turn DESC, number DESC LIMIT 1`,
    );
    this.#amend = statements.of("UPDATE turn_inputs SET body = ? WHERE tenant = ? AND turn = ? AND number = ?");
  }

  /**
   * Queues an input as its own turn or with the one that waits, and touches its session. `claimed`: the caller claims
   * its lane in the same call, so an idle lane's turn is written as running at once.
   */
  add(lanes: Lanes, tenant: TenantId, turn: NewTurn, queue: QueueSettings, claimed: boolean, now: number): Queued {
    const place = turn.session;
    const known = this.#sessions.state(tenant, place.key);
    const lane = lanes.open(tenant, "turn", known?.lane ?? place.key, place.channel, place.account);
    const busy = lane.size > 0;
    const session = this.#sessions.touch(tenant, place, known, busy, now);
    const last = busy && queue.mode !== "followup" ? this.#last.get(tenant, lane.row.lane) : undefined;
    const stopping = busy && queue.mode === "interrupt" ? this.#interrupt(tenant, lane) : undefined;
    if (last && joins(toLast(last), turn, session.id, queue)) {
      const dueAt = this.#joinTo(last, lane, tenant, turn, queue, now);
      return { id: last.id, joined: true, dueAt, lane, stopping };
    }
    const dueAt = firstDueAt(queue, now);
    const starts = claimed && lane.idle && dueAt <= now;
    const row = this.#insertTurn(tenant, turn, lane.row.lane, session, dueAt, starts, now);
    this.#addInput(tenant, row.seq, 1, turn);
    const pending = { priority: row.priority, dueAt, since: now, expiresAt: turn.expiresAt };
    this.#usage.count(tenant, { runs: 1 }, now);
    lane.add(pending, { kind: "turn", row, inputs: [turn.input] });
    return { id: turn.id, joined: false, dueAt, lane, stopping };
  }

  /** Cancels what waits in a session's lane, or one run of it; asks what runs to stop. */
  stop(
    lanes: Lanes,
    tenant: string,
    session: SessionKey,
    run: string | undefined,
    now: number,
  ): { readonly cancelled: CancelledTurn[]; readonly running: TurnId[] } {
    const name = this.#sessions.state(tenant, session)?.lane;
    const lane = name === undefined ? undefined : lanes.find(tenant, "turn", name);
    const cancelled: CancelledTurn[] = [];
    const running: TurnId[] = [];
    if (name === undefined || !lane) return { cancelled, running };
    const rows = run === undefined ? this.#pending.all(tenant, name) : this.#pendingOfRun.all(tenant, name, run);
    for (const row of rows) {
      if (row.state === "running") {
        this.#requestStop.run(row.seq);
        running.push(row.id);
        continue;
      }
      this.#cancel.run(now, row.seq);
      this.#work.supersedeDraft(row, now);
      lane.remove(row.priority);
      cancelled.push({ id: row.id, run: row.run ?? row.id, session, agent: row.agent, createdAt: row.created_at });
    }
    return { cancelled, running };
  }

  /** Changes the text of a waiting input. False when its turn has started or is not known. */
  amend(
    tenant: string,
    place: {
      readonly channel: string;
      readonly account: string;
      readonly conversation: ConversationId;
      readonly messageId: MessageId;
    },
    text: string,
  ): boolean {
    for (const { lane } of this.#sessionsOf.all(tenant, place.channel, place.account, place.conversation)) {
      const input = this.#input.get(place.messageId, tenant, tenant, lane);
      if (!input) continue;
      const body = JSON.stringify({ ...fromJson<TurnInput>(input.body), text });
      this.#amend.run(body, tenant, input.turn, input.number);
      return true;
    }
    return false;
  }

  #insertTurn(
    tenant: TenantId,
    turn: NewTurn,
    lane: string,
    session: Pick<SessionRow, "seq" | "id" | "agent_state">,
    dueAt: number,
    starts: boolean,
    now: number,
  ): TurnOfSession {
    const { account, agent, channel, key } = turn.session;
    const { id, expiresAt, run = null } = turn;
    const priority = PRIORITY[turn.priority];
    const reply = toJson(turn.reply);
    const overrides = toJson(turn.overrides);
    const state = starts ? "running" : "queued";
    const startedAt = starts ? now : null;
    // biome-ignore format: one line a group
    const seq = this.#insert.insert(
      tenant, id, session.seq, lane, session.id, agent, channel, account, priority, state, 0, starts ? 1 : 0, 1, 0, 0,
      now, dueAt, expiresAt, startedAt, run, reply, overrides,
    );
    // biome-ignore format: one line a group
    return {
      seq, tenant, id, session: session.seq, lane, session_id: session.id, agent, channel, account, priority, state,
      attempts: 0, starts: starts ? 1 : 0, inputs: 1, transcribed: 0, stop_requested: 0, created_at: now, due_at: dueAt,
      expires_at: expiresAt, started_at: startedAt, finished_at: null, draft: null, run, reply, overrides, usage: null,
      error: null, awaits: null, awaits_token: null, late_answer: null, waits_until: null, session_key: key, agent_state: session.agent_state,
    };
  }

  #joinTo(last: Waiting, lane: Lane, tenant: TenantId, turn: NewTurn, queue: QueueSettings, now: number): number {
    const { dueAt, expiresAt, priority } = joinedTurn(toLast(last), turn, queue, now);
    this.#join.run(priority, dueAt, expiresAt, toJson(turn.reply), last.seq);
    this.#addInput(tenant, last.seq, last.inputs + 1, turn);
    if (priority !== last.priority) lane.reprioritise(last.priority, priority);
    if (dueAt !== last.due_at) lane.moved();
    return dueAt;
  }

  /** Asks the turn that runs to stop. */
  #interrupt(tenant: TenantId, lane: Lane): TurnId | undefined {
    const running = this.#running.get(tenant, lane.row.lane);
    if (running) this.#requestStop.run(running.seq);
    return running?.id;
  }

  #addInput(tenant: TenantId, seq: number, number: number, { input }: NewTurn): void {
    this.#insertInput.run(tenant, seq, number, input.event ?? null, input.messageId ?? null, JSON.stringify(input));
  }
}

function toLast(row: Waiting): LastTurn {
  return {
    state: row.state,
    sessionId: row.session_id,
    createdAt: row.created_at,
    dueAt: row.due_at,
    expiresAt: row.expires_at,
    starts: row.starts,
    priority: row.priority,
    run: row.run ?? undefined,
    awaits: row.awaits !== null,
    reply: row.reply === null ? undefined : fromJson<ReplyAddress>(row.reply),
    overrides: row.overrides === null ? undefined : fromJson<Record<string, string>>(row.overrides),
  };
}
