/**
 * Keeps one account connected (CONN-1, CONN-2). It alone starts and stops connections; each start has a generation,
 * and whatever an older generation says is ignored, so two sockets can never fight.
 */
import {
  type AccountRef,
  type Channel,
  type Connection,
  type Evidence,
  type RawEvent,
  type SelfIdentity,
  SwitchboardError,
  toErrorRecord,
  toSwitchboardError,
} from "@switchboard/domain";
import { type ConnectionState, type Log, sleep, timeLimit, unlessAborted } from "../ports/index.ts";
import { MAX_RECONNECTS, reconnectDelayMs } from "./backoff.ts";
import { Breaker, lesser } from "./breaker.ts";
import type { Claims } from "./claims.ts";
import { Condition } from "./condition.ts";
import { type ContextPorts, connectionContext } from "./connection-context.ts";
import { askForLife } from "./proof-of-life.ts";
import type { AccountStatus } from "./status.ts";

const CONNECT_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT = `No connection within ${CONNECT_TIMEOUT_MS / 1000} s.`;
/** How long a webhook call waits for the very first connection to tell who the account is. */
const IDENTITY_TIMEOUT_MS = 5_000;
/** After the tenth failure an outage is only looked at this often, so that the account comes back by itself one day. */
const REVIVE_EVERY_MS = 15 * 60_000;
/** How many events of the webhook wait for a connection to hear of them. */
const MOST_UNHEARD = 1_000;

export interface SupervisorPorts extends ContextPorts {
  readonly log: Log;
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
  readonly #condition: Condition;

  #connection: Connection | undefined;
  /** Opened, but perhaps not connected. */
  #opened: Connection | undefined;
  readonly #unheard: RawEvent[] = [];
  /** In a row, without a connection that lasted between them. */
  #failures = 0;
  #breaker = new Breaker();
  #stop: AbortController | undefined;
  #retired = false;
  #running: Promise<void> = Promise.resolve();
  readonly #settled = Promise.withResolvers<void>();
  /** Ends the connection that there is. */
  #lose: ((error: SwitchboardError) => void) | undefined;
  /** Aborts when another node may have taken the account. */
  #lost: AbortSignal | undefined;

