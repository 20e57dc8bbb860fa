/** One socket from its first byte to its last: greeting, handshake, then frames. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Clock, Log } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import { CLOSE } from "@switchboard/protocol";
import type { WebSocket } from "ws";
import type { Peer } from "../callers/peer.ts";
import { decodeJson } from "../http/decode.ts";
import type { GatewayLimits } from "../lines/limits.ts";
import { Wire } from "../lines/wire.ts";
import { Connection } from "./connection.ts";
import type { Dispatcher } from "./dispatch.ts";
import type { SurfaceCaller } from "./gateway-options.ts";
import { type HandshakeOptions, shakeHands, type Verdict } from "./handshake.ts";
import { type HelloFacts, helloOk } from "./hello.ts";
import type { Visitor } from "./presence.ts";
import type { Refusal } from "./refusal.ts";
import type { GatewayTelemetry } from "./telemetry.ts";

export interface GuestOptions {
  readonly request: IncomingMessage;
  readonly peer: Peer;
  readonly handshake: HandshakeOptions;
  readonly limits: GatewayLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: GatewayTelemetry;
  readonly dispatcher: Dispatcher;
  hello(tenant: TenantId): Promise<HelloFacts>;
  rootOf(request: IncomingMessage): string | undefined;
  surfaces(caller: SurfaceCaller): Readonly<Record<string, string>> | undefined;
  /** The handshake is done; `hello-ok` is on its way. */
  entered(connection: Connection, visitor: Visitor): void;
  left(connection: Connection, visitor: Visitor): void;
  /** The socket is closed, however far it came. */
  gone(): void;
}

type State =
  | { readonly phase: "greeted" }
  | { readonly phase: "shaking"; readonly queued: Buffer[] }
  | { readonly phase: "in"; readonly connection: Connection; readonly visitor: Visitor };

export class Guest {
  readonly #id = randomUUID();
  readonly #nonce = randomUUID();
  readonly #options: GuestOptions;
  readonly #wire: Wire;
  readonly #ended: Promise<void>;
  readonly #cancelTimeout: () => void;
  #state: State = { phase: "greeted" };

  constructor(socket: WebSocket, options: GuestOptions) {
    const { limits, clock } = options;
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ended = promise;
    this.#wire = new Wire(socket, limits, clock, {
      message: (bytes) => this.#message(bytes),
      closed: (code, reason) => {
        this.#closed(code, reason);
        resolve();
      },
    });
    this.#cancelTimeout = clock.after(limits.handshakeMs, () => {
      options.telemetry.refused("handshake timeout");
      options.log.info({ ip: options.peer.ip }, "a client did not finish its handshake in time");
      this.#wire.close(CLOSE.normal);
    });
    const challenge = { nonce: this.#nonce, ts: clock.now() };
    this.#wire.send(JSON.stringify({ type: "event", event: "connect.challenge", payload: challenge }));
  }

  /** Sends the guest away; resolves when the socket is closed. */
  dismiss(code: number, reason: string): Promise<void> {
    this.#wire.close(code, reason);
    return this.#ended;
  }

  #message(bytes: Buffer): void {
    const state = this.#state;
    const { preAuthPayload, queuedHandshakeFrames } = this.#options.limits;
    if (state.phase === "in") this.#frame(state.connection, bytes);
    else if (bytes.length > preAuthPayload) this.#wire.close(CLOSE.tooBig, "preauth payload too large");
    else if (state.phase === "greeted") this.#firstFrame(bytes);
    else if (state.queued.length < queuedHandshakeFrames) state.queued.push(bytes);
    else this.#wire.close(CLOSE.policy, "too many pending handshake frames");
  }

  #firstFrame(bytes: Buffer): void {
    const { handshake, log, limits, peer, request } = this.#options;
    const decoded = decodeJson(bytes, limits.depth);
    if (!decoded.ok) {
      this.#wire.close(CLOSE.normal);
      return;
    }
    const queued: Buffer[] = [];
    this.#state = { phase: "shaking", queued };
    shakeHands(decoded.value, { request, peer, nonce: this.#nonce }, handshake)
      .then((verdict) => (verdict.ok ? this.#enter(verdict, queued) : this.#refuse(verdict.id, verdict.refusal)))
      .catch((error: unknown) => {
        log.error({ error: String(error) }, "a handshake failed");
        this.#wire.close(CLOSE.internal, "internal error");
      });
  }

  #refuse(id: string | undefined, { error, close, reason, label }: Refusal): void {
    const { telemetry, log, peer } = this.#options;
    telemetry.refused(label);
    log.info({ ip: peer.ip, code: label }, "refused a connection");
    if (error && id !== undefined) this.#wire.send(JSON.stringify({ type: "res", id, ok: false, error }));
    this.#wire.close(close, reason);
  }

  async #enter(verdict: Verdict & { readonly ok: true }, queued: readonly Buffer[]): Promise<void> {
    const { clock, entered, hello, limits, log, peer } = this.#options;
    const { attempt, admission, device } = verdict;
    const { client, caps = [], commands, pathEnv, permissions } = attempt.params;
    const facts = await hello(admission.principal.tenant);
    const authority = admission.authority();
    if (!authority) return this.#wire.close(CLOSE.authorityLost, "gateway auth changed");
    if (!this.#wire.open) return;
    const connection = new Connection({
      info: {
        id: this.#id,
        client,
        role: attempt.role,
        caps: new Set(caps),
        peer,
        device: device?.id,
        method: admission.method,
        token: admission.token,
        tenant: admission.principal.tenant,
        actor: admission.principal.actor,
        connectedAt: clock.now(),
        root: this.#options.rootOf(this.#options.request),
        ...(attempt.role === "node" && {
          offer: {
            caps,
            ...(commands && { commands }),
            ...(permissions && { permissions }),
            ...(pathEnv && { pathEnv }),
          },
        }),
      },
      wire: this.#wire,
      limits,
      authority: admission.authority,
    });
    const { scopes } = authority;
    const visitor = { connection: this.#id, client, role: attempt.role, scopes, peer, device: device?.id };
    const surfaces = this.#options.surfaces(connection);
    this.#cancelTimeout();
    this.#wire.established();
    connection.respond(verdict.id, helloOk(facts, { id: this.#id, verdict, scopes, limits, surfaces }));
    this.#state = { phase: "in", connection, visitor };
    log.info({ connection: this.#id, ip: peer.ip, client: client.id, mode: client.mode, scopes }, "connected");
    entered(connection, visitor);
    for (const bytes of queued) this.#frame(connection, bytes);
  }

  #frame(connection: Connection, bytes: Buffer): void {
    const { dispatcher, limits, log } = this.#options;
    if (!this.#wire.open) return;
    const decoded = decodeJson(bytes, limits.depth);
    if (decoded.ok) {
      dispatcher.take(connection, decoded.value, bytes.length);
      return;
    }
    log.warn({ connection: this.#id, bytes: bytes.length, reason: decoded.reason }, "a frame could not be read");
    if (decoded.reason === "not JSON") return;
    connection.fail("invalid", { code: "INVALID_REQUEST", message: `invalid request frame: ${decoded.reason}` });
  }

  #closed(code: number, reason: string): void {
    const { gone, left, log, telemetry } = this.#options;
    const state = this.#state;
    this.#cancelTimeout();
    telemetry.closed(code);
    gone();
    if (state.phase !== "in") return;
    log.info({ connection: this.#id, code, reason }, "disconnected");
    state.connection.ended();
    left(state.connection, state.visitor);
  }
}
