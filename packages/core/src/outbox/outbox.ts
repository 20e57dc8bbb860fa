/** The outbox: sends what is queued, in order within a conversation, and writes down what became of each attempt. */
import { type AccountRef, DEFAULT_RETRY, type SwitchboardError, type Target, toErrorRecord } from "@switchboard/domain";
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

export class Outbox {
  readonly pool: LanePool<ClaimedDelivery>;
  readonly #ports: OutboxPorts;

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
      onRoom: ports.onRoom,
    });
  }

  /** What to pass where a delivery is made: claim it at once if it could be sent right now. */
  request(account: AccountRuntime, target: Target): ClaimRequest | undefined {
    return this.#waitMs(account, target) === 0 ? this.pool.request() : undefined;
  }

  accept(claimed: readonly ClaimedDelivery[]): void {
    this.pool.accept(claimed);
  }

  /** Claims what an account may send now; called when it may be able to. */
  async fill(account: AccountRuntime): Promise<void> {
    const { clock, onDue, store } = this.#ports;
    const wait = this.#waitMs(account);
    if (wait > 0) {
      if (account.connection) onDue(clock.now() + wait);
      return;
    }
    const { tenant, channel, account: id } = account.ref;
    await this.pool.fill((input) => store.outbox.claim(tenant, { ...input, channel, account: id, now: clock.now() }));
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
    return Math.max(account.supervisor.breaker.waitMs(clock.now()), pace.waitMs(account, target));
  }

  async #deliver(claimed: ClaimedDelivery, lost: AbortSignal): Promise<ClaimedDelivery | undefined> {
    const { clock, pace } = this.#ports;
    const { delivery } = claimed;
    const account = this.#ports.account(delivery);
    const now = clock.now();
    if (!account?.connection) return this.#wait(claimed, now + NOT_READY_MS, "waiting-for-connection", lost);
    const { breaker } = account.supervisor;
    if (!breaker.allows(now)) return this.#wait(claimed, now + breaker.waitMs(now), "waiting-for-breaker", lost);
    if (!pace.take(account, delivery.target)) {
      return this.#wait(claimed, now + pace.waitMs(account, delivery.target), "waiting-for-rate-limit", lost);
    }
    breaker.begin(now);
    const known = claimed.unknown && (await resolveUnknown(claimed, account, this.#ports, lost));
    if (known?.outcome) {
      breaker.abandon();
      return this.#settle(claimed, account, 0, known.outcome, 0, lost);
    }
    const attempt = known?.attempt ?? claimed.attempt ?? 1;
    // Once it may have arrived it stays a possible repeat, also when a later attempt failed for certain.
    const again = delivery.markedDuplicate === true;
    const part = known?.part ?? (again ? account.channel.markDuplicate(delivery.part) : delivery.part);
    const startedAt = clock.now();
    const outcome = await sendPart(account, delivery, part, attempt, lost).then(
      (receipt): SendOutcome => {
        breaker.success();
        account.supervisor.sawOutbound();
        return { state: "sent", receipt };
      },
      (error: SwitchboardError) => this.#failed(delivery, account, attempt, error),
    );
    return this.#settle(claimed, account, attempt, outcome, startedAt, lost);
  }

  #failed(delivery: Delivery, account: AccountRuntime, attempt: number, error: SwitchboardError): SendOutcome {
    const { clock, log, pace } = this.#ports;
    const now = clock.now();
    const { breaker } = account.supervisor;
    const blockedUntil = error.code === "CONN_003" ? pace.block(account, delivery.target, error) : undefined;
    if (error.code === "CONN_003") breaker.abandon();
    else if (error.scope === "account" || error.retryable) breaker.failure(now);
    else breaker.success();
    if (error.scope === "account") account.supervisor.sawFailure(error);
    if (breaker.state(now) === "open") account.supervisor.sawCircuitOpen(error);
    const outcome = judgeFailure(error, {
      attempts: delivery.attempts,
      now,
      policy: account.channel.retry,
      holdUnknown: account.settings.unknownSends === "hold",
      notBefore: Math.max(blockedUntil ?? 0, now + breaker.waitMs(now)),
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
    attempt: number,
    outcome: SendOutcome,
    startedAt: number,
    lost: AbortSignal,
  ): Promise<ClaimedDelivery | undefined> {
    const { clock, onDue, store, telemetry } = this.#ports;
    const now = clock.now();
    const next = this.#waitMs(account, delivery.target) === 0 ? this.pool.keep() : undefined;
    const result = await persist(
      () => store.outbox.settle(lease, delivery.id, attempt, outcome, { now, ...(next && { next }) }),
      this.#ports,
      lost,
    );
    if (attempt > 0) telemetry.attempt(account.ref, outcome.state, now - startedAt);
    if (outcome.state === "sent") telemetry.answered(account.ref, now - delivery.createdAt);
    this.#step(delivery, outcome.state, "error" in outcome ? outcome.error.message : undefined);
    if ("notBefore" in outcome) onDue(outcome.notBefore);
    else if (!next) this.look(account);
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
    await persist(() => store.outbox.giveBack(lease, delivery.id, { notBefore, now }), this.#ports, lost);
    if (notBefore - now >= 1_000) {
      await store.traces.note(delivery.tenant, [
        { subject: delivery.id, at: now, step: why, detail: { until: notBefore } },
      ]);
    }
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
