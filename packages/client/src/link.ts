/** One socket to the gateway: challenge, `connect`, then frames, until it ends. */
import {
  asServerFrame,
  CLOSE,
  type ConnectAuth,
  type ConnectParams,
  deviceClaimV3,
  type ErrorShape,
  type EventFrame,
  fromErrorShape,
  type HelloOk,
  PROTOCOL_VERSION,
  type ResponseFrame,
  SwitchboardError,
} from "@switchboard/protocol";
import type { GatewayClientOptions, SocketLike } from "./options.ts";

/** How a link ended. */
export interface LinkEnd {
  readonly code: number;
  readonly reason: string;
  readonly error: SwitchboardError;
  /** Trying again later can help. */
  readonly retryable: boolean;
  /** A gateway spoke before. */
  readonly answered: boolean;
}

export interface LinkOptions extends GatewayClientOptions {
  readonly connectTimeoutMs: number;
  /** What to show in `connect`. */
  readonly auth: () => Promise<ConnectAuth | undefined>;
}

export interface LinkEvents {
  ready(hello: HelloOk): void;
  event(frame: EventFrame): void;
  response(frame: ResponseFrame): void;
  /** Once, as the last thing. */
  ended(end: LinkEnd): void;
}

const CONNECT_ID = "connect";

/** Close codes after which the same attempt would end the same way. */
const FINAL_CODES: readonly number[] = [CLOSE.policy, CLOSE.protocolMismatch];

export class Link {
  readonly #options: LinkOptions;
  readonly #events: LinkEvents;
  readonly #socket: SocketLike;
  readonly #connectTimer: ReturnType<typeof setTimeout>;
  #challenged = false;
  #asked = false;
  #hello: HelloOk | undefined;
  #refusal: SwitchboardError | undefined;
  #heardAt = performance.now();
  #watchdog: ReturnType<typeof setInterval> | undefined;
  #over = false;

