/** What the protocol says of one method. Server registry and client are typed from these. */
import type { TSchema } from "@switchboard/domain/schema";
import type { Role, Scope } from "../scopes.ts";

export interface MethodSpec {
  readonly params: TSchema;
  /** The answer; of two, the last. */
  readonly result: TSchema;
  /** The first of two answers, where there are two. */
  readonly accepted?: TSchema;
  /** What the caller must hold; `null`: nothing. */
  readonly scope: Scope | null;
  /** Holding this is as good as `scope`. */
  readonly orScope?: Scope;
  /** What certain parameters take besides. */
  readonly alsoScopes?: readonly ScopeRule[];
  readonly role: Role | "any";
  /** The first release that had it: of the gateway protocol, or ours as `switchboard/<version>`. */
  readonly since: string;
  /** Works, but is not advertised. */
  readonly hidden?: true;
  /** Counts against the limit on control-plane writes. */
  readonly controlPlane?: true;
  /** Asked for again under the same `idempotencyKey` it has no second effect. Without a key each request is its own. */
  readonly idempotent?: Idempotency;
}

/** Parameters that take a further scope. Only looked at once the parameters are valid. */
export type ScopeRule = { readonly scope: Scope } & (
  | { /** Parameters that fit this need the scope. */ readonly when: TSchema }
  | { /** All parameters need the scope but those that fit this. */ readonly unless: TSchema }
);

export interface Idempotency {
  /**
   * What a repetition gets while the first call still works. `join`: its answer, when it is there. `in-flight`: at
   * once `{ runId, status: "in_flight" }`.
   */
  readonly meanwhile: "join" | "in-flight";
  /** Parameters that must be the same again; others may differ. */
  readonly binds: readonly string[];
}

/** Keeps the exact types of a specification's schemas. */
export function method<const Spec extends MethodSpec>(spec: Spec): Spec {
  return spec;
}

/** First release of the gateway protocol that this catalogue knows of. */
export const BASE = "2026.7";
/** First release of our own. */
export const OWN = "switchboard/0.1.0";

/** Reading sessions takes the wide scope or the narrow one; so does working in them. */
export const sessionRead = {
  scope: "operator.read",
  orScope: "operator.sessions.read",
  role: "operator",
  since: BASE,
} as const;
export const sessionWrite = {
  scope: "operator.write",
  orScope: "operator.sessions.write",
  role: "operator",
  since: BASE,
} as const;
