/** The outbox: sends what is queued, in order within a conversation, and writes down what became of each attempt. */
import {
  type AccountRef,
  accountKey,
  DEFAULT_RETRY,
  type SwitchboardError,
  type Target,
  toErrorRecord,
} from "@switchboard/domain";
import type { AccountRuntime } from "../accounts/runtime.ts";
import type { EngineEvents } from "../events.ts";
import type { Leases } from "../lanes/leases.ts";
import { persist } from "../lanes/persist.ts";
import { LanePool } from "../lanes/pool.ts";
import type {
  ClaimedDelivery,
  ClaimRequest,
  Clock,
  Delivery,
  Log,
  SendOutcome,
  Store,
  Telemetry,
} from "../ports/index.ts";
import { judgeFailure } from "./judge-failure.ts";
import type { Pace } from "./pace.ts";
import { rescueDelivery } from "./rescue.ts";
import { sendPart } from "./send.ts";
import { resolveUnknown } from "./unknown.ts";

/** How long a claimed delivery of an account that cannot send waits before it is looked at again. */
const NOT_READY_MS = 1_000;
/** Waiting for so long deserves a word in the trace. */
const NOTED_MS = 1_000;

export interface OutboxPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly events: EngineEvents;
  readonly leases: Leases;
  readonly owner: string;
  readonly leaseMs: number;
  readonly capacity: number;
  readonly pace: Pace;
  account(ref: AccountRef): AccountRuntime | undefined;
  onRoom(): void;
  /** Something of this account may be sent at that time. */
  onDue(at: number): void;
}

/** One try at a delivery. `attempt` 0: an earlier one had arrived, and none was begun. */
interface Tried {
  readonly attempt: number;
  readonly outcome: SendOutcome;
  readonly startedAt: number;
}

