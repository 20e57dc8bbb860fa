/**
 * The inbox: stores what platforms send before anyone says "ok", then decides event by event, in order within a
 * conversation, side by side across conversations.
 */
import {
  type AccountRef,
  type InboundEvent,
  type RawEvent,
  SwitchboardError,
  type TenantId,
  toErrorRecord,
  toSwitchboardError,
} from "@switchboard/domain";
import type { AccountRuntime } from "../accounts/runtime.ts";
import type { EngineEvents } from "../events.ts";
import type { Leases } from "../lanes/leases.ts";
import { persist } from "../lanes/persist.ts";
import { LanePool } from "../lanes/pool.ts";
import type {
  ClaimedEvent,
  ClaimedTurn,
  Counts,
  InboxEvent,
  Quota,
  Settlement,
  SettleResult,
  Telemetry,
} from "../ports/index.ts";
import { inboxLane } from "../routing/lanes.ts";
import { decide } from "./decide.ts";
import type { Decision, DecisionPorts } from "./decision.ts";
import { previewOf } from "./describe.ts";
import { limitEntry, setAside } from "./limit-reached.ts";
import { mediaBytes } from "./media-bytes.ts";

/** How often deciding about an event may fail for reasons of our own before it is set aside. */
const MAX_ATTEMPTS = 5;
/** How often an event of an account that is not there or cannot run is looked at again. */
const NO_ACCOUNT_MS = 10_000;
/** How far ahead a platform's clock may be. */
const WRONG_CLOCK_MS = 86_400_000;

type Verdict = Omit<Settlement, "now" | "next">;

export interface InboxPorts extends DecisionPorts {
  readonly owner: string;
  readonly leaseMs: number;
  readonly capacity: number;
  readonly leases: Leases;
  readonly telemetry: Telemetry;
  readonly events: EngineEvents;
  /** Where turns run: reserved from while an event is settled. */
  readonly turns: Pick<LanePool<ClaimedTurn>, "reserve" | "release">;
  account(ref: AccountRef): AccountRuntime | undefined;
  /** Takes over what a settlement made and claimed. */
  onSettled(result: SettleResult, event: InboxEvent): void;
  onRoom(): void;
}

export class Inbox {
  readonly pool: LanePool<ClaimedEvent>;
  readonly #ports: InboxPorts;

  constructor(ports: InboxPorts) {
    this.#ports = ports;
    this.pool = new LanePool<ClaimedEvent>({
      kind: "inbox",
      owner: ports.owner,
      leaseMs: ports.leaseMs,
      capacity: ports.capacity,
      leases: ports.leases,
      log: ports.log,
      work: (claimed, lost) => this.#process(claimed, lost),
      rescue: (claimed, thrown, lost) => this.#rescue(claimed, thrown, lost),
      shared: () => false,
      onRoom: ports.onRoom,
    });
  }

  /** Resolves when the events are stored. Rejects with STORE_*: then nothing is, and the platform must not be told "ok". */
  async receive(ref: AccountRef, raw: readonly RawEvent[]): Promise<void> {
    const { clock, events, store, telemetry } = this.#ports;
    const now = clock.now();
    const claim = this.pool.request(ref.tenant);
    const { results, claimed } = await store.inbox.ingest(ref.tenant, {
      channel: ref.channel,
      account: ref.account,
      events: raw.map((event) => ({ ...event, lane: inboxLane(ref.channel, ref.account, event.lane) })),
      now,
      ttlMs: this.#ports.settings.ttlMs,
      ...(claim && { claim }),
    });
    let duplicates = 0;
    for (const { id, duplicate } of results) {
      if (duplicate) duplicates += 1;
      if (events.heard) {
        const step = duplicate ? "duplicate" : "received";
        events.emit({ type: "step", tenant: ref.tenant, at: now, step, event: id, account: ref });
      }
    }
    telemetry.received(ref, results.length, duplicates);
    this.pool.accept(claimed);
  }

