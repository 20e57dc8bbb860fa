/** The typed map of all routes under `/api/v1`. Kept apart from the rest of the protocol: a start does not need it. */
import type { Static, TSchema } from "@switchboard/domain/schema";
import type { Immutable } from "../immutable.ts";
import { auditRoutes } from "./audit.ts";
import { channelRoutes } from "./channels.ts";
import { connectionRoutes } from "./connections.ts";
import { conversationRoutes, messageRoutes } from "./conversations.ts";
import { deadLetterRoutes, deliveryRoutes } from "./deliveries.ts";
import { deviceRoutes } from "./devices.ts";
import { keyRoutes } from "./keys.ts";
import { loginRoutes } from "./logins.ts";
import { meRoutes } from "./me.ts";
import { memberRoutes } from "./members.ts";
import { pairingRoutes } from "./pairing.ts";
import type { RouteSpec } from "./route.ts";
import { sessionRoutes } from "./sessions.ts";
import { tenantRoutes } from "./tenants.ts";
import { usageRoutes } from "./usage.ts";

export const ROUTES = {
  ...meRoutes,
  ...channelRoutes,
  ...loginRoutes,
  ...connectionRoutes,
  ...usageRoutes,
  ...memberRoutes,
  ...keyRoutes,
  ...tenantRoutes,
  ...conversationRoutes,
  ...messageRoutes,
  ...deliveryRoutes,
  ...deadLetterRoutes,
  ...sessionRoutes,
  ...pairingRoutes,
  ...deviceRoutes,
  ...auditRoutes,
} as const satisfies Record<string, RouteSpec>;

export type Routes = typeof ROUTES;
export type RouteName = keyof Routes;

type Part<R extends RouteName, P extends "params" | "query" | "body"> = Routes[R] extends {
  readonly [K in P]: infer S extends TSchema;
}
  ? Immutable<Static<S>>
  : undefined;

/** The parameters in the path, what stands after the question mark, the body; `undefined` where a route has none. */
export type RouteParams<R extends RouteName> = Part<R, "params">;
export type RouteQuery<R extends RouteName> = Part<R, "query">;
export type RouteBody<R extends RouteName> = Part<R, "body">;
export type RouteAnswer<R extends RouteName> = Immutable<Static<Routes[R]["answer"]>>;

export { openApi, Problem, restStatus } from "./openapi.ts";
export { type RouteSpec, takesIdempotencyKey } from "./route.ts";