  constructor(url: string, options: LinkOptions, events: LinkEvents) {
    this.#options = options;
    this.#events = events;
    this.#connectTimer = setTimeout(
      () => this.#end(CLOSE.silent, "the gateway did not shake hands in time"),
      options.connectTimeoutMs,
    );
    this.#socket = openSocket(url, options);
    this.#socket.onmessage = ({ data }) => this.#received(data);
    this.#socket.onclose = ({ code, reason, error }) => this.#end(code, reason, error);
    // "close" follows and says more.
    this.#socket.onerror = () => {};
  }

  /** Bytes of the largest frame the gateway takes. */
  get maxPayload(): number {
    return this.#hello?.policy.maxPayload ?? Number.POSITIVE_INFINITY;
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  /** Ends the link from this side. */
  close(code: number, reason: string): void {
    this.#end(code, reason);
  }

  #received(data: unknown): void {
    this.#heardAt = performance.now();
    const frame = asServerFrame(parse(data));
    if (!frame || this.#over) return;
    if (frame.type === "event") {
      if (this.#hello) this.#events.event(frame);
      else if (frame.event === "connect.challenge") this.#answerChallenge(frame.payload);
    } else if (this.#hello) this.#events.response(frame);
    else if (this.#asked && frame.id === CONNECT_ID) this.#connectAnswered(frame);
  }

  #answerChallenge(challenge: unknown): void {
    const { nonce, ts } = (challenge ?? {}) as { nonce?: unknown; ts?: unknown };
    if (this.#challenged) return;
    if (typeof nonce !== "string" || nonce === "" || !Number.isInteger(ts)) {
      this.#end(CLOSE.protocolMismatch, "the gateway's challenge makes no sense");
      return;
    }
    this.#challenged = true;
    connectParams(this.#options, { nonce, ts: ts as number }).then(
      (params) => {
        if (this.#over) return;
        this.#asked = true;
        this.send(JSON.stringify({ type: "req", id: CONNECT_ID, method: "connect", params }));
      },
      () => this.#end(CLOSE.normal, "the credential could not be read"),
    );
  }

  #connectAnswered({ ok, payload, error }: ResponseFrame): void {
    if (!ok) {
      this.#refusal = fromErrorShape(error ?? ({ code: "UNAVAILABLE", message: "refused" } satisfies ErrorShape));
      // The close frame follows; a gateway that forgets it must not leave us waiting.
      this.#end(this.#refusal.retryable ? CLOSE.tryLater : CLOSE.policy, this.#refusal.message);
      return;
    }
    const hello = payload as HelloOk | undefined;
    if (hello?.type !== "hello-ok" || hello.protocol !== PROTOCOL_VERSION) {
      this.#end(CLOSE.protocolMismatch, "the gateway speaks another version of the protocol");
      return;
    }
    clearTimeout(this.#connectTimer);
    this.#hello = hello;
    this.#watch(hello.policy.tickIntervalMs);
    this.#events.ready(hello);
  }

  /**
   * The gateway ticks; one that is silent for two ticks is gone, whatever the socket says. After a pause of this
   * program itself, what arrived meanwhile is read first.
   */
  #watch(tickMs: number): void {
    let checkedAt = performance.now();
    this.#watchdog = setInterval(() => {
      const now = performance.now();
      const paused = now - checkedAt > tickMs;
      checkedAt = now;
      if (!paused && now - this.#heardAt > 2 * tickMs) this.#end(CLOSE.silent, "the gateway fell silent");
    }, tickMs / 2);
  }

  #end(code: number, reason: string, failure?: SwitchboardError): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#connectTimer);
    clearInterval(this.#watchdog);
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    // A page may only name 1000 and 3000 to 4999.
    this.#socket.close(code >= 4000 ? code : CLOSE.normal, code >= 4000 ? reason : "");
    const known = this.#refusal ?? failure;
    const error = known ?? new SwitchboardError("SYS_004", `The connection ended (${code}${reason && `: ${reason}`}).`);
    const retryable = known ? known.retryable : this.#hello !== undefined || !FINAL_CODES.includes(code);
    this.#events.ended({ code, reason, error, retryable, answered: this.#challenged });
  }
}

async function connectParams(
  options: LinkOptions,
  challenge: { readonly nonce: string; readonly ts: number },
): Promise<ConnectParams> {
  const { client, caps, commands, device, permissions, role = "operator", scopes = [] } = options;
  const auth = await options.auth();
  const params: ConnectParams = {
    minProtocol: PROTOCOL_VERSION,
    maxProtocol: PROTOCOL_VERSION,
    client,
    role,
    scopes: [...scopes],
    ...(caps && { caps: [...caps] }),
    ...(commands && { commands: [...commands] }),
    ...(permissions && { permissions: { ...permissions } }),
    ...(auth && { auth }),
  };
  if (!device) return params;
  const claim = deviceClaimV3({
    deviceId: device.id,
    clientId: client.id,
    clientMode: client.mode,
    role,
    scopes,
    signedAt: challenge.ts,
    token: auth?.token ?? auth?.deviceToken ?? auth?.bootstrapToken,
    nonce: challenge.nonce,
    platform: client.platform,
    deviceFamily: client.deviceFamily,
  });
  const { id, publicKey } = device;
  const signature = await device.sign(claim);
  return { ...params, device: { id, publicKey, signature, signedAt: challenge.ts, nonce: challenge.nonce } };
}

function parse(data: unknown): unknown {
  try {
    return typeof data === "string" ? JSON.parse(data) : undefined;
  } catch {
    return undefined;
  }
}

/** With a pin there is one way only; without the means to check it there is none (CVE-2026-100551). */
function openSocket(url: string, { pinnedSocket, socket, tlsFingerprint }: LinkOptions): SocketLike {
  if (tlsFingerprint === undefined) return socket ? socket(url) : (new WebSocket(url) as unknown as SocketLike);
  if (!pinnedSocket) throw new SwitchboardError("REQ_001", "There is no way to check the certificate here.");
  return pinnedSocket(url, tlsFingerprint);
}