  constructor(account: SupervisedAccount, ports: SupervisorPorts) {
    this.ref = account.ref;
    this.channel = account.channel;
    this.#config = account.config;
    this.#ports = ports;
    this.#log = ports.log.child({ channel: account.ref.channel, account: account.ref.account });
    this.#condition = new Condition(account.ref, {
      ...ports,
      log: this.#log,
      breaker: (now) => lesser(this.sends.state(now), this.#breaker.state(now)),
    });
    if (account.self) this.#condition.identify(account.self);
  }

  /** Starts connecting, unless it is at it or retired. An account that was given up is tried at once. */
  start(): void {
    if (this.#retired) return;
    const isAtIt = this.#stop && !this.#stop.signal.aborted;
    if (isAtIt && this.#condition.state !== "PERMANENTLY_FAILED") return;
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
    if (this.#condition.state === "PERMANENTLY_FAILED") this.#enter("DISCONNECTED");
  }

  /** Stops for good: another one takes over, or the account is gone. */
  retire(): Promise<void> {
    this.#retired = true;
    return this.stop();
  }

  /** The live connection, if a send could work right now. */
  get connection(): Connection | undefined {
    return this.#condition.state === "CONNECTED" && this.#connection?.isConnected() ? this.#connection : undefined;
  }

  get self(): SelfIdentity | undefined {
    return this.#condition.self;
  }

  /** Whether another node runs the account. */
  get standsBy(): boolean {
    return this.#condition.standsBy;
  }

  status(): AccountStatus {
    return this.#condition.status();
  }

  /**
   * Who the account is. Events cannot be read without it: their keys and what they mention depend on it, and a platform
   * may call the webhook before `connect` has resolved. @throws CONN_001 when that is not known soon.
   */
  identified(): Promise<SelfIdentity> {
    const { identified, self } = this.#condition;
    if (self) return Promise.resolve(self);
    const unknown = "The account has not been connected yet.";
    const signal = this.#stop?.signal ?? AbortSignal.abort(new SwitchboardError("CONN_001", unknown));
    return this.#within(IDENTITY_TIMEOUT_MS, identified, signal, unknown);
  }

  /** Something came in by a way that does not pass the connection, i.e. the webhook. */
  sawInbound(): void {
    this.#condition.sawInbound();
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
    this.#condition.sawOutbound();
  }

  /** So many sends failed in a row that the next ones wait (CONN_006); a send that goes well ends that. */
  sawCircuitOpen(last: SwitchboardError): void {
    const waitMs = this.sends.waitMs(this.#ports.clock.now());
    const error = new SwitchboardError("CONN_006", `Sends of this account wait. The last one failed: ${last.message}`);
    this.#log.warn({ error: toErrorRecord(error), waitMs }, error.message);
    this.#condition.failed(error);
    this.#condition.tell();
  }

  /** A send showed that the whole account is in trouble, e.g. its credential was refused. */
  sawFailure(error: SwitchboardError): void {
    this.#condition.failed(error);
    if (!error.retryable && error.scope === "account") this.#lose?.(error);
    else this.#condition.tell();
  }

  /** How the account is on the node that runs it. */
  sawElsewhere(status: AccountStatus | undefined): void {
    this.#condition.sawElsewhere(status);
  }

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
    this.#enterConnecting();
    const { clock } = this.#ports;
    const condition = this.#condition;
    const ended = new AbortController();
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => {});
    const lose = (error: SwitchboardError) => lost.reject(error);
    this.#lose = lose;
    signal.addEventListener("abort", () => ended.abort(signal.reason), { once: true, signal: ended.signal });
    let connection: Connection | undefined;
    try {
      const generation = await this.#begin(signal, lose);
      condition.begun(generation);
      const start = { ref: this.ref, config: this.#config, generation, signal: ended.signal, condition, lose };
      connection = await this.channel.open(connectionContext({ ...start, log: this.#log }, this.#ports));
      this.#opened = connection;
      await this.hear(this.#unheard.splice(0));
      this.#breaker.begin(clock.now());
      const connected = await this.#within(CONNECT_TIMEOUT_MS, connection.connect(), signal, CONNECT_TIMEOUT);
      this.#connection = connection;
      await this.#is(connected.self);
      condition.connected(connected);
      this.#enter("CONNECTED");
      this.#ports.onReady(this.ref);
      const life = askForLife(connection, ended.signal, {
        clock,
        stood: (evidence) => this.#stood(evidence),
        failed: (error) => condition.failed(error),
      });
      await Promise.race([lost.promise, life]);
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
        this.#condition.standBy(true);
        this.#enter("DISCONNECTED");
        this.#settled.resolve();
        onStandBy();
      })
      .finally(() => this.#condition.standBy(false));
    this.#lost = lost;
    lost.addEventListener("abort", () => lose(lost.reason), { once: true });
    this.#enterConnecting();
    return generation;
  }

  /** Who the account turned out to be. */
  async #is(self: SelfIdentity): Promise<void> {
    if (JSON.stringify(self) === JSON.stringify(this.#condition.self)) return;
    this.#condition.identify(self);
    await this.#ports.store.accounts.setSelf(this.ref, self);
  }

  /** A connection counts as good only once it has stood for a while. */
  #stood(evidence: Evidence | undefined): void {
    this.#failures = 0;
    this.#breaker.success();
    if (evidence) this.#condition.probed(evidence);
  }

  /** Decides what follows a failure. False: the account is given up. */
  async #failed(error: SwitchboardError, signal: AbortSignal): Promise<boolean> {
    const { clock, telemetry } = this.#ports;
    const now = clock.now();
    this.#failures += 1;
    this.#condition.lost(error);
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

  #enterConnecting(): void {
    this.#enter(this.#condition.reconnects === 0 && this.#failures === 0 ? "CONNECTING" : "RECONNECTING");
  }

  #enter(state: ConnectionState): void {
    if (state === this.#condition.state) return;
    if (state !== "CONNECTING") this.#settled.resolve();
    this.#condition.enter(state);
  }

  /** @throws CONN_001 when it takes longer. */
  async #within<T>(ms: number, work: Promise<T>, signal: AbortSignal, otherwise: string): Promise<T> {
    const limit = timeLimit(this.#ports.clock, ms, () => new SwitchboardError("CONN_001", otherwise), signal);
    try {
      return await unlessAborted(work, limit.signal);
    } finally {
      limit.end();
    }
  }
}
