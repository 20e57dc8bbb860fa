/** The typed map of all methods: registry and client are typed from it; nothing else can be registered or called. */
import type { Static, Type } from "@switchboard/domain/schema";
import type { Immutable } from "../immutable.ts";
import { agentMethods } from "./agent.ts";
import { auditLogMethods } from "./audit-log.ts";
import { canvasMethods } from "./canvas.ts";
import { catalogueMethods } from "./catalogue.ts";
import { channelMethods } from "./channels.ts";
import { chatMethods } from "./chat.ts";
import { configMethods } from "./config.ts";
import { deviceMethods } from "./devices.ts";
import { gatewayMethods } from "./gateway.ts";
import { limitMethods } from "./limits.ts";
import { logMethods } from "./logs.ts";
import { messageActionMethods } from "./message-action.ts";
import type { MethodSpec } from "./method.ts";
import { nodeMethods } from "./nodes.ts";
import { ownAlertMethods } from "./own-alerts.ts";
import { ownChannelMethods } from "./own-channels.ts";
import { ownMessageMethods } from "./own-messages.ts";
import { ownUpkeepMethods } from "./own-upkeep.ts";
import { ownVaultMethods } from "./own-vault.ts";
import { pairingMethods } from "./pairing.ts";
import { sessionWorkMethods } from "./session-work.ts";
import { sessionMethods } from "./sessions.ts";
import { systemMethods } from "./system.ts";
import { tenantMethods } from "./tenants.ts";
import { usageMethods } from "./usage.ts";
import { webLoginMethods } from "./web-login.ts";

export const METHODS = {
  ...gatewayMethods,
  ...systemMethods,
  ...configMethods,
  ...logMethods,
  ...catalogueMethods,
  ...channelMethods,
  ...webLoginMethods,
  ...deviceMethods,
  ...pairingMethods,
  ...nodeMethods,
  ...sessionMethods,
  ...sessionWorkMethods,
  ...chatMethods,
  ...agentMethods,
  ...messageActionMethods,
  ...ownChannelMethods,
  ...ownMessageMethods,
  ...auditLogMethods,
  ...ownUpkeepMethods,
  ...ownAlertMethods,
  ...usageMethods,
  ...tenantMethods,
  ...ownVaultMethods,
  ...limitMethods,
  ...canvasMethods,
} as const satisfies Record<string, MethodSpec>;

export type Methods = typeof METHODS;
export type MethodName = keyof Methods;

/** What a method is called with. */
export type Params<M extends MethodName> = Immutable<Static<Methods[M]["params"]>>;
/** What it answers; of two answers, the last. */
export type Result<M extends MethodName> = Immutable<Static<Methods[M]["result"]>>;
/** The methods that answer twice. */
export type TwoAnswers = {
  [M in MethodName]: Methods[M] extends { readonly accepted: unknown } ? M : never;
}[MethodName];
/** The first of two answers; `never` for methods with one. */
export type Accepted<M extends MethodName> = Methods[M] extends {
  readonly accepted: infer S extends Type.TSchema;
}
  ? Immutable<Static<S>>
  : never;

export function isMethod(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name);
}

/** What the protocol says of a method, without its exact types. */
export function methodSpec(name: MethodName): MethodSpec {
  return METHODS[name];
}

export { CANVAS_LIMITS } from "./canvas.ts";
export { ChatAttachment, type HistoryAnswer } from "./chat.ts";
export type { Idempotency, MethodSpec, ScopeRule } from "./method.ts";
export { NOT_HERE, type NotHere, refusalOfParameters } from "./not-here.ts";
