/**
 * A client of the gateway, for Node and browsers: connects, asks, listens, and comes back when the line breaks. Events
 * are never sent again, so after `onGap` and after each new connection the listener reads the state anew.
 */
import {
  type Accepted,
  CLOSE,
  type ClientEvent,
  type EventFrame,
  type EventPayload,
  type HelloOk,
  type MethodName,
  type Params,
  type Result,
  type StateVersion,
  SwitchboardError,
  type TwoAnswers,
} from "@switchboard/protocol";
import { gatewayAddress } from "./address.ts";
import { BACKOFF, delayBefore } from "./backoff.ts";
import { Link, type LinkEnd } from "./link.ts";
import { Listeners } from "./listeners.ts";
import type { ClientState, Gap, GatewayClientOptions, RequestOptions } from "./options.ts";
import { Requests } from "./requests.ts";

/** What comes back when the last answer is not asked for: of two answers the one that comes first. */
export type FirstAnswer<M extends MethodName> = M extends TwoAnswers ? Accepted<M> | Result<M> : Result<M>;

/** What an event's frame says besides its payload. */
export interface EventMeta {
  readonly seq?: number | undefined;
  readonly stateVersion?: StateVersion | undefined;
}

export class GatewayClient {
  readonly #options: GatewayClientOptions;
  readonly #url: string;
  readonly #requests: Requests;
  readonly #events = new Listeners<[payload: unknown, meta: EventMeta]>();
  readonly #gaps = new Listeners<[gap: Gap]>();
  readonly #states = new Listeners<[state: ClientState]>();
  readonly #hellos = new Listeners<[hello: HelloOk]>();
  #state: ClientState = { name: "idle" };
  #link: Link | undefined;
  #hello: HelloOk | undefined;
  #lastSeq = 0;
  #attempt = 0;
  #connectedAt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #connecting: PromiseWithResolvers<HelloOk> | undefined;

  /** @throws REQ_001 when the address cannot be used. */
  constructor(options: GatewayClientOptions) {
    this.#options = options;
    this.#url = gatewayAddress(options.url, options.cleartext);
    this.#requests = new Requests(options.requestTimeoutMs);
  }

  get state(): ClientState {
    return this.#state;
  }

  /** What the gateway said when the present connection was made; `undefined` while there is none. */
  get hello(): HelloOk | undefined {
    return this.#hello;
  }

