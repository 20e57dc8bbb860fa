/**
 * Who asks, as every face of a tenant sees it (ADR 43). Looked up anew for each request; the tenant comes from here and
 * from nowhere else, never from a path, a parameter or a body (TEN-1).
 */
import type { TenantId } from "@switchboard/domain";
import { API_SCOPES, type ApiScope } from "@switchboard/protocol";

/** From much to little. Each role may do what those after it may. */
export type Role = "owner" | "admin" | "member" | "viewer";

/** A key has some of its maker's, never more. */
export { API_SCOPES, type ApiScope };

export interface Principal {
  /** `operator`: holds the gateway's own secret and acts for the tenant of a personal install. */
  readonly kind: "person" | "key" | "operator";
  /** Unique within the gateway, for the audit log and for idempotency keys, e.g. `person:<id>`; never a name or address. */
  readonly id: string;
  readonly tenant: TenantId;
  readonly role: Role;
  readonly scopes: ReadonlySet<ApiScope>;
  /** Of a key: the id of the person who made it; absent: the operator did. */
  readonly person?: string;
}

/** The id of the person who answers for what is done: of a key its maker. `null`: the operator. */
export function personOf({ id, kind, person }: Principal): string | null {
  return kind === "person" ? id.slice("person:".length) : (person ?? null);
}

const MEMBER: readonly ApiScope[] = ["messages:write", "sessions:write"];
const ADMIN: readonly ApiScope[] = [
  "channels:write",
  "agents:run",
  "devices:write",
  "audit:read",
  "members:write",
  "keys:read",
  "keys:write",
];
const VIEWER = API_SCOPES.filter((scope) => scope.endsWith(":read") && !ADMIN.includes(scope));

/** What a role may do at most. */
export function scopesOf(role: Role): ReadonlySet<ApiScope> {
  if (role === "owner") return new Set(API_SCOPES);
  if (role === "viewer") return new Set(VIEWER);
  return new Set([...VIEWER, ...MEMBER, ...(role === "admin" ? ADMIN : [])]);
}
