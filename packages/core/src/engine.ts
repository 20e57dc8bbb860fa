/** The engine: puts the way of a message together and starts and stops it as one. */
import { randomUUID } from "node:crypto";
import {
  type AccountRef,
  type OutboundContent,
  type RawEvent,
  type SessionKey,
  type Target,
  type TenantId,
  toErrorRecord,
} from "@switchboard/domain";
import type { Config } from "@switchboard/protocol";
import { Pairings } from "./access/pairings.ts";
import { Accounts } from "./accounts/accounts.ts";
import { Installs } from "./accounts/installs.ts";
import { Logins } from "./accounts/logins/logins.ts";
import type { ChannelRegistry } from "./accounts/registry.ts";
import { sealAudit } from "./audit/seals.ts";
import { type AuditVerdict, verifyAudit } from "./audit/verify.ts";
import type { CommandStatus } from "./commands/command.ts";
import { COMMAND_HINTS } from "./commands/commands.ts";
import type { SetupDesk } from "./devices/desk.ts";
import type { Devices } from "./devices/devices.ts";
import type { EngineEvents } from "./events.ts";
import type { ClassifyText } from "./inbox/decision.ts";
import { Inbox } from "./inbox/inbox.ts";
import { Leases } from "./lanes/leases.ts";
import { LimitsOfTenants } from "./limits/tenant-limits.ts";
import { TokenBuckets } from "./limits/token-buckets.ts";
import { Listeners } from "./listeners.ts";
import { composeDeliveries } from "./outbox/compose.ts";
import { Outbox } from "./outbox/outbox.ts";
import { Pace } from "./outbox/pace.ts";
import type {
  AgentRuntimes,
  AuditAnchor,
  Clock,
  InboxEvent,
  LaneKind,
  Log,
  MediaPipeline,
  MediaStore,
  SettleResult,
  Store,
  Telemetry,
  Vault,
} from "./ports/index.ts";
import { localWakeUps, type WakeUp, type WakeUps } from "./ports/index.ts";
import type { Routing } from "./routing/route.ts";
import { Turns } from "./turns/turns.ts";
import { Sweeper } from "./upkeep/sweeper.ts";

/** Lanes that are decided about at the same time: short work, bound by the store. */
const INBOX_CAPACITY = 64;
const OUTBOX_CAPACITY = 64;
/** How long sends may go on after the turns have ended. */
const LAST_SENDS_MS = 5_000;
const DAY_MS = 86_400_000;

export interface EngineOptions {
  readonly store: Store;
  /** Loaded by whoever made it. */
  readonly devices: Devices;
  readonly setupDesk: SetupDesk;
  readonly vault: Vault;
  readonly channels: ChannelRegistry;
  readonly agents: AgentRuntimes;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  /** Complete: every default filled in. */
  readonly config: Pick<Config, "sessions" | "limits" | "turns" | "retention" | "usage">;
  readonly routing: Routing;
  readonly version: string;
  readonly publicUrl?: string | undefined;
  readonly classify?: ClassifyText | undefined;
  /** Absent: no other process works on the store. */
  readonly wakeUps?: WakeUps;
  /** Old files are removed from here. */
  readonly media?: Pick<MediaStore, "prune"> | undefined;
  readonly files: MediaPipeline;
}

export class Engine {
  readonly accounts: Accounts;
  readonly installs: Installs;
  readonly logins: Logins;
  readonly inbox: Inbox;
  readonly turns: Turns;
  readonly outbox: Outbox;
  readonly pairings: Pairings;
  readonly tenantLimits: LimitsOfTenants;
  readonly events: EngineEvents;
  readonly store: Store;
  readonly clock: Clock;
  /** Names this process in leases; new at each start. */
  readonly owner: string = randomUUID();
  readonly startedAt: number;
  readonly #options: EngineOptions;
  readonly #sweeper: Sweeper;
  readonly #wakeUps: WakeUps;
  #routing: Routing;
  #stopListening: (() => void) | undefined;

