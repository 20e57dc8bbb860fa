/**
 * Keeps one account connected (CONN-1, CONN-2). It alone starts and stops connections; each start has a generation,
 * and whatever an older generation says is ignored, so two sockets can never fight.
 */
import {
  type AccountContext,
  type AccountRef,
  type Channel,
  type Connection,
  type Evidence,
  type RawEvent,
  type SelfIdentity,
  SwitchboardError,
  type Transport,
  toErrorRecord,
  toSwitchboardError,
} from "@switchboard/domain";
import {
  type Clock,
  type ConnectionState,
  type Log,
  type Store,
  sleep,
  type Telemetry,
  timeLimit,
  type Vault,
} from "../ports/index.ts";
import { MAX_RECONNECTS, reconnectDelayMs } from "./backoff.ts";
import { Breaker, lesser } from "./breaker.ts";
import type { Claims } from "./claims.ts";
import { accountMemory, sealedMemory } from "./memory.ts";
import type { AccountStatus } from "./status.ts";

const CONNECT_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT = `No connection within ${CONNECT_TIMEOUT_MS / 1000} s.`;
/** How long a webhook call waits for the very first connection to tell who the account is. */
const IDENTITY_TIMEOUT_MS = 5_000;
const PROBE_EVERY_MS = 30_000;
const PROBE_TIMEOUT_MS = 15_000;
/** One failed probe may be a hiccup; two in a row are an outage. */
const PROBES_TO_LOSE = 2;
/** After the tenth failure an outage is only looked at this often, so that the account comes back by itself one day. */
const REVIVE_EVERY_MS = 15 * 60_000;
/** How many events of the webhook wait for a connection to hear of them. */
const MOST_UNHEARD = 1_000;

export interface SupervisorPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly vault: Vault;
  /** Stores events of this account durably. */
  receive(ref: AccountRef, events: readonly RawEvent[]): Promise<void>;
  readonly openAttachment: AccountContext["openAttachment"];
  readonly publish?: AccountContext["publish"] | undefined;
  readonly commands: AccountContext["commands"];
  readonly webhook?: AccountContext["webhook"];
  /** The account can send now. */
  onReady(ref: AccountRef): void;
  onStatus(ref: AccountRef, status: AccountStatus): void;
  /** Which node runs the account; absent: this one. */
  readonly claims?: Pick<Claims, "take" | "release"> | undefined;
  /** Another node runs the account; called whenever that is found anew. */
  onStandBy(): void;
}

export interface SupervisedAccount {
  readonly ref: AccountRef;
  readonly channel: Channel;
  /** Valid against the channel's schema, secrets included. */
  readonly config: unknown;
  readonly self?: SelfIdentity | undefined;
}

export class Supervisor {
  readonly ref: AccountRef;
  readonly channel: Channel;
  /** Of sends; the connection has its own, because one says little about the other. */
  readonly sends = new Breaker();
  readonly #config: unknown;
  readonly #ports: SupervisorPorts;
  readonly #log: Log;

  #state: ConnectionState = "DISCONNECTED";
  #generation = 0;
  #connection: Connection | undefined;
  /** Opened, but perhaps not connected. */
  #opened: Connection | undefined;
  readonly #unheard: RawEvent[] = [];
  #self: SelfIdentity | undefined;
  #transport: Transport | undefined;
  #note: string | undefined;
  #lastError: AccountStatus["lastError"];
  /** In a row, without a connection that lasted between them. */
  #failures = 0;
  #breaker = new Breaker();
  #reconnects = 0;
  #times: { -readonly [Name in keyof AccountStatus["times"]]: AccountStatus["times"][Name] } = {};
  #evidence: Evidence | undefined;
  #stop: AbortController | undefined;
  #retired = false;
  /** Another node runs the account. */
  #standsBy = false;
  #elsewhere: AccountStatus | undefined;
  #running: Promise<void> = Promise.resolve();
  readonly #settled = Promise.withResolvers<void>();
  readonly #identified = Promise.withResolvers<SelfIdentity>();

  constructor(account: SupervisedAccount, ports: SupervisorPorts) {
    this.ref = account.ref;
    this.channel = account.channel;
    this.#config = account.config;
    this.#ports = ports;
    if (account.self) this.#identify(account.self);
    this.#log = ports.log.child({ channel: account.ref.channel, account: account.ref.account });
  }

