/** How a device that proved its key stands: let in, or what has to be approved first. Pure. */
import { holds, isScope, type Role, type Scope } from "@switchboard/protocol";
import { fitsPinned } from "./metadata.ts";
import type { Device, DeviceClaims, PairingReason, RoleGrant } from "./records.ts";

export interface Wanted {
  readonly role: Role;
  readonly scopes: readonly string[];
}

/** The grant of a role while it is in force. */
export function grantOf(device: Device | undefined, role: Role): RoleGrant | undefined {
  const grant = device?.grants.find((each) => each.role === role);
  return grant?.revokedAt === undefined ? grant : undefined;
}

/** `undefined`: it may come in with all it asks for. */
export function missingApproval(
  device: Device | undefined,
  claims: DeviceClaims,
  wanted: Wanted,
): PairingReason | undefined {
  if (!device) return "not-paired";
  const grant = grantOf(device, wanted.role);
  if (!grant) return "role-upgrade";
  if (!wanted.scopes.filter(isScope).every((scope) => holds(grant.scopes, scope))) return "scope-upgrade";
  return fitsPinned(device, claims) ? undefined : "metadata-upgrade";
}

/** Sorted, without doubles. */
export function unite<T extends Role | Scope>(...lists: readonly (readonly T[])[]): T[] {
  return [...new Set(lists.flat())].sort();
}