export class Outbox {
  readonly pool: LanePool<ClaimedDelivery>;
  readonly #ports: OutboxPorts;
  /** Accounts that could claim nothing because what they may send is promised to claims under way. */
  readonly #short = new Set<string>();

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
    this.pool = new LanePool<ClaimedDelivery>({
      kind: "delivery",
      owner: ports.owner,
      leaseMs: ports.leaseMs,
      capacity: ports.capacity,
      leases: ports.leases,
      log: ports.log,
      work: (claimed, lost) => this.#deliver(claimed, lost),
      rescue: (claimed, thrown) => this.#rescue(claimed, thrown),
      shared: () => false,
      onRoom: ports.onRoom,
    });
  }

  /** What to pass where a delivery is made: claim it at once if it could be sent right now. */
  request(account: AccountRuntime, target: Target): ClaimRequest | undefined {
    return this.#waitMs(account, target) === 0 ? this.pool.request(account.ref.tenant) : undefined;
  }

  accept(claimed: readonly ClaimedDelivery[]): void {
    this.pool.accept(claimed);
  }

  /** Claims what an account may send now, and no more; called when it may be able to. */
  async fill(account: AccountRuntime): Promise<void> {
    const { clock, onDue, store } = this.#ports;
    const wait = this.#waitMs(account);
    if (wait > 0) {
      if (account.connection) onDue(clock.now() + wait);
      return;
    }
    const { tenant, channel, account: id } = account.ref;
    let more = false;
    await this.pool.fill(tenant, async (input) => {
      const { count, end } = this.#promise(account, input.limit);
      if (count === 0) return [];
      const now = clock.now();
      try {
        const claimed = await store.outbox.claim(tenant, { ...input, limit: count, channel, account: id, now });
        // What was promised here and not used is somebody else's now.
        const short = this.#short.delete(accountKey(account.ref));
        more = short || (claimed.length === count && count < input.limit);
        return claimed;
      } finally {
        end();
      }
    });
    if (more) this.look(account);
  }

  /** So many sends may be claimed now. A circuit that is half open lets one through. */
  #promise(account: AccountRuntime, most: number): ReturnType<Pace["promise"]> {
    const { clock, pace } = this.#ports;
    const trial = account.supervisor.sends.state(clock.now()) === "half-open";
    const promised = pace.promise(account, trial ? 1 : most);
    if (promised.count === 0) this.#short.add(accountKey(account.ref));
    return promised;
  }

  /** Something was queued that could not be claimed on the spot: says when to come back. */
  look(account: AccountRuntime): void {
    const wait = this.#waitMs(account);
    if (Number.isFinite(wait)) this.#ports.onDue(this.#ports.clock.now() + wait);
  }

  /** Milliseconds until this account may send; infinite while it is not connected: becoming ready wakes it. */
  #waitMs(account: AccountRuntime, target?: Target): number {
    if (!account.connection) return Number.POSITIVE_INFINITY;
    const { clock, pace } = this.#ports;
    return Math.max(account.supervisor.sends.waitMs(clock.now()), pace.waitMs(account, target));
  }

  async #deliver(claimed: ClaimedDelivery, lost: AbortSignal): Promise<ClaimedDelivery | undefined> {
    const { clock, pace } = this.#ports;
    const { delivery } = claimed;
    const account = this.#ports.account(delivery);
    const now = clock.now();
    if (!account?.connection) return this.#wait(claimed, now + NOT_READY_MS, "waiting-for-connection", lost);
    const { sends } = account.supervisor;
    if (!sends.allows(now)) return this.#wait(claimed, now + sends.waitMs(now), "waiting-for-breaker", lost);
    if (!pace.take(account, delivery.target)) {
      return this.#wait(claimed, now + pace.waitMs(account, delivery.target), "waiting-for-rate-limit", lost);
    }
    const endTrial = sends.begin(now);
    const tried = await this.#try(claimed, account, lost).finally(endTrial);
    return this.#settle(claimed, account, tried, lost);
  }

  /** Finds out what became of the last attempt, if that is not known, or makes the next one. */
  async #try(claimed: ClaimedDelivery, account: AccountRuntime, lost: AbortSignal): Promise<Tried> {
    const { clock } = this.#ports;
    const { delivery } = claimed;
    const known = claimed.unknown && (await resolveUnknown(claimed, account, this.#ports, lost));
    if (known?.outcome) return { attempt: 0, outcome: known.outcome, startedAt: 0 };
    const attempt = known?.attempt ?? claimed.attempt ?? 1;
    // Once it may have arrived it stays a possible repeat, also when a later attempt failed for certain.
    const again = delivery.markedDuplicate === true;
    const part = known?.part ?? (again ? account.channel.markDuplicate(delivery.part) : delivery.part);
    const startedAt = clock.now();
    const outcome = await sendPart(account, delivery, part, attempt, clock, lost).then(
      (receipt): SendOutcome => {
        account.supervisor.sends.success();
        account.supervisor.sawOutbound();
        return { state: "sent", receipt };
      },
      (error: SwitchboardError) => this.#failed(delivery, account, attempt, error),
    );
    return { attempt, outcome, startedAt };
  }

  #failed(delivery: Delivery, account: AccountRuntime, attempt: number, error: SwitchboardError): SendOutcome {
    const { clock, log, pace } = this.#ports;
    const now = clock.now();
    const { sends } = account.supervisor;
    const blockedUntil = error.code === "CONN_003" ? pace.block(account, delivery.target, error) : undefined;
    if (error.code !== "CONN_003") {
      if (error.scope === "account") sends.failure(now);
      else if (error.retryable) sends.failure(now, delivery.lane);
      else sends.success();
    }
    if (error.scope === "account") account.supervisor.sawFailure(error);
    if (sends.state(now) === "open") account.supervisor.sawCircuitOpen(error);
    const outcome = judgeFailure(error, {
      attempts: delivery.attempts,
      now,
      policy: account.channel.retry,
      holdUnknown: account.settings.unknownSends === "hold",
      asks: account.channel.capabilities.reconciles,
      notBefore: Math.max(blockedUntil ?? 0, now + sends.waitMs(now)),
    });
    log[outcome.state === "dead" ? "error" : "warn"](
      {
        delivery: delivery.id,
        channel: delivery.channel,
        account: delivery.account,
        attempt,
        error: toErrorRecord(error),
      },
      outcome.state === "dead" ? `a message was given up: ${error.message}` : `a send failed: ${error.message}`,
    );
    return outcome;
  }

  async #settle(
    { delivery, lease }: ClaimedDelivery,
    account: AccountRuntime,
    { attempt, outcome, startedAt }: Tried,
    lost: AbortSignal,
  ): Promise<ClaimedDelivery | undefined> {
    const { clock, onDue, store, telemetry } = this.#ports;
    const now = clock.now();
    const promised = this.#waitMs(account, delivery.target) === 0 ? this.#promise(account, 1) : undefined;
    const next = promised?.count === 1 ? this.pool.keep(delivery.tenant) : undefined;
    const settle = () => store.outbox.settle(lease, delivery.id, attempt, outcome, { now, ...(next && { next }) });
    const result = await persist(settle, this.#ports, lost).finally(() => promised?.end());
    if (attempt > 0) telemetry.attempt(account.ref, outcome.state, now - startedAt);
    if (outcome.state === "sent" && delivery.causedAt !== undefined) {
      telemetry.answered(account.ref, now - delivery.causedAt);
    }
    this.#step(delivery, outcome.state, "error" in outcome ? outcome.error.message : undefined);
    if ("notBefore" in outcome) onDue(outcome.notBefore);
    // What was promised here and not used is somebody else's now.
    const short = !result.next && this.#short.delete(accountKey(account.ref));
    if (short || (!next && !("notBefore" in outcome))) this.look(account);
    return result.next;
  }

  /** Not its fault and not now: back into the lane as if nothing had happened. */
  async #wait(
    { delivery, lease }: ClaimedDelivery,
    notBefore: number,
    why: string,
    lost: AbortSignal,
  ): Promise<undefined> {
    const { clock, onDue, store } = this.#ports;
    const now = clock.now();
    const note = notBefore - now >= NOTED_MS && { step: why, detail: { until: notBefore } };
    const input = { notBefore, now, ...(note && { note }) };
    await persist(() => store.outbox.giveBack(lease, delivery.id, input), this.#ports, lost);
    this.#step(delivery, why);
    onDue(notBefore);
  }

  async #rescue(claimed: ClaimedDelivery, thrown: unknown): Promise<void> {
    const policy = this.#ports.account(claimed.delivery)?.channel.retry ?? DEFAULT_RETRY;
    this.#ports.onDue(await rescueDelivery(claimed, thrown, policy.maxAttempts, this.#ports));
  }

  #step(delivery: Delivery, step: string, reason?: string): void {
    const { clock, events } = this.#ports;
    if (!events.heard) return;
    events.emit({
      type: "step",
      tenant: delivery.tenant,
      at: clock.now(),
      step,
      delivery: delivery.id,
      account: { tenant: delivery.tenant, channel: delivery.channel, account: delivery.account },
      ...(delivery.turn && { turn: delivery.turn }),
      ...(delivery.session && { session: delivery.session }),
      ...(reason !== undefined && { detail: { reason } }),
    });
  }
}
