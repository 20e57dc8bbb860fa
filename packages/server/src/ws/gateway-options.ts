/** What the connection layer is given, and what it gives. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Clock, Log } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import type { ClientEvent, EventPayload, Scope, SessionDefaults, StateVersion } from "@switchboard/protocol";
import type { ProxyTrust } from "../callers/peer.ts";
import type { GatewayLimits } from "../lines/limits.ts";
import type { Authenticator, Authority } from "./authenticator.ts";
import type { Phase } from "./connect-refusals.ts";
import type { HealthSummary } from "./health-cache.ts";
import type { ConnectionInfo, MethodRegistry } from "./registry.ts";
import type { GatewayTelemetry } from "./telemetry.ts";

/** Whoever is shown something outside its connection, for as long as it may be. */
export interface SurfaceCaller {
  readonly info: ConnectionInfo;
  /** Aborted when its line is gone. */
  readonly signal: AbortSignal;
  /** What it is allowed at this moment; `undefined`: nothing any more. */
  authority(): Authority | undefined;
}

export interface GatewaySocketOptions {
  readonly authenticate: Authenticator;
  /** Everything but what the connection layer answers itself, see `builtinMethods`. */
  readonly methods: MethodRegistry;
  /** What clients are told when they connect. */
  readonly snapshot: {
    readonly version: string;
    readonly startedAt: number;
    /** `probe`: look now, whatever it costs. Otherwise asked at most once a minute. */
    health(probe: boolean, tenant: TenantId): Promise<HealthSummary> | HealthSummary;
    sessionDefaults?(): SessionDefaults;
  };
  /** A session's key in full, where clients may write it shorter. @throws REQ_001, REQ_002. Default as it is. */
  readonly sessionKey?: (written: string, agentId?: string) => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry?: GatewayTelemetry;
  readonly limits?: Partial<GatewayLimits>;
  readonly trust: ProxyTrust;
  /** Web origins besides the gateway's own; looked up for each connection. Put the public URL's origin in. */
  readonly allowedOrigins?: () => readonly string[];
  /** The gateway's own address under which this upgrade request reached it; default unknown. */
  rootOf?(request: IncomingMessage): string | undefined;
  /** The addresses of surfaces that `hello-ok` gives a client; default none. */
  surfaces?(caller: SurfaceCaller): Readonly<Record<string, string>> | undefined;
  /** Default always ready. */
  readonly phase?: () => Phase;
  /** Somebody is through the handshake. */
  joined?(info: ConnectionInfo): void;
  /** The line of somebody who was is gone. */
  left?(info: ConnectionInfo): void;
}

export interface BroadcastOptions {
  /** Default the event's own. */
  readonly scope?: Scope | null;
  /** Default the payload's `sessionKey`: clients that asked for some sessions only get these. */
  readonly sessionKey?: string;
  /** Default the event's own. */
  readonly dropIfSlow?: boolean;
  readonly stateVersion?: StateVersion;
}

export interface GatewaySocket {
  /** For the HTTP server's `upgrade` event. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sends an event to everyone of the tenant who may hear it and listens to it. */
  broadcast<E extends ClientEvent>(
    tenant: TenantId,
    event: E,
    payload: EventPayload<E>,
    options?: BroadcastOptions,
  ): void;
  /**
   * Sends an event to one connection, whatever it holds, without a sequence number. False: nobody is there, the line is
   * closing, or what was allowed is taken away.
   */
  sendTo<E extends ClientEvent>(connection: string, event: E, payload: EventPayload<E>): boolean;
  /** Closes the connections whose authority is gone; call it when a secret or a grant changed. */
  reauthorise(): void;
  connections(): readonly ConnectionInfo[];
  /** Closes the connections that fit, by default with 4001. */
  disconnect(fits: (info: ConnectionInfo) => boolean, reason: string, code?: number): void;
  /** Whether anybody is connected: without, events need not even be made. */
  isHeard(): boolean;
  /**
   * Tells everyone, begins nothing new, waits up to `drainMs` (default 0) for answers under way, and closes every line
   * with 1012. Resolves when all are gone.
   */
  close(options: {
    readonly reason: string;
    readonly restartExpectedMs?: number;
    readonly drainMs?: number;
  }): Promise<void>;
}