  async #process(claimed: ClaimedEvent, lost: AbortSignal): Promise<ClaimedEvent | undefined> {
    return this.#settle(claimed, await this.#settlement(claimed.event), lost);
  }

  async #settle(
    { lease, event }: ClaimedEvent,
    verdict: Verdict,
    lost: AbortSignal,
  ): Promise<ClaimedEvent | undefined> {
    const { clock, onSettled, store, telemetry, turns } = this.#ports;
    const within = verdict.counts ? await this.#ports.tenantLimits.quotas(event.tenant, verdict) : [];
    const { places, settlement } = this.#reserving(event.tenant, { ...verdict, ...(within.length > 0 && { within }) });
    try {
      const next = this.pool.keep(event.tenant);
      const now = clock.now();
      const result = await persist(
        () => store.inbox.settle(lease, event.id, { ...settlement, now, ...(next && { next }) }),
        this.#ports,
        lost,
      );
      if (result.refused) {
        const refused = await this.#refused(event, verdict, result.refused);
        return await this.#settle({ lease, event }, refused, lost);
      }
      for (const quota of result.beyond ?? []) await this.#warn(event, quota);
      telemetry.settled(event, settlement.state);
      if (settlement.state !== "retry") telemetry.admission(now - event.receivedAt);
      this.#report(event, settlement, now);
      onSettled(result, event);
      return result.next;
    } finally {
      if (places > 0) turns.release(event.tenant, places);
    }
  }

  async #refused(stored: InboxEvent, verdict: Verdict, quota: Quota): Promise<Verdict> {
    const account = this.#ports.account(stored);
    if (!account) return this.#withoutAccount(stored);
    const event = normalise(stored, account).find(({ kind }) => kind === verdict.kind);
    return setAside(verdict, quota, event, { stored, account }, this.#ports);
  }

  /** Told once a day, or once a month; nothing of the message depends on it. */
  async #warn({ tenant }: InboxEvent, quota: Quota): Promise<void> {
    const { clock, log, store } = this.#ports;
    const { limit, most, since } = quota;
    try {
      if (!(await store.usage.noteFirst(tenant, `soft/${limit}`, since))) return;
      log.warn({ tenant, limit, most }, "a tenant is beyond a soft limit");
      await store.audit.append(tenant, limitEntry(quota, clock.now()));
    } catch (error) {
      log.error({ tenant, limit, error: String(error) }, "nobody could be warned of a limit");
    }
  }

  /** Turns that are due at once start with the settlement, as far as there is room for them. */
  #reserving(tenant: TenantId, settlement: Verdict): { readonly places: number; readonly settlement: Verdict } {
    const { turns } = this.#ports;
    if (!settlement.effects?.some(({ type }) => type === "turn")) return { places: 0, settlement };
    let places = 0;
    const effects = settlement.effects.map((effect) => {
      const claim = effect.type === "turn" && effect.queue.debounceMs === 0 ? turns.reserve(tenant) : undefined;
      if (claim) places += 1;
      return claim ? { ...effect, claim } : effect;
    });
    return { places, settlement: { ...settlement, effects } };
  }

  async #rescue(claimed: ClaimedEvent, thrown: unknown, lost: AbortSignal): Promise<void> {
    await this.#settle(claimed, this.#failed(claimed.event, thrown), lost);
  }

  /** What becomes of an event. Never throws: an error is one of the answers. */
  async #settlement(stored: InboxEvent): Promise<Verdict> {
    const account = this.#ports.account(stored);
    if (!account) return this.#withoutAccount(stored);
    try {
      const normalised = normalise(stored, account);
      const decisions: Decision[] = [];
      for (const event of normalised) decisions.push(await decide(event, { stored, account }, this.#ports));
      this.#acknowledge(normalised, decisions, account);
      return combine(normalised, decisions);
    } catch (thrown) {
      return this.#failed(stored, thrown);
    }
  }

  #failed(stored: InboxEvent, thrown: unknown): Verdict {
    const error = toSwitchboardError(thrown);
    this.#ports.log.error({ event: stored.id, error: toErrorRecord(error) }, `an event failed: ${error.message}`);
    const passing = error.retryable || error.code === "SYS_005";
    return passing && stored.attempts + 1 < MAX_ATTEMPTS
      ? {
          state: "retry",
          error: toErrorRecord(error),
          notBefore: this.#ports.clock.now() + 1000 * 2 ** stored.attempts,
        }
      : { state: "dead", error: toErrorRecord(error), reason: error.message };
  }

  /** A configuration that is wrong for a while costs no message: it waits for its account as long as it lives (oc#83017). */
  #withoutAccount(stored: InboxEvent): Verdict {
    const now = this.#ports.clock.now();
    if (now < stored.expiresAt) {
      return { state: "retry", reason: "waiting-for-account", notBefore: now + NO_ACCOUNT_MS };
    }
    const { channel, account } = stored;
    const error = new SwitchboardError("CFG_003", `There is no account ${channel}:${account} that can run.`);
    this.#ports.log.error({ event: stored.id, error: toErrorRecord(error) }, `an event failed: ${error.message}`);
    return { state: "dead", error: toErrorRecord(error), reason: error.message };
  }

  /** Platforms that wait for an answer to a press get it, whatever was decided. Best effort: nothing depends on it. */
  #acknowledge(events: readonly InboundEvent[], decisions: readonly Decision[], account: AccountRuntime): void {
    for (const [index, event] of events.entries()) {
      if ((event.kind !== "control" && event.kind !== "command") || event.callback === undefined) continue;
      account.connection?.acknowledge?.(event.callback, decisions[index]?.note).catch((error: unknown) => {
        this.#ports.log.debug({ error: toErrorRecord(error) }, "a press could not be acknowledged");
      });
    }
  }

  #report(event: InboxEvent, settlement: Verdict, at: number): void {
    const { events } = this.#ports;
    if (!events.heard) return;
    for (const effect of settlement.effects ?? []) {
      if (effect.type !== "note" || effect.entry.role !== "notice") continue;
      const { entry, session } = effect;
      events.emit({ type: "notice", tenant: event.tenant, key: event.key, session, entry });
    }
    events.emit({
      type: "step",
      tenant: event.tenant,
      at,
      step: settlement.state,
      event: event.id,
      key: event.key,
      account: event,
      ...(settlement.session && { session: settlement.session }),
      ...(settlement.reason && { detail: { reason: settlement.reason } }),
    });
  }
}

