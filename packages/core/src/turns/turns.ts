/** Runs turns: one at a time within a session, many sessions side by side. */
import { type AccountRef, SwitchboardError, type TurnId, toErrorRecord } from "@switchboard/domain";
import type { AccountRuntime } from "../accounts/runtime.ts";
import type { EngineEvents } from "../events.ts";
import type { Leases } from "../lanes/leases.ts";
import { persist } from "../lanes/persist.ts";
import { LanePool } from "../lanes/pool.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { Pace } from "../outbox/pace.ts";
import type { AgentRuntimes, ClaimedTurn, Clock, Log, Store, Telemetry, Turn } from "../ports/index.ts";
import type { Routing } from "../routing/route.ts";
import { Answer } from "./answer.ts";
import { completionOf, type EndedRun } from "./completion.ts";
import { type Again, judge, type Stop } from "./ending.ts";
import { MAX_STARTS } from "./failure.ts";
import { listen, runRef } from "./listen.ts";
import { agentRequest } from "./request.ts";
import { AnswerStream } from "./stream.ts";
import { gatewayTools } from "./tools/tools.ts";

export interface TurnsPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly events: EngineEvents;
  readonly leases: Leases;
  readonly owner: string;
  readonly leaseMs: number;
  readonly capacity: number;
  readonly maxAttempts: number;
  readonly ttlMs: number;
  readonly agents: AgentRuntimes;
  readonly pace: Pace;
  readonly outbox: Outbox;
  routing(): Routing;
  account(ref: AccountRef): AccountRuntime | undefined;
  onRoom(): void;
  /** A turn was given back and is due at that time. */
  onDue(at: number): void;
}

interface Running {
  readonly abort: AbortController;
  stop?: Stop;
}

export class Turns {
  readonly pool: LanePool<ClaimedTurn>;
  readonly #ports: TurnsPorts;
  readonly #running = new Map<TurnId, Running>();

  constructor(ports: TurnsPorts) {
    this.#ports = ports;
    this.pool = new LanePool<ClaimedTurn>({
      kind: "turn",
      owner: ports.owner,
      leaseMs: ports.leaseMs,
      capacity: ports.capacity,
      leases: ports.leases,
      log: ports.log,
      work: (claimed, lost) => this.#run(claimed, lost),
      onRoom: ports.onRoom,
    });
  }

  get running(): readonly TurnId[] {
    return [...this.#running.keys()];
  }

  /** Ends running turns as stopped; what they said so far is kept. */
  stop(turns: readonly TurnId[]): void {
    for (const id of turns) this.#abort(id, "asked");
  }

  /** Gives running turns back to the queue, for the next process. */
  interruptAll(): void {
    for (const id of this.#running.keys()) this.#abort(id, "draining");
  }

  #abort(id: TurnId, stop: Stop): void {
    const run = this.#running.get(id);
    if (!run || run.stop) return;
    run.stop = stop;
    run.abort.abort(new SwitchboardError("AGENT_005"));
  }

  async #run(claimed: ClaimedTurn, lost: AbortSignal): Promise<ClaimedTurn | undefined> {
    const { clock, maxAttempts, ttlMs } = this.#ports;
    const { turn } = claimed;
    const startedAt = clock.now();
    const running: Running = { abort: new AbortController() };
    lost.addEventListener("abort", () => running.abort.abort(lost.reason), { once: true });
    this.#running.set(turn.id, running);
    this.#started(turn, startedAt);

    const reply = this.#replyOf(turn);
    const stream = reply && new AnswerStream({ ...reply, claimed }, this.#ports);
    const answer = new Answer();
    const thrown = await this.#ask(claimed, answer, reply?.account, stream, running.abort.signal).then(
      () => undefined,
      (error: unknown) => error ?? new SwitchboardError("SYS_005"),
    );
    const draft = stream ? await stream.stop() : claimed.draft;
    this.#running.delete(turn.id);
    if (lost.aborted) throw lost.reason;

    const now = clock.now();
    const ending = judge(turn, thrown, running.stop, { maxAttempts, now });
    if (ending.kind === "again") return this.#giveBack(claimed, ending, answer, startedAt, lost);
    return this.#complete({ claimed, ending, answer, draft, reply, now, ttlMs }, startedAt, lost);
  }

