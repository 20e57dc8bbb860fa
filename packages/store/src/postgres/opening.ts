/** How transactions begin: as whom, for which tenant, and beside whom. */
import { createHash } from "node:crypto";
import { literal, quoted, type Roles } from "./roles.ts";

/**
 * `read`: changes nothing. `write`: works under the locks of the lanes it touches, beside others of its tenant. `wide`:
 * rests on more than its lanes, so while it runs nobody else writes for the tenant, on any node.
 */
export type Mode = "read" | "write" | "wide";

/** Our numbers among the advisory locks of the database. */
export const LOCKS = {
  tenant: 1_398_228_801,
  migrations: 1_398_228_802,
  prune: 1_398_228_803,
  nodes: 1_398_228_804,
} as const;

export function openingFor(roles: Roles, tenant: string, mode: Mode): string {
  const begin = mode === "read" ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" : "BEGIN";
  return `${begin}; SET LOCAL ROLE ${quoted(roles.app)}; ${turningTo(tenant, mode)}`;
}

/** From here on the open transaction works for that tenant, and sees nothing of the one before. */
export function turningTo(tenant: string, mode: Mode): string {
  const lock = mode === "read" ? "" : `; SELECT ${advisory(mode)}(${LOCKS.tenant}, ${numberOf(tenant)})`;
  return `SELECT set_config('app.tenant_id', ${literal(tenant)}, true)${lock}`;
}

export function openingForAll(roles: Roles): string {
  return `BEGIN; SET LOCAL ROLE ${quoted(roles.engine)}`;
}

function advisory(mode: "write" | "wide"): string {
  return mode === "wide" ? "pg_advisory_xact_lock" : "pg_advisory_xact_lock_shared";
}

/** Two tenants may share a number: then they wait for each other now and then. */
function numberOf(tenant: string): number {
  return createHash("sha256").update(tenant).digest().readInt32BE(0);
}
