/** What a client is told when it is made. */
import type { ClientInfo, Role, Scope, SwitchboardError } from "@switchboard/protocol";
import type { Backoff } from "./backoff.ts";
import type { DeviceIdentity } from "./device.ts";
import type { TokenStore } from "./token-store.ts";

/** The part of the standard WebSocket that is used. */
export interface SocketLike {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  /** `error` says more where the socket knows more; when it is not retryable, nothing further is tried. */
  onclose:
    | ((event: { readonly code: number; readonly reason: string; readonly error?: SwitchboardError }) => void)
    | null;
  onerror: ((event: unknown) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** A secret; asked for at each attempt to connect when it is a function. Kept private, never logged. */
export type Credential = string | (() => string | undefined | Promise<string | undefined>);

export interface GatewayClientOptions {
  /**
   * See `gatewayAddress`; never taken from a page's own address. Several are addresses of one gateway, tried in this
   * order until one answers; the one that did is the first to be tried again.
   */
  readonly url: string | readonly [string, ...string[]];
  /** The gateway's token. */
  readonly token?: Credential;
  /** What the gateway gave this device; default what `tokenStore` holds. */
  readonly deviceToken?: Credential;
  /** From a setup code: used while the device has no token of its own. */
  readonly bootstrapToken?: Credential;
  readonly password?: Credential;
  /** Where device tokens are kept that the gateway gives; default for as long as this client lives. */
  readonly tokenStore?: TokenStore;
  /**
   * SHA-256 of the gateway's certificate, as `readFingerprint` reads it: no other is spoken to, and nobody else needs
   * to vouch for it. Every address must begin with `wss://`. Needs `pinnedSocket`; a browser has none.
   */
  readonly tlsFingerprint?: string;
  /** Opens a socket after it checked the certificate: `@switchboard/client/node` has one. */
  readonly pinnedSocket?: (url: string, fingerprint: string) => SocketLike;
  /** Keep asking until the device is approved, also when the gateway does not advise it. */
  readonly waitForApproval?: boolean;
  readonly client: ClientInfo;
  /** Default `operator`. */
  readonly role?: Role;
  /** What to ask for. Without any, next to nothing is allowed. */
  readonly scopes?: readonly Scope[];
  readonly caps?: readonly string[];
  /** Of a node: the commands it offers, and what its user allows. */
  readonly commands?: readonly string[];
  readonly permissions?: Readonly<Record<string, boolean>>;
  readonly device?: DeviceIdentity;
  /** `false`: the first failure is the end. */
  readonly reconnect?: Partial<Backoff> | false;
  /** From opening the socket to hello-ok; default 15 s, with several addresses 5 s for each. */
  readonly connectTimeoutMs?: number;
  /** For requests that name no time of their own; default 30 s. Waiting for a last answer has no limit by default. */
  readonly requestTimeoutMs?: number;
  /** `any` allows `ws://` to public hosts. Default `private`. */
  readonly cleartext?: "private" | "any";
  /** Default the built-in WebSocket. Not used with `tlsFingerprint`. */
  readonly socket?: (url: string) => SocketLike;
  /** Default Math.random. */
  readonly random?: () => number;
}

/**
 * `waiting`: for the next attempt. `refused`: the gateway said no for good, or the line broke and `reconnect` is off;
 * nothing further is tried. `closed`: by `close()`. When the device has to be approved first, the error's
 * `details.code` is `PAIRING_REQUIRED` and its `details.requestId` is what an operator approves.
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