  async #ask(
    claimed: ClaimedTurn,
    answer: Answer,
    origin: AccountRuntime | undefined,
    stream: AnswerStream | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { agents, clock, events, routing, store } = this.#ports;
    const { turn } = claimed;
    if (clock.now() > turn.expiresAt)
      throw new SwitchboardError("MSG_006", "The message waited too long for an answer.");
    if (turn.starts > MAX_STARTS) {
      throw new SwitchboardError("SYS_005", `The turn was started ${turn.starts} times and never ended.`);
    }
    const known = routing().agents;
    const agent = known.find(({ id }) => id === turn.agent) ?? known[0];
    const tools = agent.tools ? gatewayTools(answer, clock) : [];
    const request = agentRequest(claimed, agent, tools, origin, store);
    const hear = { onText: (text: string) => stream?.update(text), events, run: runRef(turn) };
    await listen(await agents.runtimeFor(agent), request, answer, hear, signal);
  }

  async #giveBack(
    { lease, turn }: ClaimedTurn,
    { at, error }: Again,
    answer: Answer,
    startedAt: number,
    lost: AbortSignal,
  ): Promise<undefined> {
    const { clock, log, onDue, store } = this.#ports;
    const record = error && toErrorRecord(error);
    if (record) {
      log.warn(
        { turn: turn.id, attempt: turn.attempts + 1, error: record },
        `a turn is tried again: ${record.message}`,
      );
    }
    const input = { notBefore: at, now: clock.now(), ...(record && { error: record }) };
    await persist(() => store.turns.giveBack(lease, turn.id, input), this.#ports, lost);
    if (record) {
      const { code, message } = record;
      const detail = { attempt: turn.attempts + 1, code, message, until: at };
      const note = { subject: turn.id, at: input.now, step: "retrying", detail };
      await persist(() => store.traces.note(turn.tenant, [note]), this.#ports, lost);
    }
    this.#ended(turn, "retrying", answer, startedAt, error);
    onDue(at);
  }

  async #complete(run: EndedRun, startedAt: number, lost: AbortSignal): Promise<ClaimedTurn | undefined> {
    const { log, outbox, store, telemetry } = this.#ports;
    const { claimed, ending, reply } = run;
    const { lease, turn } = claimed;
    if (ending.state === "failed" || ending.state === "expired") {
      const error = ending.error && toErrorRecord(ending.error);
      log.error({ turn: turn.id, session: turn.session, error }, `a turn failed for good: ${error?.message}`);
    }
    const ended = completionOf(run, log);
    const claimDeliveries = reply && outbox.request(reply.account, reply.target);
    const next = this.pool.keep();
    const completion = { ...ended, ...(claimDeliveries && { claimDeliveries }), ...(next && { next }) };
    const result = await persist(() => store.turns.complete(lease, turn.id, completion), this.#ports, lost);
    outbox.accept(result.claimedDeliveries);
    if (reply && ended.deliveries.length > result.claimedDeliveries.length) outbox.look(reply.account);
    telemetry.turn(turn.agent, ending.state, run.now - startedAt);
    this.#ended(turn, ending.state, run.answer, startedAt, ending.error);
    return result.next;
  }

  #replyOf(turn: Turn): EndedRun["reply"] {
    if (!turn.reply) return undefined;
    const { account, channel, target } = turn.reply;
    const runtime = this.#ports.account({ tenant: turn.tenant, channel, account });
    return runtime && { account: runtime, target };
  }

  #started(turn: Turn, at: number): void {
    const { events } = this.#ports;
    if (!events.heard) return;
    events.emit({ type: "run.started", at, ...runRef(turn) });
    events.emit({ type: "step", step: "started", tenant: turn.tenant, at, turn: turn.id, session: turn.session });
  }

  #ended(
    turn: Turn,
    state: EndedRun["ending"]["state"] | "retrying",
    answer: Answer,
    startedAt: number,
    error: SwitchboardError | undefined,
  ): void {
    const { clock, events } = this.#ports;
    if (!events.heard) return;
    const endedAt = clock.now();
    const record = error && toErrorRecord(error);
    events.emit({
      type: "run.ended",
      state,
      text: answer.text.trim(),
      startedAt,
      endedAt,
      ...(record && { error: record }),
      ...(answer.usage && { usage: answer.usage }),
      ...runRef(turn),
    });
    events.emit({
      type: "step",
      step: state,
      tenant: turn.tenant,
      at: endedAt,
      turn: turn.id,
      session: turn.session,
      ...(record && { detail: { code: record.code, message: record.message } }),
    });
  }
}