function normalise(stored: InboxEvent, account: AccountRuntime): readonly InboundEvent[] {
  const payload: RawEvent["payload"] = JSON.parse(stored.payload);
  try {
    const events = account.channel.normalise(
      { key: stored.key, lane: stored.lane, priority: stored.priority, payload },
      { account: account.ref.account, ...(account.self && { self: account.self }), config: account.config },
    );
    return events.map((event) =>
      isPlausible(event.at, stored.receivedAt) ? event : { ...event, at: stored.receivedAt },
    );
  } catch (thrown) {
    throw toSwitchboardError(thrown, "MSG_001");
  }
}

/** Dates come from outside: what is no whole millisecond, or lies after any wrong clock, says nothing. */
function isPlausible(at: number, receivedAt: number): boolean {
  return Number.isSafeInteger(at) && at > 0 && at <= receivedAt + WRONG_CLOCK_MS;
}

/** One settlement for all the events of one update. What was admitted outweighs what was ignored. */
function combine(events: readonly InboundEvent[], decisions: readonly Decision[]): Verdict {
  const rank = ["ignored", "denied", "handled", "admitted"] as const;
  const [first, ...others] = decisions;
  if (!first) return { state: "ignored", reason: "empty-update" };
  const main = others.reduce(
    (best, each) => (rank.indexOf(each.state) > rank.indexOf(best.state) ? each : best),
    first,
  );
  const event = events[decisions.indexOf(main)];
  const counts = countsOf(events, decisions);
  return {
    state: main.state,
    effects: decisions.flatMap(({ effects }) => effects ?? []),
    ...(counts && { counts }),
    ...(main.reason !== undefined && { reason: main.reason }),
    ...(main.session && { session: main.session }),
    ...(event && { kind: event.kind, preview: previewOf(event) }),
  };
}

/** What of an update counts as said by people who were let in. */
function countsOf(events: readonly InboundEvent[], decisions: readonly Decision[]): Counts | undefined {
  let [messagesIn, mediaIn] = [0, 0];
  for (const [index, event] of events.entries()) {
    const state = decisions[index]?.state;
    if (state !== "admitted" && state !== "handled") continue;
    if (event.kind !== "message" && event.kind !== "command" && event.kind !== "control") continue;
    messagesIn += 1;
    if (event.kind === "message") mediaIn += mediaBytes(event);
  }
  return messagesIn > 0 ? { messagesIn, mediaIn } : undefined;
}