  constructor(options: EngineOptions) {
    const { clock, config, log, store, telemetry } = options;
    this.#options = options;
    this.#routing = options.routing;
    this.#wakeUps = options.wakeUps ?? localWakeUps();
    this.store = store;
    this.clock = clock;
    this.events = new Listeners(log, "the engine's events");
    this.startedAt = clock.now();
    const { leaseMs } = config.turns;
    const ttlMs = config.limits.messageTtlMs;
    const limits = new TokenBuckets();
    this.tenantLimits = new LimitsOfTenants(store, clock, config.limits.tenant);
    const pace = new Pace(limits, clock, config.limits.platforms);
    const leases = new Leases({ store, clock, log }, leaseMs);
    const base = { store, clock, log, telemetry, events: this.events, leases, owner: this.owner, leaseMs };
    const account = (ref: AccountRef) => this.accounts.get(ref);
    const routing = () => this.#routing;
    const onRoom = () => this.#sweeper.wake();
    const onDue = (at: number) => this.#sweeper.wakeAt(at);

    this.#sweeper = new Sweeper({
      store,
      clock,
      log,
      retention: config.retention,
      media: options.media,
      sealAudit: () => sealAudit({ store, vault: options.vault, clock, log }),
      fill: (kind, ref) => this.#fill(kind, ref),
      fillWaiting: () => this.turns.fillWaiting(),
    });
    this.accounts = new Accounts({
      store,
      vault: options.vault,
      channels: options.channels,
      mostAccounts: async (tenant) => (await this.tenantLimits.of(tenant)).accounts?.hard,
      clock,
      log,
      telemetry,
      files: options.files,
      commands: COMMAND_HINTS,
      publicUrl: options.publicUrl,
      receive: (ref, raw) => this.receive(ref, raw),
      onReady: (ref) => this.#wakeUps.send({ kind: "delivery", ...ref }),
      onStatus: (status) => this.events.emit({ type: "account", status }),
      ...(options.wakeUps && {
        others: { owner: this.owner, tell: (ref) => this.#wakeUps.send({ kind: "account", ...ref }) },
      }),
    });
    this.installs = new Installs({
      accounts: this.accounts,
      store,
      vault: options.vault,
      clock,
      publicUrl: options.publicUrl,
    });
    this.logins = new Logins({
      store,
      vault: options.vault,
      clock,
      log,
      redirectUrl: (channel) => this.installs.redirectUrl(channel),
    });
    this.outbox = new Outbox({ ...base, capacity: OUTBOX_CAPACITY, pace, account, onRoom, onDue });
    this.turns = new Turns({
      ...base,
      capacity: config.turns.concurrency,
      maxAttempts: config.turns.maxAttempts,
      ttlMs,
      agents: options.agents,
      prices: config.usage.prices,
      files: options.files,
      attachmentBytes: config.limits.attachmentBytes,
      pace,
      outbox: this.outbox,
      routing,
      account,
      shared: () => this.accounts.ofSeveralTenants,
      onDue,
      onWaiting: (turn) => this.wake("turn", turn),
    });
    this.pairings = new Pairings({
      store,
      clock,
      limits,
      ttlMs,
      account,
      regrant: (ref, change) => this.accounts.regrant(ref, change),
      claimDelivery: (runtime, target) => this.outbox.request(runtime, target),
      onQueued: (runtime, claimed) => {
        this.outbox.accept(claimed);
        if (claimed.length === 0) this.wake("delivery", runtime.ref);
      },
    });
    this.inbox = new Inbox({
      ...base,
      pairings: this.pairings,
      capacity: INBOX_CAPACITY,
      limits,
      tenantLimits: this.tenantLimits,
      settings: {
        idleMs: config.sessions.idleMinutes * 60_000,
        ttlMs,
        userPerMinute: config.limits.userPerMinute,
        userBurst: config.limits.userBurst,
        inboundCharacters: config.limits.inboundCharacters,
        limitText: config.limits.tenantText,
      },
      routing,
      devices: options.devices,
      setupDesk: options.setupDesk,
      classify: options.classify,
      turns: this.turns.pool,
      claimDelivery: (runtime, target) => this.outbox.request(runtime, target),
      commandStatus: (tenant, session) => this.#commandStatus(tenant, session),
      account,
      onSettled: (result, event) => this.#settled(result, event),
      onRoom,
    });
  }

  get routing(): Routing {
    return this.#routing;
  }

  /** Other agents or bindings: from the next turn on. Nothing that waits is touched (oc#83017). */
  reroute(routing: Routing): void {
    this.#routing = routing;
  }

  /**
   * Takes up what an earlier process left. `exclusive`: no other process can be using this store, so every lease in it
   * is a dead one's.
   */
  async start({ exclusive }: { readonly exclusive: boolean }): Promise<void> {
    const { agents, clock, log, store } = this.#options;
    const broken = await store.upkeep.breakLeases({ now: clock.now(), ...(exclusive && { except: this.owner }) });
    if (broken > 0) log.info({ broken }, "took up the work of a process that ended in the middle of it");
    if (exclusive && this.#options.wakeUps) await store.accounts.freeAll(this.owner);
    await this.accounts.load();
    const failed = (kind: WakeUp["kind"]) => (error: unknown) =>
      log.error({ kind, error: String(error) }, "a wake-up failed");
    const stopListening = this.#wakeUps.listen(({ kind, ...ref }) => {
      const done = kind === "account" ? this.accounts.follow(ref) : this.#fill(kind, ref);
      done.catch(failed(kind));
      if (kind === "turn") this.turns.fillWaiting(ref.tenant).catch(failed(kind));
    });
    const stopWatching = agents.connected?.onRoom((tenant) => {
      this.turns.fillWaiting(tenant).catch(failed("turn"));
    });
    this.#stopListening = () => {
      stopListening();
      stopWatching?.();
    };
    this.#sweeper.start();
  }

  /**
   * Connects the accounts in the background. To be called when the webhooks can be reached: a platform may call one
   * while it is being told of it.
   */
  connect(): void {
    this.accounts.start();
  }

  /** Stores events of an account. See `AccountContext.receive`. */
  receive(ref: AccountRef, raw: readonly RawEvent[]): Promise<void> {
    return this.inbox.receive(ref, raw);
  }

  /** Says that a lane of this account may have work, e.g. after a replay. */
  wake(kind: LaneKind, ref: AccountRef): void {
    this.#wakeUps.send({ kind, ...ref });
  }

  /**
   * Queues a message of the gateway's own, once for a key. `expiresAt`, in Unix milliseconds: no later than that; default
   * as other messages. @throws CFG_003, MSG_003, MSG_008.
   */
  async post(
    ref: AccountRef,
    {
      content,
      expiresAt = Number.POSITIVE_INFINITY,
      key,
      target,
    }: {
      readonly target: Target;
      readonly content: OutboundContent;
      readonly key: string;
      readonly expiresAt?: number | undefined;
    },
  ): Promise<void> {
    const account = this.accounts.require(ref);
    const now = this.clock.now();
    const deliveries = composeDeliveries({
      channel: account.channel,
      account: ref.account,
      target,
      content,
      kind: "notice",
      priority: "high",
      expiresAt: Math.min(expiresAt, now + this.#options.config.limits.messageTtlMs),
    });
    await this.store.outbox.enqueue(ref.tenant, { deliveries, idempotencyKey: key, now });
    this.wake("delivery", ref);
  }

  /** Whether the tenant's audit log is what was written; `noted`: a head that was written down elsewhere. */
  verifyAudit(tenant: TenantId, noted?: AuditAnchor): Promise<AuditVerdict> {
    const { config, vault } = this.#options;
    const keptMs = config.retention.auditDays * DAY_MS;
    return verifyAudit({ store: this.store, vault, clock: this.clock }, tenant, { keptMs, noted });
  }

  /** Says that something becomes due at that time, e.g. a scheduled message. */
  wakeAt(at: number): void {
    this.#sweeper.wakeAt(at);
  }

  /** Stops a session's queued and running turns, or one run of it. */
  async stopRun(tenant: TenantId, session: SessionKey, run?: string): Promise<{ stopped: readonly string[] }> {
    const now = this.clock.now();
    const { cancelled, running } = await this.store.turns.stop(tenant, {
      session,
      now,
      ...(run !== undefined && { run }),
    });
    this.turns.stop(running);
    this.turns.cancelled(tenant, cancelled);
    return { stopped: [...cancelled.map(({ id }) => id), ...running] };
  }

  /**
   * Ends in good order: claims nothing new but goes on storing what arrives, lets running turns end or gives them
   * back, sends what is being sent, disconnects (oc#51620).
   */
  async stop(): Promise<void> {
    const { config, log, store } = this.#options;
    const busy = this.turns.pool.active + this.inbox.pool.active + this.outbox.pool.active;
    if (busy > 0) log.info({ busy, upToMs: config.turns.drainMs }, "finishing what is under way");
    this.accounts.stopStarting();
    await this.logins.stop();
    await this.#sweeper.stop();
    this.#stopListening?.();
    const working = Promise.all([this.inbox.pool.drain(), this.turns.pool.drain()]);
    if (!(await this.#within(config.turns.drainMs, working))) {
      this.turns.interruptAll();
      await this.#within(LAST_SENDS_MS, working);
    }
    await this.#within(LAST_SENDS_MS, this.outbox.pool.drain());
    await this.accounts.stop();
    try {
      await store.upkeep.releaseOwner(this.owner, this.clock.now());
    } catch (error) {
      log.warn({ error: toErrorRecord(error) }, "the work in hand could not be given back; the next start takes it up");
    }
  }

  async #within(ms: number, work: Promise<unknown>): Promise<boolean> {
    let cancel = () => {};
    const late = new Promise<boolean>((resolve) => {
      cancel = this.clock.after(ms, () => resolve(false));
    });
    const inTime = await Promise.race([work.then(() => true), late]);
    cancel();
    return inTime;
  }

  async #fill(kind: LaneKind, ref: AccountRef): Promise<void> {
    const { store } = this.#options;
    const now = this.clock.now();
    switch (kind) {
      case "inbox":
        await this.inbox.pool.fill(ref.tenant, (input) => store.inbox.claim(ref.tenant, { ...input, now }));
        return;
      case "turn":
        await this.turns.fill(ref.tenant);
        return;
      case "delivery": {
        const account = this.accounts.get(ref);
        if (account) await this.outbox.fill(account);
      }
    }
  }

  #settled({ turns, stopping, cancelled, claimedDeliveries }: SettleResult, event: InboxEvent): void {
    this.turns.stop(stopping);
    this.turns.cancelled(event.tenant, cancelled);
    this.outbox.accept(claimedDeliveries);
    for (const { claimed, dueAt } of turns) {
      if (claimed) this.turns.pool.accept([claimed]);
      else if (dueAt > this.clock.now()) this.#sweeper.wakeAt(dueAt);
      else this.wake("turn", event);
    }
  }

  async #commandStatus(tenant: TenantId, key: SessionKey): Promise<CommandStatus> {
    const [session, waiting] = await Promise.all([
      this.store.sessions.get(tenant, key),
      this.store.turns.list(tenant, { session: key, states: ["queued"], limit: 500 }),
    ]);
    return {
      version: this.#options.version,
      uptimeMs: this.clock.now() - this.startedAt,
      queued: waiting.rows.length,
      ...(session && { session: { startedAt: session.createdAt, entries: session.entries } }),
    };
  }
}
