/** What answers each route, typed by the protocol's map. A resource has one file here and one in the protocol. */
import type { Log, Vault } from "@switchboard/core/ports";
import type { RouteAnswer, RouteBody, RouteName, RouteParams, RouteQuery, Routes } from "@switchboard/protocol/rest";
import type { Principal } from "../identity/principal.ts";
import type { MethodDeps } from "../methods/deps.ts";
import type { MethodRegistry } from "../ws/index.ts";
import { auditHandlers } from "./audit.ts";
import { channelHandlers } from "./channels.ts";
import { connectionHandlers } from "./connections.ts";
import { conversationHandlers, messageHandlers } from "./conversations.ts";
import { deadLetterHandlers, deliveryHandlers } from "./deliveries.ts";
import { deviceHandlers } from "./devices.ts";
import { keyHandlers } from "./keys.ts";
import { loginHandlers } from "./logins.ts";
import { meHandlers } from "./me.ts";
import { memberHandlers } from "./members.ts";
import { askMethods } from "./methods.ts";
import { pairingHandlers } from "./pairing.ts";
import { registrationsOf } from "./registrations.ts";
import { sessionHandlers } from "./sessions.ts";
import { tenantHandlers } from "./tenants.ts";
import { usageHandlers } from "./usage.ts";

/** One request, found valid and allowed. */
export interface Call<R extends RouteName = RouteName> {
  readonly params: RouteParams<R>;
  readonly query: RouteQuery<R>;
  readonly body: RouteBody<R>;
  /** Whose data it is about: `principal.tenant` and nobody else's. */
  readonly principal: Principal;
  /** For a handler that sees to it itself that the same again is the same effect. */
  readonly idempotencyKey?: string | undefined;
  /** Says with the answer that such a key was known. */
  readonly repeated: () => void;
  /** Of a stream: the id of the last event that the caller has. */
  readonly lastEventId?: string | undefined;
  /** A browser that proves itself by a cookie. */
  readonly browser?: Browser | undefined;
  /** Aborted when the caller is gone. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Throws a SwitchboardError for what the caller should read; anything else is logged and answered as SYS_005. */
export type RouteHandler<R extends RouteName> = (
  call: Call<R>,
) => Routes[R] extends { readonly stream: true }
  ? AsyncIterable<StreamEvent<RouteAnswer<R>>>
  : Promise<RouteAnswer<R>> | RouteAnswer<R>;

/** One of a stream's; `id` comes back as `lastEventId`. */
export interface StreamEvent<Data = unknown> {
  readonly id: string;
  readonly data: Data;
}

export interface Browser {
  /** The `Host` header. */
  readonly host: string;
  /** Sets a cookie with the answer. */
  setCookie(text: string): void;
}

export type RouteHandlers<R extends RouteName = RouteName> = { readonly [N in R]: RouteHandler<N> };

/** The routes whose names begin with this, e.g. `me`. */
export type HandlersOf<Resource extends string> = RouteHandlers<Extract<RouteName, `${Resource}.${string}`>>;

/** What handlers work with. */
export interface RestDeps extends MethodDeps {
  readonly methods: MethodRegistry;
  readonly vault: Vault;
}

export function restHandlers(deps: RestDeps): RouteHandlers {
  const registrations = registrationsOf(deps);
  const ask = askMethods(deps.methods);
  return {
    ...meHandlers(),
    ...channelHandlers(deps, registrations),
    ...connectionHandlers(deps, registrations),
    ...loginHandlers(deps, registrations),
    ...usageHandlers(deps),
    ...memberHandlers(deps),
    ...keyHandlers(deps),
    ...tenantHandlers(ask),
    ...conversationHandlers(deps),
    ...messageHandlers(deps, ask),
    ...deliveryHandlers(deps, ask),
    ...deadLetterHandlers(ask),
    ...sessionHandlers(deps, ask),
    ...pairingHandlers(ask),
    ...deviceHandlers(ask),
    ...auditHandlers(deps, ask),
  };
}
