/** How an account is: what its status says and what that rests on (CONN-1, CONN-2). Tells whenever it has changed. */
import {
  type AccountRef,
  type Evidence,
  type SelfIdentity,
  type SwitchboardError,
  type Transport,
  toErrorRecord,
} from "@switchboard/domain";
import type { Clock, ConnectionState, Log, Telemetry } from "../ports/index.ts";
import type { BreakerState } from "./breaker.ts";
import type { AccountStatus } from "./status.ts";

export interface ConditionPorts {
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  readonly telemetry: Telemetry;
  onStatus(ref: AccountRef, status: AccountStatus): void;
  /** Of the account's circuits the one that lets less through. */
  breaker(now: number): BreakerState;
}

export class Condition {
  readonly #ref: AccountRef;
  readonly #ports: ConditionPorts;
  #state: ConnectionState = "DISCONNECTED";
  #generation = 0;
  #reconnects = 0;
  #self: SelfIdentity | undefined;
  readonly #identified = Promise.withResolvers<SelfIdentity>();
  #transport: Transport | undefined;
  #note: string | undefined;
  #evidence: Evidence | undefined;
  #lastError: AccountStatus["lastError"];
  readonly #times: { -readonly [Name in keyof AccountStatus["times"]]: AccountStatus["times"][Name] } = {};
  /** Another node runs the account. */
  #standsBy = false;
  #elsewhere: AccountStatus | undefined;

  constructor(ref: AccountRef, ports: ConditionPorts) {
    this.#ref = ref;
    this.#ports = ports;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get generation(): number {
    return this.#generation;
  }

  /** Lost or failed connections since the process started. */
  get reconnects(): number {
    return this.#reconnects;
  }

  get self(): SelfIdentity | undefined {
    return this.#self;
  }

  /** Resolves when it is known who the account is. */
  get identified(): Promise<SelfIdentity> {
    return this.#identified.promise;
  }

  get standsBy(): boolean {
    return this.#standsBy;
  }

  status(): AccountStatus {
    if (this.#standsBy && this.#elsewhere) return this.#elsewhere;
    return {
      ...this.#ref,
      state: this.#state,
      breaker: this.#ports.breaker(this.#ports.clock.now()),
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

  enter(state: ConnectionState): void {
    if (state === this.#state) return;
    const { log, telemetry } = this.#ports;
    this.#state = state;
    telemetry.connection(this.#ref, state);
    log.debug({ state }, "connection state");
    this.tell();
  }

  identify(self: SelfIdentity): void {
    this.#self = self;
    this.#identified.resolve(self);
  }

  /** A start of the account has its number. */
  begun(generation: number): void {
    this.#generation = generation;
  }

  connected({ note, transport }: { readonly transport?: Transport; readonly note?: string | undefined }): void {
    const now = this.#ports.clock.now();
    this.#transport = transport;
    this.#note = note;
    this.#times.connectedAt = now;
    this.#evidence = { kind: "connected", at: now };
    if (this.#lastError?.code !== "CONN_006") this.#lastError = undefined;
  }

  transportChanged(transport: Transport, note: string | undefined): void {
    this.#transport = transport;
    this.#note = note;
    this.#ports.log.info({ transport }, note ?? "transport changed");
    this.tell();
  }

  alive(evidence: Evidence): void {
    this.#evidence = evidence;
  }

  probed(evidence: Evidence): void {
    this.#evidence = evidence;
    this.#times.lastProbeAt = this.#ports.clock.now();
  }

  sawInbound(): void {
    const now = this.#ports.clock.now();
    this.#times.lastInboundAt = now;
    this.#evidence = { kind: "event", at: now };
  }

  sawOutbound(): void {
    this.#times.lastOutboundAt = this.#ports.clock.now();
    if (this.#lastError?.code !== "CONN_006") return;
    this.#lastError = undefined;
    this.tell();
  }

  /** Shown from now on; told with the next change of state, or by `tell`. */
  failed(error: SwitchboardError): void {
    this.#lastError = { ...toErrorRecord(error), at: this.#ports.clock.now() };
  }

  /** A connection was lost, or could not be made. */
  lost(error: SwitchboardError): void {
    this.#reconnects += 1;
    this.failed(error);
  }

  /** Whether another node runs the account. */
  standBy(standsBy: boolean): void {
    this.#standsBy = standsBy;
    if (!standsBy) this.#elsewhere = undefined;
  }

  /** How the account is on the node that runs it. */
  sawElsewhere(status: AccountStatus | undefined): void {
    this.#elsewhere = status;
    if (!this.#standsBy) return;
    if (status?.self) this.identify(status.self);
    this.tell();
  }

  tell(): void {
    this.#ports.onStatus(this.#ref, this.status());
  }
}
