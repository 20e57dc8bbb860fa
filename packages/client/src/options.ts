/** What a client is told when it is made. */
import type { ClientInfo, Role, Scope } from "@switchboard/protocol";
import type { Backoff } from "./backoff.ts";
import type { DeviceIdentity } from "./device.ts";

/** The part of the standard WebSocket that is used. */
export interface SocketLike {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  onerror: ((event: unknown) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export interface GatewayClientOptions {
  /** See `gatewayAddress`; never taken from a page's own address. */
  readonly url: string;
  /** The gateway's token; asked for at each attempt to connect when it is a function. Kept private, never logged. */
  readonly token?: string | (() => string | undefined | Promise<string | undefined>);
  readonly client: ClientInfo;
  /** Default `operator`. */
  readonly role?: Role;
  /** What to ask for. Without any, next to nothing is allowed. */
  readonly scopes?: readonly Scope[];
  readonly caps?: readonly string[];
  readonly device?: DeviceIdentity;
  /** `false`: the first failure is the end. */
  readonly reconnect?: Partial<Backoff> | false;
  /** From opening the socket to hello-ok; default 15 s. */
  readonly connectTimeoutMs?: number;
  /** For requests that name no time of their own; default 30 s. Waiting for a last answer has no limit by default. */
  readonly requestTimeoutMs?: number;
  /** `any` allows `ws://` to public hosts. Default `private`. */
  readonly cleartext?: "private" | "any";
  /** Default the built-in WebSocket. */
  readonly socket?: (url: string) => SocketLike;
  /** Default Math.random. */
  readonly random?: () => number;
}

/**
 * `waiting`: for the next attempt. `refused`: the gateway said no for good, or the line broke and `reconnect` is off;
 * nothing further is tried. `closed`: by
 * `close()`.
 */
export type ClientState =
  | { readonly name: "idle" }
  | { readonly name: "connecting" }
  | { readonly name: "connected"; readonly scopes: readonly string[] }
  | { readonly name: "waiting"; readonly delayMs: number; readonly error: Error }
  | { readonly name: "refused"; readonly error: Error }
  | { readonly name: "closed" };

export interface RequestOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Wait for the last answer of a method that answers twice. */
  readonly expectFinal?: boolean;
  /** The first answer of such a method. */
  readonly onAccepted?: (answer: unknown) => void;
}

/** Events were missed: read the state again. */
export interface Gap {
  readonly expected: number;
  readonly received: number;
}
