/** One random sequence: takes each step in the store and in the model, and compares what comes of it. */
import type { ClaimRequest, Effect, Lease, NewDelivery, SendOutcome, Store } from "@switchboard/core/ports";
import type { DeliveryId, InboxId, MessageId, RawEvent, TurnId } from "@switchboard/domain";
import { expect } from "vitest";
import { aDelivery, aRawEvent, aSessionKey, aTurn, COLLECT, claimAs, DAY, FOLLOWUP } from "../factories.ts";
import { isLost } from "./expectations.ts";
import { type Hold, type Item, Model } from "./model.ts";
import type { Step } from "./steps.ts";
import type { OpenedStore } from "./suite.ts";
import { FAILURE, given, REFUSAL, SILENCE, World } from "./world.ts";

const LEASE_MS = 2_000;
const LATER = 400 * DAY;

type Settle = Extract<Step, { do: "settle" }>;
interface Claimed {
  readonly lease: Lease;
  readonly id: string;
  readonly attempt: number | undefined;
}

export class Run {
  readonly #opened: OpenedStore;
  #world: World;
  readonly #model = new Model();
  readonly #raws: { readonly raw: RawEvent; readonly id: string }[] = [];
  readonly #epochs = new Set<number>();

  constructor(opened: OpenedStore) {
    this.#opened = opened;
    this.#world = new World(opened.store);
  }