  /** Starts connecting, unless it is at it or retired. An account that was given up is tried at once. */
  start(): void {
    if (this.#retired) return;
    if (this.#stop && !this.#stop.signal.aborted && this.#state !== "PERMANENTLY_FAILED") return;
    this.#stop?.abort(new SwitchboardError("SYS_001", "The account was started again."));
    const stop = new AbortController();
    const before = this.#running;
    this.#stop = stop;
    this.#failures = 0;
    this.#breaker = new Breaker();
    this.#running = before.then(() => this.#run(stop.signal));
  }

  /** Resolves when the first connection stands or has failed: start-up goes on with the next account then. */
  settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** Disconnects and stays so. Resolves when the connection has let go. */
  async stop(): Promise<void> {
    this.#stop?.abort(new SwitchboardError("SYS_001", "The account was stopped."));
    await this.#running;
    if (this.#state === "PERMANENTLY_FAILED") this.#enter("DISCONNECTED");
  }

  /** Stops for good: another one takes over, or the account is gone. */
  retire(): Promise<void> {
    this.#retired = true;
    return this.stop();
  }

  /** The live connection, if a send could work right now. */
  get connection(): Connection | undefined {
    return this.#state === "CONNECTED" && this.#connection?.isConnected() ? this.#connection : undefined;
  }

  get self(): SelfIdentity | undefined {
    return this.#self;
  }

  /**
   * Who the account is. Events cannot be read without it: their keys and what they mention depend on it, and a platform
   * may call the webhook before `connect` has resolved. @throws CONN_001 when that is not known soon.
   */
  identified(): Promise<SelfIdentity> {
    if (this.#self) return Promise.resolve(this.#self);
    const unknown = "The account has not been connected yet.";
    const signal = this.#stop?.signal ?? AbortSignal.abort(new SwitchboardError("CONN_001", unknown));
    return this.#within(IDENTITY_TIMEOUT_MS, this.#identified.promise, signal, unknown);
  }

  /** Something came in by a way that does not pass the connection, i.e. the webhook. */
  sawInbound(): void {
    const now = this.#ports.clock.now();
    this.#times.lastInboundAt = now;
    this.#evidence = { kind: "event", at: now };
  }

  /** Tells the connection of events of the webhook, which are stored already; while there is none they wait for the next. */
  async hear(events: readonly RawEvent[]): Promise<void> {
    if (events.length === 0) return;
    if (!this.#opened) {
      this.#unheard.push(...events);
      this.#unheard.splice(0, this.#unheard.length - MOST_UNHEARD);
      return;
    }
    await this.#opened.stored?.(events).catch((error: unknown) => {
      this.#log.warn({ error: toErrorRecord(error) }, "the connection could not take note of what came by the webhook");
    });
  }

  sawOutbound(): void {
    this.#times.lastOutboundAt = this.#ports.clock.now();
    if (this.#lastError?.code !== "CONN_006") return;
    this.#lastError = undefined;
    this.#publish();
  }

  /** So many sends failed in a row that the next ones wait (CONN_006); a send that goes well ends that. */
  sawCircuitOpen(last: SwitchboardError): void {
    const now = this.#ports.clock.now();
    const error = new SwitchboardError("CONN_006", `Sends of this account wait. The last one failed: ${last.message}`);
    this.#log.warn({ error: toErrorRecord(error), waitMs: this.sends.waitMs(now) }, error.message);
    this.#lastError = { ...toErrorRecord(error), at: now };
    this.#publish();
  }

  /** A send showed that the whole account is in trouble, e.g. its credential was refused. */
  sawFailure(error: SwitchboardError): void {
    this.#lastError = { ...toErrorRecord(error), at: this.#ports.clock.now() };
    if (!error.retryable && error.scope === "account") this.#lose?.(error);
    else this.#publish();
  }

  /** How the account is on the node that runs it. */
  sawElsewhere(status: AccountStatus | undefined): void {
    this.#elsewhere = status;
    if (!this.#standsBy) return;
    if (status?.self) this.#identify(status.self);
    this.#publish();
  }

  /** Whether another node runs the account. */
  get standsBy(): boolean {
    return this.#standsBy;
  }

  status(): AccountStatus {
    if (this.#standsBy && this.#elsewhere) return this.#elsewhere;
    const now = this.#ports.clock.now();
    return {
      ...this.ref,
      state: this.#state,
      breaker: lesser(this.sends.state(now), this.#breaker.state(now)),
      generation: this.#generation,
      reconnects: this.#reconnects,
      times: { ...this.#times },
      ...(this.#self && { self: this.#self }),
      ...(this.#transport && { transport: this.#transport }),
      ...(this.#note && { note: this.#note }),
      ...(this.#evidence && { evidence: this.#evidence }),
      ...(this.#lastError && { lastError: this.#lastError }),
    };
  }

  #lose: ((error: SwitchboardError) => void) | undefined;
  #lost: AbortSignal | undefined;

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#session(signal);
      } catch (thrown) {
        if (signal.aborted) break;
        // That is no failure: it goes on when the account is free again.
        if (thrown instanceof SwitchboardError && thrown === this.#lost?.reason) continue;
        if (!(await this.#failed(toSwitchboardError(thrown, "CONN_001"), signal))) break;
      }
    }
    if (signal.aborted) {
      this.#enter("DISCONNECTED");
      await this.#ports.claims?.release(this.ref);
    }
    // Also when it was stopped before it had begun.
    this.#settled.resolve();
  }

  /** One connection from open to loss. Always throws, unless the account was stopped. */
  async #session(signal: AbortSignal): Promise<void> {
    this.#enter(this.#reconnects === 0 && this.#failures === 0 ? "CONNECTING" : "RECONNECTING");
    const { clock, store } = this.#ports;
    const ended = new AbortController();
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => {});
    const lose = (error: SwitchboardError) => lost.reject(error);
    this.#lose = lose;
    signal.addEventListener("abort", () => ended.abort(signal.reason), { once: true, signal: ended.signal });
    let connection: Connection | undefined;
    try {
      this.#generation = await this.#begin(signal, lose);
      connection = await this.channel.open(this.#context(this.#generation, ended.signal, lose) as AccountContext);
      this.#opened = connection;
      await this.hear(this.#unheard.splice(0));
      this.#breaker.begin(clock.now());
      const connected = await this.#within(CONNECT_TIMEOUT_MS, connection.connect(), signal, CONNECT_TIMEOUT);
      this.#connection = connection;
      if (JSON.stringify(connected.self) !== JSON.stringify(this.#self)) {
        this.#identify(connected.self);
        await store.accounts.setSelf(this.ref, connected.self);
      }
      this.#transport = connected.transport;
      this.#note = connected.note;
      const now = clock.now();
      this.#times.connectedAt = now;
      this.#evidence = { kind: "connected", at: now };
      if (this.#lastError?.code !== "CONN_006") this.#lastError = undefined;
      this.#enter("CONNECTED");
      this.#ports.onReady(this.ref);
      await Promise.race([lost.promise, this.#probe(connection, ended.signal)]);
    } finally {
      ended.abort(new SwitchboardError("SYS_001", "This connection has ended."));
      this.#connection = undefined;
      this.#opened = undefined;
      this.#lose = undefined;
      await connection?.disconnect().catch((error: unknown) => {
        this.#log.warn({ error: toErrorRecord(error) }, "the connection did not close cleanly");
      });
    }
  }

  /** Resolves with the number of this start, when this node may run the account. */
  async #begin(signal: AbortSignal, lose: (error: SwitchboardError) => void): Promise<number> {
    const { claims, onStandBy, store } = this.#ports;
    if (!claims) return store.accounts.nextGeneration(this.ref);
    const { generation, lost } = await claims
      .take(this.ref, signal, () => {
        this.#standsBy = true;
        this.#enter("DISCONNECTED");
        this.#settled.resolve();
        onStandBy();
      })
      .finally(() => {
        this.#standsBy = false;
        this.#elsewhere = undefined;
      });
    this.#lost = lost;
    lost.addEventListener("abort", () => lose(lost.reason), { once: true });
    this.#enter(this.#reconnects === 0 && this.#failures === 0 ? "CONNECTING" : "RECONNECTING");
    return generation;
  }

  /** Asks for proof of life until there is none. A connection counts as good only once it has stood for a while. */
  async #probe(connection: Connection, signal: AbortSignal): Promise<never> {
    const { clock } = this.#ports;
    for (let failed = 0; ; ) {
      await sleep(clock, PROBE_EVERY_MS, signal);
      if (!connection.probe) {
        this.#stood();
        continue;
      }
      const late = () => new SwitchboardError("CONN_001", "The platform did not answer a probe in time.");
      const limit = timeLimit(clock, PROBE_TIMEOUT_MS, late, signal);
      try {
        this.#evidence = await connection.probe(limit.signal);
        this.#stood();
        this.#times.lastProbeAt = clock.now();
        failed = 0;
      } catch (thrown) {
        if (signal.aborted) throw signal.reason;
        const error = toSwitchboardError(thrown, "CONN_001");
        this.#lastError = { ...toErrorRecord(error), at: clock.now() };
        if (++failed >= PROBES_TO_LOSE || !error.retryable) throw error;
      } finally {
        limit.end();
      }
    }
  }

  #stood(): void {
    this.#failures = 0;
    this.#breaker.success();
  }

  /** Decides what follows a failure. False: the account is given up. */
  async #failed(error: SwitchboardError, signal: AbortSignal): Promise<boolean> {
    const { clock, telemetry } = this.#ports;
    const now = clock.now();
    this.#failures += 1;
    this.#reconnects += 1;
    this.#lastError = { ...toErrorRecord(error), at: now };
    this.#breaker.failure(now);
    telemetry.reconnect(this.ref, error.code);
    if (!error.retryable) {
      this.#log.error({ error: toErrorRecord(error) }, `given up: ${error.message} ${error.action}`);
      this.#enter("PERMANENTLY_FAILED");
      return false;
    }
    const givenUp = this.#failures > MAX_RECONNECTS;
    const delay = givenUp
      ? REVIVE_EVERY_MS
      : Math.max(reconnectDelayMs(this.#failures), this.#breaker.waitMs(now), error.retryAfterMs ?? 0);
    this.#log.warn({ error: toErrorRecord(error), attempt: this.#failures, delay }, "connection failed");
    this.#enter(givenUp ? "PERMANENTLY_FAILED" : "ERROR");
    await sleep(clock, delay, signal).catch(() => {});
    return !signal.aborted;
  }

  #context(generation: number, signal: AbortSignal, lose: (error: SwitchboardError) => void): AccountContext {
    const { clock } = this.#ports;
    const memory = accountMemory(this.ref, this.#ports);
    const current = () => this.#generation === generation && !signal.aborted;
    const { publish, webhook } = this.#ports;
    return {
      ...this.ref,
      config: this.#config,
      generation,
      signal,
      log: this.#log,
      commands: this.#ports.commands,
      ...(webhook && { webhook }),
      memory,
      secrets: sealedMemory(this.ref, memory, this.#ports.vault),
      openAttachment: this.#ports.openAttachment,
      ...(publish && { publish }),
      receive: async (events) => {
        if (!current()) throw new SwitchboardError("SYS_001", "This connection was replaced by a newer one.");
        this.sawInbound();
        await this.#ports.receive(this.ref, events);
      },
      alive: (evidence) => {
        if (current()) this.#evidence = evidence;
      },
      lost: (error) => {
        if (current()) lose(toSwitchboardError(error, "CONN_001"));
      },
      transportChanged: (transport, note) => {
        if (!current()) return;
        this.#transport = transport;
        this.#note = note;
        this.#log.info({ transport }, note ?? "transport changed");
        this.#publish();
      },
      sleep: (ms) => sleep(clock, ms, signal),
    };
  }

  #identify(self: SelfIdentity): void {
    this.#self = self;
    this.#identified.resolve(self);
  }

  async #within<T>(ms: number, work: Promise<T>, signal: AbortSignal, otherwise: string): Promise<T> {
    const done = new AbortController();
    const limit = sleep(this.#ports.clock, ms, AbortSignal.any([signal, done.signal])).then(() => {
      throw new SwitchboardError("CONN_001", otherwise);
    });
    limit.catch(() => {});
    try {
      return await Promise.race([work, limit]);
    } finally {
      done.abort();
    }
  }

  #enter(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    if (state !== "CONNECTING") this.#settled.resolve();
    this.#ports.telemetry.connection(this.ref, state);
    this.#log.debug({ state }, "connection state");
    this.#publish();
  }

  #publish(): void {
    this.#ports.onStatus(this.ref, this.status());
  }
}