  /**
   * Connects and stays connected. Resolves at the first hello-ok; rejects when the gateway refuses for good, after
   * `close()`, and, without `reconnect`, at the first failure. May be called again then. Ends a wait for the next attempt.
   */
  connect(): Promise<HelloOk> {
    if (this.#hello) return Promise.resolve(this.#hello);
    if (this.#connecting) return this.#connecting.promise;
    const connecting = Promise.withResolvers<HelloOk>();
    connecting.promise.catch(() => {});
    this.#connecting = connecting;
    if (this.#state.name === "connecting") return connecting.promise;
    clearTimeout(this.#retry);
    this.#attempt = 0;
    this.#open();
    return connecting.promise;
  }

  /** Ends the connection and everything that waits. */
  close(): void {
    const ended = new SwitchboardError("SYS_004", "The connection was closed.", { retryable: false });
    clearTimeout(this.#retry);
    this.#become({ name: "closed" });
    this.#link?.close(CLOSE.normal, "");
    this.#settle(ended);
  }

  /**
   * Asks the gateway. While there is no connection the request waits for one. Rejects with a SwitchboardError: the
   * gateway's own; SYS_004 when the answer did not come, then `delivered` says whether the request may have arrived;
   * or with the signal's reason.
   */
  request<M extends MethodName>(
    method: M,
    params: Params<M>,
    options: RequestOptions & { readonly expectFinal: true },
  ): Promise<Result<M>>;
  request<M extends MethodName>(method: M, params: Params<M>, options?: RequestOptions): Promise<FirstAnswer<M>>;
  request(method: MethodName, params: unknown, options: RequestOptions = {}): Promise<unknown> {
    const { name } = this.#state;
    if (name === "idle" || name === "closed" || name === "refused") {
      return Promise.reject(new SwitchboardError("SYS_004", "There is no connection to the gateway."));
    }
    const send = this.#hello ? (text: string) => this.#send(text) : undefined;
    return this.#requests.make(method, params, options, send);
  }

  /** Listens to an event. Returns how to stop. */
  on<E extends ClientEvent>(event: E, listener: (payload: EventPayload<E>, meta: EventMeta) => void): () => void {
    return this.#events.add(event, listener as (payload: unknown, meta: EventMeta) => void);
  }

  /** Called when events were missed. */
  onGap(listener: (gap: Gap) => void): () => void {
    return this.#gaps.add("gap", listener);
  }

  /** Called when the state changes. */
  onState(listener: (state: ClientState) => void): () => void {
    return this.#states.add("state", listener);
  }

  /** Called after every successful handshake, the first included. */
  onHello(listener: (hello: HelloOk) => void): () => void {
    return this.#hellos.add("hello", listener);
  }

  #open(): void {
    this.#become({ name: "connecting" });
    this.#lastSeq = 0;
    this.#link = new Link(this.#url, this.#options, {
      ready: (hello) => this.#ready(hello),
      event: (frame) => this.#event(frame),
      response: (frame) => this.#requests.answered(frame),
      ended: (end) => this.#ended(end),
    });
  }

  #ready(hello: HelloOk): void {
    this.#hello = hello;
    this.#connectedAt = performance.now();
    this.#become({ name: "connected", scopes: hello.auth.scopes });
    this.#connecting?.resolve(hello);
    this.#connecting = undefined;
    this.#hellos.tell("hello", hello);
    this.#requests.flush((text) => this.#send(text));
  }

  #event({ event, payload, seq, stateVersion }: EventFrame): void {
    if (seq !== undefined) {
      const expected = this.#lastSeq + 1;
      this.#lastSeq = Math.max(seq, this.#lastSeq);
      if (seq > expected) this.#gaps.tell("gap", { expected, received: seq });
    }
    this.#events.tell(event, payload, { seq, stateVersion });
  }

  #ended({ error, retryable }: LinkEnd): void {
    const wasConnected = this.#hello !== undefined;
    this.#hello = undefined;
    this.#link = undefined;
    if (this.#state.name === "closed") return;
    this.#requests.lost(error);
    const { reconnect } = this.#options;
    if (!retryable || reconnect === false) {
      this.#become({ name: "refused", error });
      this.#settle(error);
      return;
    }
    const backoff = { ...BACKOFF, ...reconnect };
    const wasStable = wasConnected && performance.now() - this.#connectedAt >= backoff.stableMs;
    this.#attempt = wasStable ? 0 : this.#attempt;
    const delayMs = Math.max(
      delayBefore(this.#attempt, backoff, this.#options.random ?? Math.random),
      error.retryAfterMs ?? 0,
    );
    this.#attempt += 1;
    this.#become({ name: "waiting", delayMs, error });
    this.#retry = setTimeout(() => this.#open(), delayMs);
  }

  /** Nothing further will come. */
  #settle(error: SwitchboardError): void {
    this.#requests.abandon(error);
    this.#connecting?.reject(error);
    this.#connecting = undefined;
    this.#hello = undefined;
  }

  #send(text: string): void {
    const most = this.#link?.maxPayload ?? 0;
    // Three bytes is the most a UTF-16 unit takes.
    if (text.length * 3 > most && new TextEncoder().encode(text).length > most) {
      throw new SwitchboardError("REQ_003", `The request is larger than the ${most} bytes this gateway takes.`);
    }
    this.#link?.send(text);
  }

  #become(state: ClientState): void {
    this.#state = state;
    this.#states.tell("state", state);
  }
}
