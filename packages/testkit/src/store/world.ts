/** One tenant of a store under test, with its own clock and short ways to get somewhere. */
import type {
  ClaimedDelivery,
  ClaimedEvent,
  ClaimedTurn,
  Delivery,
  Effect,
  IngestResult,
  NewDelivery,
  NewTurn,
  QueueSettings,
  Settlement,
  SettleResult,
  Store,
  TurnCompletion,
} from "@switchboard/core/ports";
import type { ErrorRecord, MessageId, RawEvent, TenantId } from "@switchboard/domain";
import { ACCOUNT, aDelivery, aRawEvent, aTurn, CHANNEL, COLLECT, claimAs, DAY, NOON, TENANT } from "../factories.ts";

export const FAILURE: ErrorRecord = { code: "AGENT_001", message: "the provider failed", retryable: true };
export const REFUSAL: ErrorRecord = { code: "MSG_004", message: "blocked", retryable: false };
export const SILENCE: ErrorRecord = { code: "MSG_007", message: "no answer", retryable: false, delivered: "unknown" };

export class World {
  readonly store: Store;
  readonly tenant: TenantId;
  now = NOON;

  constructor(store: Store, tenant: TenantId = TENANT) {
    this.store = store;
    this.tenant = tenant;
  }

  /** The same tenant after the store was opened again. */
  in(store: Store): World {
    const world = new World(store, this.tenant);
    world.now = this.now;
    return world;
  }

  ingest(events: readonly RawEvent[], owner?: string): Promise<IngestResult> {
    const { now, tenant } = this;
    const claim = owner === undefined ? {} : { claim: claimAs(owner) };
    return this.store.inbox.ingest(tenant, { channel: CHANNEL, account: ACCOUNT, events, now, ttlMs: DAY, ...claim });
  }

  /** An event of conversation `id`, stored and claimed. */
  async receive(id = "c1", owner = "process-1", raw: Partial<RawEvent> = {}): Promise<ClaimedEvent> {
    const { claimed } = await this.ingest([aRawEvent(id, raw)], owner);
    return given(claimed[0]);
  }

  claimEvents(limit = 10, owner = "process-1"): Promise<readonly ClaimedEvent[]> {
    return this.store.inbox.claim(this.tenant, { ...claimAs(owner), limit, now: this.now });
  }

  settle({ event, lease }: ClaimedEvent, settlement: Partial<Settlement> = {}): Promise<SettleResult> {
    return this.store.inbox.settle(lease, event.id, { state: "handled", now: this.now, ...settlement });
  }

  /** Settles an event of its own with these effects. */
  async apply(...effects: Effect[]): Promise<SettleResult> {
    return this.settle(await this.receive("effects"), { effects });
  }

  /** Queues a turn in the session of conversation `id`. */
  enqueue(id = "c1", turn: Partial<NewTurn> = {}, queue: QueueSettings = COLLECT, owner?: string) {
    const claim = owner === undefined ? undefined : claimAs(owner);
    return this.store.turns.enqueue(this.tenant, aTurn(id, turn), queue, this.now, claim);
  }

  /** A running turn in the session of conversation `id`. */
  async run(id = "c1", turn: Partial<NewTurn> = {}, owner = "process-1"): Promise<ClaimedTurn> {
    const { claimed } = await this.enqueue(id, turn, COLLECT, owner);
    return given(claimed);
  }

  claimTurns(limit = 10, owner = "process-1"): Promise<readonly ClaimedTurn[]> {
    return this.store.turns.claim(this.tenant, { ...claimAs(owner), limit, now: this.now });
  }

  complete({ lease, turn }: ClaimedTurn, completion: Partial<TurnCompletion> = {}) {
    const end = { state: "done", entries: [], deliveries: [], now: this.now, ...completion } as const;
    return this.store.turns.complete(lease, turn.id, end);
  }

  /** Queues deliveries. */
  post(...deliveries: NewDelivery[]) {
    return this.store.outbox.enqueue(this.tenant, { deliveries, now: this.now });
  }

  /** A delivery into conversation `id` that is being sent. */
  async sending(id = "c1", delivery: Partial<NewDelivery> = {}, owner = "process-1"): Promise<ClaimedDelivery> {
    const deliveries = [aDelivery(id, delivery)];
    const input = { deliveries, now: this.now, claim: claimAs(owner) };
    const { claimed } = await this.store.outbox.enqueue(this.tenant, input);
    return given(claimed[0]);
  }

  claimDeliveries(limit = 10, owner = "process-1"): Promise<readonly ClaimedDelivery[]> {
    const place = { channel: CHANNEL, account: ACCOUNT };
    return this.store.outbox.claim(this.tenant, { ...claimAs(owner), ...place, limit, now: this.now });
  }

  /** The platform took it. */
  sent({ attempt, delivery, lease }: ClaimedDelivery, ...ids: string[]) {
    const messageIds = (ids.length > 0 ? ids : [`m-${delivery.id}`]) as MessageId[];
    const outcome = { state: "sent", receipt: { messageIds } } as const;
    return this.store.outbox.settle(lease, delivery.id, attempt ?? 0, outcome, { now: this.now });
  }

  /** Nobody knows whether the platform took it. */
  async unanswered({ attempt, delivery, lease }: ClaimedDelivery): Promise<void> {
    const outcome = { state: "unknown", error: SILENCE, notBefore: this.now } as const;
    await this.store.outbox.settle(lease, delivery.id, attempt ?? 0, outcome, { now: this.now });
  }

  /** The platform refused it for good. */
  async refused({ attempt, delivery, lease }: ClaimedDelivery): Promise<void> {
    const outcome = { state: "dead", error: REFUSAL } as const;
    await this.store.outbox.settle(lease, delivery.id, attempt ?? 0, outcome, { now: this.now });
  }

  async delivery(id: Delivery["id"]): Promise<Delivery> {
    return given(await this.store.outbox.get(this.tenant, id));
  }

  /** What lies among the dead letters, newest first. */
  async deadLetters() {
    return (await this.store.deadLetters.list(this.tenant, {})).rows;
  }
}

/** What must be there for the test to make sense. */
export function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the test expected something to be there");
  return value;
}
