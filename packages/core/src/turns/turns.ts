/** Runs turns: one at a time within a session, many sessions side by side. */
import {
  type AccountRef,
  markdownContent,
  SwitchboardError,
  type TenantId,
  type TurnId,
  toErrorRecord,
  toSwitchboardError,
} from "@switchboard/domain";
import type { AccountRuntime } from "../accounts/runtime.ts";
import type { EngineEvents } from "../events.ts";
import type { Leases } from "../lanes/leases.ts";
import { persist } from "../lanes/persist.ts";
import { LanePool } from "../lanes/pool.ts";
import { composeDeliveries } from "../outbox/compose.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { Pace } from "../outbox/pace.ts";
import type {
  AgentRuntimes,
  CancelledTurn,
  ClaimedTurn,
  Clock,
  Log,
  Store,
  Telemetry,
  Turn,
  TurnInput,
} from "../ports/index.ts";
import type { Routing } from "../routing/route.ts";
import { announceCancelled, announceEnd, announceStart } from "./announce.ts";
import { Answer } from "./answer.ts";
import { completionOf, type EndedRun } from "./completion.ts";
import { costNanos, type Prices, usedTokens } from "./cost.ts";
import { type Again, judge, type Stop, stopped } from "./ending.ts";
import { MAX_STARTS } from "./failure.ts";
import { listen, runRef } from "./listen.ts";
import { agentRequest, answerBy, type RequestPorts } from "./request.ts";
import { postpone, rescueTurn } from "./set-aside.ts";
import { AnswerStream } from "./stream.ts";
import type { ComposeLater } from "./tools/schedule-message.ts";
import { gatewayTools } from "./tools/tools.ts";

export interface TurnsPorts extends RequestPorts {
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
  readonly prices: Prices;
  readonly pace: Pace;
  readonly outbox: Outbox;
  routing(): Routing;
  account(ref: AccountRef): AccountRuntime | undefined;
  /** Whether there are several tenants, who share the places. */
  shared(): boolean;
  /** A turn was given back and is due at that time. */
  onDue(at: number): void;
  /** A turn waits for its agent, which may be connected to another process. */
  onWaiting(turn: Turn): void;
}

/** How often a turn is looked at again whose answer goes to an account that is not there or cannot run. */
const NO_ACCOUNT_MS = 10_000;
/** Stops that are remembered for turns on their way here. */
const MOST_EARLY_STOPS = 1_000;

interface Running {
  readonly abort: AbortController;
  stop?: Stop;
}

