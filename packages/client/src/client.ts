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
import { Addresses } from "./addresses.ts";
import { BACKOFF, delayBefore } from "./backoff.ts";
import { Credentials } from "./credentials.ts";
import { Link, type LinkEnd, type LinkOptions } from "./link.ts";
import { Listeners } from "./listeners.ts";
import type { ClientState, Gap, GatewayClientOptions, RequestOptions } from "./options.ts";
import { pairingRefusal } from "./pairing.ts";
import { Requests } from "./requests.ts";

/** What comes back when the last answer is not asked for: of two answers the one that comes first. */
export type FirstAnswer<M extends MethodName> = M extends TwoAnswers ? Accepted<M> | Result<M> : Result<M>;

/** What an event's frame says besides its payload. */
export interface EventMeta {
  readonly seq?: number | undefined;
  readonly stateVersion?: StateVersion | undefined;
}

/** Why an attempt failed, and whether a later one can succeed. */
type Failure = Pick<LinkEnd, "error" | "retryable">;

const CONNECT_TIMEOUT_MS = 15_000;
/** With several addresses to try. */
const CONNECT_TIMEOUT_EACH_MS = 5_000;

export class GatewayClient {
  readonly #options: GatewayClientOptions;
  readonly #addresses: Addresses;
  readonly #credentials: Credentials;
  readonly #requests: Requests;
  /** What became of the addresses of this round so far. */
  readonly #unanswered: Failure[] = [];
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

  /** @throws REQ_001 when an address cannot be used, or a pinned certificate could not be checked. */
  constructor(options: GatewayClientOptions) {
    this.#options = options;
    this.#addresses = new Addresses(options);
    this.#credentials = new Credentials(options, this.#addresses.first);
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
   * Connects and stays connected. Resolves at the first hello-ok, when a token it brought is kept; rejects when the gateway refuses for good, after
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
    this.#begin();
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

  #begin(): void {
    this.#addresses.begin();
    this.#unanswered.length = 0;
    this.#become({ name: "connecting" });
    this.#open();
  }

  #open(): void {
    const isOnly = this.#addresses.count === 1;
    const options: LinkOptions = {
      connectTimeoutMs: isOnly ? CONNECT_TIMEOUT_MS : CONNECT_TIMEOUT_EACH_MS,
      ...this.#options,
      auth: () => this.#credentials.select(this.#addresses.trusted),
    };
    this.#lastSeq = 0;
    this.#link = new Link(this.#addresses.current, options, {
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
    const connecting = this.#connecting;
    this.#connecting = undefined;
    // A token for pairing is spent by now: losing the new one would lock the device out.
    this.#credentials.keep(hello).then(
      () => connecting?.resolve(hello),
      (error: unknown) => {
        if (!connecting) throw error;
        connecting.reject(error);
      },
    );
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

  #ended(end: LinkEnd): void {
    const wasConnected = this.#hello !== undefined;
    this.#hello = undefined;
    this.#link = undefined;
    if (this.#state.name === "closed") return;
    const error = pairingRefusal(end.error, this.#options.waitForApproval === true);
    this.#requests.lost(error);
    const failure = { error, retryable: error === end.error ? end.retryable : error.retryable };
    if (!wasConnected && this.#credentials.tryAgain(error, this.#addresses.trusted)) this.#open();
    else if (end.answered) this.#failed(failure, wasConnected);
    else this.#nobodyThere(failure);
  }

  #nobodyThere(failure: Failure): void {
    this.#unanswered.push(failure);
    if (this.#addresses.next()) this.#open();
    // One address where somebody may answer later is reason enough to go on.
    else this.#failed(this.#unanswered.find(({ retryable }) => retryable) ?? this.#unanswered[0] ?? failure, false);
  }

  #failed({ error, retryable }: Failure, wasConnected: boolean): void {
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
    this.#retry = setTimeout(() => this.#begin(), delayMs);
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
