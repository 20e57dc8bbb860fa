/** The answer to an accepted `connect`. */
import {
  type EventPayload,
  type HelloOk,
  holds,
  type Immutable,
  PROTOCOL_VERSION,
  type Scope,
  type SessionDefaults,
  type StateVersion,
} from "@switchboard/protocol";
import type { GatewayLimits } from "../lines/limits.ts";
import type { Admission } from "./authenticator.ts";
import type { Verdict } from "./handshake.ts";
import type { HealthSummary } from "./health-cache.ts";

/** What `hello-ok` tells of the gateway at this moment. */
export interface HelloFacts {
  readonly version: string;
  readonly methods: readonly string[];
  readonly events: readonly string[];
  readonly presence: EventPayload<"presence">["presence"];
  readonly health: HealthSummary | Record<never, never>;
  readonly stateVersion: StateVersion;
  readonly uptimeMs: number;
  readonly sessionDefaults: SessionDefaults | undefined;
}

export function helloOk(
  facts: HelloFacts,
  about: {
    readonly id: string;
    readonly verdict: Verdict & { readonly ok: true };
    readonly scopes: readonly Scope[];
    readonly limits: GatewayLimits;
    readonly surfaces?: Readonly<Record<string, string>> | undefined;
  },
): Immutable<HelloOk> {
  const { verdict, limits, scopes, surfaces } = about;
  const { role } = verdict.attempt;
  const mayRead = role === "operator" && holds(scopes, "operator.read");
  return {
    type: "hello-ok",
    protocol: PROTOCOL_VERSION,
    server: { version: facts.version, connId: about.id },
    features: { methods: facts.methods, events: facts.events },
    snapshot: {
      presence: mayRead ? facts.presence : [],
      health: healthOf(facts),
      stateVersion: facts.stateVersion,
      uptimeMs: Math.max(0, Math.round(facts.uptimeMs)),
      ...(facts.sessionDefaults && { sessionDefaults: facts.sessionDefaults }),
    },
    ...(surfaces && { pluginSurfaceUrls: surfaces }),
    auth: { method: verdict.admission.method, role, scopes, ...issuedTokens(verdict.admission) },
    policy: {
      maxPayload: limits.maxPayload,
      maxBufferedBytes: limits.maxBufferedBytes,
      tickIntervalMs: limits.tickMs,
      attachments: limits.attachments,
    },
  };
}

/** Clients may check that `ok` is true where it is there; the `health` event tells them. */
function healthOf({ health }: HelloFacts): Immutable<HelloOk>["snapshot"]["health"] {
  const { ok, ...rest } = { ok: undefined, ...health };
  return ok ? { ok, ...rest } : rest;
}

function issuedTokens({ deviceToken, otherTokens }: Admission & { readonly ok: true }) {
  return {
    ...(deviceToken && { deviceToken: deviceToken.token }),
    ...(deviceToken?.issuedAt !== undefined && { issuedAtMs: deviceToken.issuedAt }),
    ...(otherTokens && {
      deviceTokens: otherTokens.map(({ issuedAt, role, scopes, token }) => ({
        deviceToken: token,
        role,
        scopes,
        issuedAtMs: issuedAt,
      })),
    }),
  };
}