export class Turns {
  readonly pool: LanePool<ClaimedTurn>;
  readonly #ports: TurnsPorts;
  readonly #running = new Map<TurnId, Running>();
  /** Turns that were told to stop between their claim and their run. */
  readonly #earlyStops = new Set<TurnId>();
  /** Whether somebody looks for turns that wait for agents here, and should do so again. */
  #looking = false;
  #lookAgain = false;
  /** Turns that wait for their account, so that each is reported once. */
  readonly #withoutAccount = new Set<TurnId>();

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
      rescue: (claimed, thrown) => this.#rescue(claimed, thrown),
      shared: ports.shared,
      onRoom: (tenant) => void this.#useRoom(tenant),
    });
  }

  get running(): readonly TurnId[] {
    return [...this.#running.keys()];
  }

  /** Ends running turns as stopped; what they said so far is kept. */
  stop(turns: readonly TurnId[]): void {
    for (const id of turns) {
      if (this.#running.has(id)) this.#abort(id, "asked");
      else this.#rememberStop(id);
    }
  }

  /** Takes up a tenant's turns that are due, as far as there is room for them. */
  async fill(tenant: TenantId): Promise<void> {
    const { clock, store } = this.#ports;
    await this.pool.fill(tenant, (input) => store.turns.claim(tenant, { ...input, now: clock.now() }));
  }

  /** Takes up turns that wait for agents that are connected here; of one tenant, or of all. */
  async fillWaiting(tenant?: TenantId): Promise<void> {
    this.#lookAgain = true;
    // Whoever looks already looks once more.
    if (this.#looking) return;
    this.#looking = true;
    try {
      for (let whose = tenant; this.#lookAgain; whose = undefined) {
        this.#lookAgain = false;
        await this.#claimWaiting(whose);
      }
    } finally {
      this.#looking = false;
    }
  }

  /** Room of a tenant whose turns wait. Should it fail, the next sweep finds them. */
  async #useRoom(tenant: TenantId): Promise<void> {
    try {
      await this.fill(tenant);
      await this.fillWaiting(tenant);
    } catch (error) {
      this.#ports.log.error({ tenant, error: String(error) }, "waiting turns could not be claimed; it is tried again");
    }
  }

  async #claimWaiting(tenant: TenantId | undefined): Promise<void> {
    const { agents, clock, store } = this.#ports;
    for (const { agent, room, tenant: whose } of agents.connected?.withRoom(tenant) ?? []) {
      await this.pool.fill(whose, ({ limit, ...input }) =>
        store.turns.claimWaiting(whose, { ...input, limit: Math.min(limit, room), agent, now: clock.now() }),
      );
    }
  }

  /** Tells that queued turns were taken back: their callers wait for an end. */
  cancelled(tenant: TenantId, turns: readonly CancelledTurn[]): void {
    announceCancelled(this.#ports, tenant, turns);
  }

  /** Gives running turns back to the queue, for the next process. */
  interruptAll(): void {
    for (const id of this.#running.keys()) this.#abort(id, "draining");
  }

  #rememberStop(id: TurnId): void {
    const [oldest] = this.#earlyStops;
    if (oldest !== undefined && this.#earlyStops.size >= MOST_EARLY_STOPS) this.#earlyStops.delete(oldest);
    this.#earlyStops.add(id);
  }

  #abort(id: TurnId, stop: Stop): void {
    const run = this.#running.get(id);
    if (!run || run.stop) return;
    run.stop = stop;
    run.abort.abort(new SwitchboardError("AGENT_005"));
  }

  async #run(claimed: ClaimedTurn, lost: AbortSignal): Promise<ClaimedTurn | undefined> {
    const { turn } = claimed;
    const running: Running = { abort: new AbortController() };
    lost.addEventListener("abort", () => running.abort.abort(lost.reason), { once: true });
    this.#running.set(turn.id, running);
    if (turn.stopRequested || this.#earlyStops.delete(turn.id)) this.#abort(turn.id, "asked");
    try {
      return await this.#answer(claimed, running, lost);
    } finally {
      this.#running.delete(turn.id);
      this.#earlyStops.delete(turn.id);
    }
  }

  async #answer(claimed: ClaimedTurn, running: Running, lost: AbortSignal): Promise<ClaimedTurn | undefined> {
    const { clock, maxAttempts, ttlMs } = this.#ports;
    const { turn } = claimed;
    const startedAt = clock.now();
    const reply = this.#replyOf(turn);
    if (turn.reply && !reply && !running.stop && startedAt < turn.expiresAt) return this.#awaitAccount(claimed, lost);
    this.#withoutAccount.delete(turn.id);
    if (this.#mustWait(turn, startedAt) && !running.stop) return this.#awaitAgent(claimed, startedAt, lost);
    announceStart(this.#ports, turn, startedAt);
    const stream = reply && new AnswerStream({ ...reply, claimed }, this.#ports);
    const answer = new Answer();
    const thrown = await this.#ask(claimed, answer, reply, stream, running.abort.signal).then(
      () => undefined,
      (error: unknown) => error ?? new SwitchboardError("SYS_005"),
    );
    const draft = stream ? await stream.stop() : claimed.draft;
    if (lost.aborted) {
      // Whoever has it now starts it anew.
      announceEnd(this.#ports, turn, { state: "retrying", startedAt, answer });
      throw lost.reason;
    }

    const now = clock.now();
    const later = thrown === undefined && answer.later !== undefined ? this.#later(turn, answer.later, now) : undefined;
    const ending =
      later ??
      this.#notHere(turn, thrown, running.stop, now) ??
      judge(turn, thrown, running.stop, { maxAttempts, now });
    if (ending.kind === "again" && (await this.#giveBack(claimed, ending, answer, startedAt, lost))) return undefined;
    const end = ending.kind === "again" ? stopped() : ending;
    return this.#complete({ claimed, ending: end, answer, draft, reply, now, ttlMs }, startedAt, lost);
  }

  #later(turn: Turn, token: string, now: number): Again {
    const until = answerBy(turn, this.#agentOf(turn), now) ?? now;
    return { kind: "again", at: until, awaits: { until, token } };
  }

  /** Its agent turned out not to be here after all. */
  #notHere(turn: Turn, thrown: unknown, stop: Stop | undefined, now: number): Again | undefined {
    if (stop || !(thrown instanceof SwitchboardError) || thrown.code !== "AGENT_009") return undefined;
    const waitsUntil = this.#waitsUntil(turn, now);
    return now < waitsUntil ? { kind: "again", at: waitsUntil, waitsUntil } : undefined;
  }

  /** Its agent is not here, and there is time left to wait for it. A later answer is there whether the agent is or not. */
  #mustWait(turn: Turn, now: number): boolean {
    const { agents } = this.#ports;
    if (turn.awaits !== undefined || !agents.canRun || agents.canRun(turn.tenant, this.#agentOf(turn))) return false;
    return now < this.#waitsUntil(turn, now);
  }

  #waitsUntil(turn: Turn, now: number): number {
    return turn.waitsUntil ?? Math.min(now + this.#agentOf(turn).waitMs, turn.expiresAt);
  }

  #agentOf({ agent }: Turn) {
    const known = this.#ports.routing().agents;
    return known.find(({ id }) => id === agent) ?? known[0];
  }

  async #ask(
    claimed: ClaimedTurn,
    answer: Answer,
    reply: EndedRun["reply"],
    stream: AnswerStream | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { account, agents, clock, events } = this.#ports;
    const { turn } = claimed;
    signal.throwIfAborted();
    if (clock.now() > turn.expiresAt)
      throw new SwitchboardError("MSG_006", "The message waited too long for an answer.");
    if (turn.starts > MAX_STARTS) {
      throw new SwitchboardError("SYS_005", `The turn was started ${turn.starts} times and never ended.`);
    }
    const agent = this.#agentOf(turn);
    const tools = agent.tools ? gatewayTools(answer, clock, reply && this.#composeLater(turn, reply)) : [];
    const originOf = ({ from = turn }: TurnInput) =>
      account({ tenant: turn.tenant, channel: from.channel, account: from.account });
    const request = agentRequest(claimed, agent, tools, originOf, reply?.account, this.#ports);
    const hear = { onText: (text: string) => stream?.update(text), events, run: runRef(turn) };
    await listen(await agents.runtimeFor(agent), request, answer, hear, signal);
  }

  /** A configuration that is wrong for a while costs no answer: the turn waits for it as long as it lives (oc#83017). */
  async #awaitAccount(claimed: ClaimedTurn, lost: AbortSignal): Promise<undefined> {
    const { clock, log, onDue, store } = this.#ports;
    const { turn } = claimed;
    const now = clock.now();
    const notBefore = now + NO_ACCOUNT_MS;
    const state = await persist(() => postpone(claimed, notBefore, this.#ports), this.#ports, lost);
    onDue(state === "retrying" ? notBefore : now);
    if (state === "aborted") announceEnd(this.#ports, turn, { state, startedAt: now });
    if (state === "aborted" || this.#withoutAccount.has(turn.id)) return;
    this.#withoutAccount.add(turn.id);
    const { channel, account } = turn.reply ?? turn;
    log.warn({ turn: turn.id, channel, account }, "an answer waits for its account, which is not there or cannot run");
    const note = { subject: turn.id, at: now, step: "waiting-for-account", detail: { channel, account } };
    await persist(() => store.traces.note(turn.tenant, [note]), this.#ports, lost);
  }

  /** Only a process to which the agent is connected can run its turn: whichever it is takes it up (TEN-6). */
  async #awaitAgent(claimed: ClaimedTurn, now: number, lost: AbortSignal): Promise<undefined> {
    const { log, onDue, onWaiting, store } = this.#ports;
    const { turn } = claimed;
    const waitsUntil = this.#waitsUntil(turn, now);
    const state = await persist(() => postpone(claimed, waitsUntil, this.#ports, { waitsUntil }), this.#ports, lost);
    onDue(state === "retrying" ? waitsUntil : now);
    if (state === "aborted") announceEnd(this.#ports, turn, { state, startedAt: now });
    else onWaiting(turn);
    if (state === "aborted" || turn.waitsUntil !== undefined) return;
    const { agent, tenant } = turn;
    log.warn({ turn: turn.id, tenant, agent }, "a turn waits for its agent, which is not connected or takes no more");
    const note = { subject: turn.id, at: now, step: "waiting-for-agent", detail: { agent, until: waitsUntil } };
    await persist(() => store.traces.note(tenant, [note]), this.#ports, lost);
  }

  async #rescue(claimed: ClaimedTurn, thrown: unknown): Promise<void> {
    const failure = toSwitchboardError(thrown);
    const { dueAt, state } = await rescueTurn(claimed, failure, this.#ports);
    announceEnd(this.#ports, claimed.turn, { state, startedAt: this.#ports.clock.now(), error: failure });
    this.#ports.onDue(dueAt);
  }

  #composeLater(turn: Turn, { account, target }: NonNullable<EndedRun["reply"]>): ComposeLater {
    return (text, dueAt) =>
      composeDeliveries({
        channel: account.channel,
        account: account.ref.account,
        target,
        content: markdownContent(text),
        kind: "direct",
        priority: "normal",
        session: turn.session,
        turn: turn.id,
        dueAt,
        expiresAt: dueAt + this.#ports.ttlMs,
      });
  }

  /** False when it was asked to stop meanwhile. */
  async #giveBack(
    { lease, turn }: ClaimedTurn,
    { at, awaits, error, waitsUntil }: Again,
    answer: Answer,
    startedAt: number,
    lost: AbortSignal,
  ): Promise<boolean> {
    const { clock, log, onDue, onWaiting, prices, store } = this.#ports;
    const record = error && toErrorRecord(error);
    if (record) {
      log.warn(
        { turn: turn.id, attempt: turn.attempts + 1, error: record },
        `a turn is tried again: ${record.message}`,
      );
    }
    // A try that was told of no tokens has used nothing.
    const usage = usedTokens(answer.usage) ? answer.usage : undefined;
    const cost = costNanos(usage, prices);
    const input = {
      notBefore: at,
      now: clock.now(),
      ...(record && { error: record }),
      ...(usage && { usage }),
      ...(cost !== undefined && { costNanos: cost }),
      ...(awaits && { awaits }),
      ...(waitsUntil !== undefined && { waitsUntil }),
    };
    if (!(await persist(() => store.turns.giveBack(lease, turn.id, input), this.#ports, lost))) return false;
    if (awaits) {
      const note = { subject: turn.id, at: input.now, step: "awaiting-answer", detail: { until: at } };
      await persist(() => store.traces.note(turn.tenant, [note]), this.#ports, lost);
    } else if (record) {
      const { code, message } = record;
      const detail = { attempt: turn.attempts + 1, code, message, until: at };
      const note = { subject: turn.id, at: input.now, step: "retrying", detail };
      await persist(() => store.traces.note(turn.tenant, [note]), this.#ports, lost);
    }
    announceEnd(this.#ports, turn, { state: "retrying", startedAt, answer, error });
    onDue(at);
    if (waitsUntil !== undefined) onWaiting(turn);
    return true;
  }

  async #complete(run: EndedRun, startedAt: number, lost: AbortSignal): Promise<ClaimedTurn | undefined> {
    const { log, outbox, prices, store, telemetry } = this.#ports;
    const { claimed, ending, reply } = run;
    const { lease, turn } = claimed;
    if (ending.state === "failed" || ending.state === "expired") {
      const error = ending.error && toErrorRecord(ending.error);
      log.error({ turn: turn.id, session: turn.session, error }, `a turn failed for good: ${error?.message}`);
    }
    const ended = completionOf(run, log);
    const claimDeliveries = reply && outbox.request(reply.account, reply.target);
    const next = this.pool.keep(turn.tenant);
    const cost = costNanos(ended.usage, prices);
    const completion = {
      ...ended,
      ...(cost !== undefined && { costNanos: cost }),
      ...(claimDeliveries && { claimDeliveries }),
      ...(next && { next }),
    };
    const result = await persist(() => store.turns.complete(lease, turn.id, completion), this.#ports, lost);
    if (result.stopRequested) return this.#complete({ ...run, ending: stopped() }, startedAt, lost);
    outbox.accept(result.claimedDeliveries);
    if (reply && ended.deliveries.length > result.claimedDeliveries.length) outbox.look(reply.account);
    telemetry.turn(turn.agent, ended.state, run.now - startedAt);
    const error = ending.error ?? (ended.error && new SwitchboardError(ended.error.code, ended.error.message));
    announceEnd(this.#ports, turn, { state: ended.state, startedAt, answer: run.answer, error });
    return result.next;
  }

  #replyOf(turn: Turn): EndedRun["reply"] {
    if (!turn.reply) return undefined;
    const { account, channel, target } = turn.reply;
    const runtime = this.#ports.account({ tenant: turn.tenant, channel, account });
    return runtime && { account: runtime, target };
  }
}