  get #store(): Store {
    return this.#world.store;
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case "receive":
        return this.#receive(
          step.lanes.map((lane) => aRawEvent(`c${lane}`)),
          step.owner,
        );
      case "resend":
        return this.#resend(step.index, step.owner);
      case "claim":
        return this.#claim(step.kind, step.owner, step.limit);
      case "settle":
        return this.#settle(step);
      case "give-back":
        return this.#giveBack(step.index);
      case "schedule":
        return this.#schedule(step.lane, step.ms);
      case "cancel":
        return this.#cancel(step.index);
      case "replay":
        return this.#replay(step.index);
      case "break":
        return this.#break(step.except ?? undefined);
      case "wait":
        this.#world.now += step.ms;
        return;
      case "tick": {
        const promoted = this.#model.promote(this.#world.now);
        expect(await this.#store.upkeep.tick(this.#world.now)).toEqual({ promoted, expired: 0 });
        return;
      }
      case "look":
        return this.#look();
      case "reopen":
        this.#world = this.#world.in(await this.#opened.reopen());
        return;
    }
  }

  /** Works off all that is left, and compares every row with what the model says of it. Returns how many there are. */
  async finish(): Promise<number> {
    this.#world.now += LATER / 2;
    await this.#break("nobody");
    await this.take({ do: "tick" });
    for (let idle = false; !idle; ) {
      const before = this.#model.holds.length;
      for (const kind of ["inbox", "turn", "delivery"] as const) {
        await this.#claim(kind, "process-9", 100);
        for (const hold of this.#model.holds.filter(({ state }) => state === "held")) {
          const ends = {
            do: "settle",
            index: 0,
            how: "done",
            makes: "nothing",
            lane: 0,
            claims: false,
            keeps: true,
          } as const;
          await this.#end(hold, ends);
        }
      }
      idle = this.#model.holds.length === before;
    }
    for (const item of this.#model.items) expect(await this.#rowState(item), item.id).toBe(item.state);
    expect(this.#model.items.every(({ state }) => state === "done" || state === "dead")).toBe(true);
    expect(await this.#store.upkeep.ready(this.#world.now + LATER)).toEqual([]);
    return this.#model.items.length;
  }

  async #receive(raws: readonly RawEvent[], owner: string | null): Promise<void> {
    const { claimed, results } = await this.#world.ingest(raws, owner ?? undefined);
    for (const [index, { duplicate, id }] of results.entries()) {
      const raw = given(raws[index]);
      expect(duplicate).toBe(false);
      this.#raws.push({ raw, id });
      this.#model.add("inbox", id, raw.lane, this.#world.now);
    }
    this.#took(
      "inbox",
      claimed.map(eventOf),
      owner ? claimAs(owner) : undefined,
      raws.map(({ lane }) => lane),
    );
  }

  /** The platform repeats itself: only what lies among the dead letters comes back. */
  async #resend(index: number, owner: string | null): Promise<void> {
    const known = this.#raws[index % Math.max(1, this.#raws.length)];
    if (!known) return;
    const item = this.#model.get(known.id);
    const revived = item.state === "dead";
    const { claimed, results } = await this.#world.ingest([known.raw], owner ?? undefined);
    expect(results).toEqual([{ id: item.id, duplicate: !revived }]);
    if (revived) Object.assign(item, { state: "waiting", dueAt: this.#world.now });
    const claim = owner && revived ? claimAs(owner) : undefined;
    this.#took("inbox", claimed.map(eventOf), claim, [item.lane]);
  }

  async #claim(kind: Item["kind"], owner: string, limit: number): Promise<void> {
    const possible = this.#model.claimable(kind, this.#world.now);
    const claimed = await this.#ask(kind, owner, limit);
    expect(claimed).toHaveLength(Math.min(limit, possible.length));
    for (const each of claimed) this.#check(kind, each, LEASE_MS_OF_CLAIMS);
  }

  async #ask(kind: Item["kind"], owner: string, limit: number): Promise<Claimed[]> {
    switch (kind) {
      case "inbox":
        return (await this.#world.claimEvents(limit, owner)).map(eventOf);
      case "turn":
        return (await this.#world.claimTurns(limit, owner)).map(({ inputs, lease, turn }) => {
          expect(inputs).toHaveLength(this.#model.get(turn.id).inputs);
          return { lease, id: turn.id, attempt: undefined };
        });
      case "delivery":
        return (await this.#world.claimDeliveries(limit, owner)).map(({ attempt, delivery, lease, unknown }) => {
          expect(unknown !== undefined).toBe(this.#model.get(delivery.id).unknown === true);
          return { lease, id: delivery.id, attempt };
        });
    }
  }

  async #settle(step: Settle): Promise<void> {
    const hold = this.#pick(step.index);
    if (!hold) return;
    await this.#end(hold, step);
  }

  /** Ends the work on what somebody holds; under a lease that is gone it must fail and change nothing. */
  async #end(hold: Hold, step: Settle): Promise<void> {
    const before = await this.#rowState(hold.item);
    try {
      if (hold.item.kind === "inbox") await this.#endEvent(hold, step);
      else if (hold.item.kind === "turn") await this.#endTurn(hold, step);
      else await this.#endDelivery(hold, step);
    } catch (error) {
      if (!isLost(error)) throw error;
      expect(hold.state).not.toBe("held");
      expect(await this.#rowState(hold.item)).toBe(before);
      return;
    }
  }

  async #endEvent(hold: Hold, step: Settle): Promise<void> {
    const { now } = this.#world;
    const turn = aTurn(`c${step.lane}`, { expiresAt: now + LATER });
    const deliveries = [1, 2].map(() => aDelivery(`c${step.lane}`, { expiresAt: now + LATER }));
    const claim = step.claims ? claimAs("process-1", LEASE_MS) : undefined;
    const queue = step.makes === "joined" ? COLLECT : FOLLOWUP;
    const effects: Effect[] =
      step.makes === "turn" || step.makes === "joined"
        ? [{ type: "turn", turn, queue, ...(claim && { claim }) }]
        : step.makes === "deliveries"
          ? [{ type: "deliver", deliveries, ...(claim && { claim }) }]
          : [];
    const next = step.keeps ? claimAs(hold.lease.owner, LEASE_MS) : undefined;
    const state = step.how === "again" ? "retry" : step.how === "dead" ? "dead" : "handled";
    const result = await this.#store.inbox.settle(hold.lease, hold.item.id as InboxId, {
      state,
      effects,
      now,
      ...(step.how === "again" && { notBefore: now + 500 }),
      ...(next && { next }),
    });
    expect(hold.state).toBe("held");
    this.#model.settle(
      hold,
      state === "retry" ? "waiting" : state === "dead" ? "dead" : "done",
      now + (state === "retry" ? 500 : 0),
    );
    const [made] = result.turns;
    if (made) this.#queued(turn.id, made, aSessionKey(`c${step.lane}`), step.makes === "joined", claim);
    if (step.makes === "deliveries") {
      const claimed = result.claimedDeliveries.map(deliveryOf);
      this.#posted(deliveries, claimed, claim);
    }
    this.#took("inbox", result.next ? [eventOf(result.next)] : [], next, [hold.item.lane]);
  }

  #queued(
    id: TurnId,
    made: {
      readonly id: TurnId;
      readonly joined: boolean;
      readonly claimed?: { readonly lease: Lease; readonly turn: { readonly id: string } };
    },
    lane: string,
    collects: boolean,
    claim: ClaimRequest | undefined,
  ): void {
    const last = this.#model.last("turn", lane);
    expect(made.joined).toBe(collects && last?.state === "waiting");
    if (last && made.joined) {
      expect(made.id).toBe(last.id);
      last.inputs += 1;
    } else {
      expect(made.id).toBe(id);
      this.#model.add("turn", id, lane, this.#world.now);
    }
    const { claimed } = made;
    this.#took("turn", claimed ? [{ lease: claimed.lease, id: claimed.turn.id, attempt: undefined }] : [], claim, [
      lane,
    ]);
  }

  async #endTurn(hold: Hold, step: Settle): Promise<void> {
    const { now } = this.#world;
    if (step.how === "again") {
      const input = { error: FAILURE, notBefore: now + 500, now };
      await this.#store.turns.giveBack(hold.lease, hold.item.id as TurnId, input);
      expect(hold.state).toBe("held");
      this.#model.settle(hold, "waiting", now + 500);
      return;
    }
    const makes = step.makes !== "nothing";
    const deliveries = makes ? [1, 2].map(() => aDelivery(`c${step.lane}`, { expiresAt: now + LATER })) : [];
    const claim = step.claims ? claimAs("process-2", LEASE_MS) : undefined;
    const next = step.keeps ? claimAs(hold.lease.owner, LEASE_MS) : undefined;
    const state = step.how === "dead" ? "failed" : "done";
    const result = await this.#store.turns.complete(hold.lease, hold.item.id as TurnId, {
      state,
      entries: [{ role: "assistant", text: hold.item.id, at: now }],
      deliveries,
      now,
      ...(claim && { claimDeliveries: claim }),
      ...(next && { next }),
    });
    expect(hold.state).toBe("held");
    this.#model.settle(hold, state === "failed" ? "dead" : "done");
    this.#posted(deliveries, result.claimedDeliveries.map(deliveryOf), claim);
    const nextTurn = result.next && { lease: result.next.lease, id: result.next.turn.id, attempt: undefined };
    this.#took("turn", nextTurn ? [nextTurn] : [], next, [hold.item.lane]);
  }

  async #endDelivery(hold: Hold, step: Settle): Promise<void> {
    const { now } = this.#world;
    const id = hold.item.id as DeliveryId;
    // Half of the unknown ones are sent again, the others found out about.
    const begins = hold.attempt === undefined && step.claims;
    const attempt = begins
      ? await this.#store.outbox.begin(hold.lease, id, { now, markedDuplicate: true })
      : (hold.attempt ?? 0);
    const outcome: SendOutcome =
      step.how === "again"
        ? { state: "retry", error: FAILURE, notBefore: now + 500, counts: true }
        : step.how === "dead"
          ? { state: "dead", error: REFUSAL }
          : step.how === "unknown"
            ? { state: "unknown", error: SILENCE, notBefore: now + 500 }
            : { state: "sent", receipt: { messageIds: [`m-${id}` as MessageId] } };
    const next = step.keeps ? claimAs(hold.lease.owner, LEASE_MS) : undefined;
    const result = await this.#store.outbox.settle(hold.lease, id, attempt, outcome, { now, ...(next && { next }) });
    expect(hold.state).toBe("held");
    const waits = step.how === "again" || step.how === "unknown";
    this.#model.settle(hold, waits ? "waiting" : step.how === "dead" ? "dead" : "done", now + (waits ? 500 : 0));
    // What was given up without another attempt is as uncertain as before, also after a replay.
    hold.item.unknown = step.how === "unknown" || (step.how === "dead" && attempt === 0);
    this.#took("delivery", result.next ? [deliveryOf(result.next)] : [], next, [hold.item.lane]);
  }

  #posted(deliveries: readonly NewDelivery[], claimed: readonly Claimed[], claim: ClaimRequest | undefined): void {
    for (const { id, lane } of deliveries) this.#model.add("delivery", id, lane, this.#world.now);
    this.#took(
      "delivery",
      claimed,
      claim,
      deliveries.map(({ lane }) => lane),
    );
  }

  async #giveBack(index: number): Promise<void> {
    const hold = this.#pick(index);
    if (!hold || hold.item.kind === "inbox") return;
    const input = { notBefore: this.#world.now, now: this.#world.now };
    try {
      if (hold.item.kind === "turn") await this.#store.turns.giveBack(hold.lease, hold.item.id as TurnId, input);
      else await this.#store.outbox.giveBack(hold.lease, hold.item.id as DeliveryId, input);
    } catch (error) {
      if (!isLost(error)) throw error;
      expect(hold.state).not.toBe("held");
      return;
    }
    expect(hold.state).toBe("held");
    this.#model.settle(hold, "waiting", this.#world.now);
  }

  async #schedule(lane: number, ms: number): Promise<void> {
    const dueAt = this.#world.now + ms;
    const delivery = aDelivery(`c${lane}`, { dueAt, expiresAt: dueAt + LATER });
    await this.#world.post(delivery);
    this.#model.add("delivery", delivery.id, delivery.lane, dueAt, true);
  }

  async #cancel(index: number): Promise<void> {
    const deliveries = this.#model.items.filter(({ kind }) => kind === "delivery");
    const item = deliveries[index % Math.max(1, deliveries.length)];
    if (!item) return;
    const held = this.#model.holder("delivery", item.lane) !== undefined;
    const idle = item.state === "scheduled" || (item.state === "waiting" && !(item.unknown && held));
    const cancelled = await this.#store.outbox.cancel(this.#world.tenant, item.id as DeliveryId, this.#world.now);
    expect(cancelled).toBe(idle);
    if (idle) item.state = "done";
  }

  async #replay(index: number): Promise<void> {
    const { now, tenant } = this.#world;
    const letters = await this.#world.deadLetters();
    const dead = this.#model.items.filter(({ state }) => state === "dead");
    expect(letters.map(({ subject }) => subject as string).sort()).toEqual(dead.map(({ id }) => id).sort());
    const letter = letters[index % Math.max(1, letters.length)];
    if (!letter) return;
    expect(await this.#store.deadLetters.replay(tenant, letter.id, { now, ttlMs: LATER })).toBe(true);
    expect(await this.#store.deadLetters.replay(tenant, letter.id, { now, ttlMs: LATER })).toBe(false);
    Object.assign(this.#model.get(letter.subject), { state: "waiting", dueAt: now });
  }

  async #break(except: string | undefined): Promise<void> {
    const { now } = this.#world;
    const broken = this.#model.breakLeases(now, except);
    const input = { now, ...(except !== undefined && { except }) };
    expect(await this.#store.upkeep.breakLeases(input)).toBe(broken);
  }

  /** Figures and lists agree with the model. */
  async #look(): Promise<void> {
    const { now } = this.#world;
    const { queues, scheduled } = await this.#store.upkeep.stats(now);
    const count =
      (...states: Item["state"][]) =>
      (kind: Item["kind"]) =>
        this.#model.items.filter((item) => item.kind === kind && states.includes(item.state)).length;
    const depth = count("waiting", "held");
    expect([queues.inbox.depth, queues.turn.depth, queues.delivery.depth]).toEqual(
      (["inbox", "turn", "delivery"] as const).map(depth),
    );
    expect(scheduled).toBe(count("scheduled")("delivery"));
    const ready = await this.#store.upkeep.ready(now);
    const lanes = Object.fromEntries(ready.map((each) => [each.kind, each.lanes]));
    for (const kind of ["inbox", "turn", "delivery"] as const) {
      expect(lanes[kind] ?? 0).toBe(this.#model.claimable(kind, now).length);
    }
  }

  /** A call that could claim these lanes took what the model says it had to. */
  #took(
    kind: Item["kind"],
    claimed: readonly Claimed[],
    claim: ClaimRequest | undefined,
    lanes: readonly string[],
  ): void {
    const possible = this.#model.claimable(kind, this.#world.now).filter((lane) => lanes.includes(lane));
    expect(claimed.map(({ lease }) => lease.lane).sort()).toEqual(claim ? possible.sort() : []);
    for (const each of claimed) this.#check(kind, each, claim?.leaseMs ?? LEASE_MS);
  }

  /** It is the lane's first, the lane was free, and the epoch is new. */
  #check(kind: Item["kind"], { attempt, id, lease }: Claimed, leaseMs: number): void {
    expect(this.#model.holder(kind, lease.lane)).toBeUndefined();
    expect(id).toBe(this.#model.head(kind, lease.lane)?.id);
    expect(this.#epochs.has(lease.epoch)).toBe(false);
    this.#epochs.add(lease.epoch);
    this.#model.hold(lease, id, attempt, this.#world.now + leaseMs);
  }

  /** Any claim that was ever made, also one that is long gone. */
  #pick(index: number): Hold | undefined {
    const live = this.#model.holds.filter(({ state }) => state === "held");
    const from = index % 4 === 0 ? this.#model.holds : live;
    return from[index % Math.max(1, from.length)];
  }

  async #rowState(item: Item): Promise<string> {
    const { tenant } = this.#world;
    if (item.kind === "inbox") {
      const { state } = given(await this.#store.inbox.get(tenant, item.id as InboxId));
      return state === "new" ? "waiting" : state === "dead" ? "dead" : "done";
    }
    if (item.kind === "turn") {
      const { state } = given(await this.#store.turns.get(tenant, item.id as TurnId));
      return state === "queued" || state === "running" ? state : state === "failed" ? "dead" : "done";
    }
    const { state } = await this.#world.delivery(item.id as DeliveryId);
    return state === "dead" ? "dead" : ["sent", "cancelled"].includes(state) ? "done" : state;
  }
}

/** `World` claims with its factories' lease. */
const LEASE_MS_OF_CLAIMS = claimAs().leaseMs;

function eventOf({ event, lease }: { readonly event: { readonly id: string }; readonly lease: Lease }): Claimed {
  return { lease, id: event.id, attempt: undefined };
}

function deliveryOf(claimed: {
  readonly lease: Lease;
  readonly delivery: { readonly id: string };
  readonly attempt?: number;
}): Claimed {
  return { lease: claimed.lease, id: claimed.delivery.id, attempt: claimed.attempt };
}
