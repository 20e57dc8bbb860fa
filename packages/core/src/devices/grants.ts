/** A device's roles after a change. Pure. */
import { SwitchboardError } from "@switchboard/domain";
import { grantable, type Role, type Scope } from "@switchboard/protocol";
import type { ApprovedVia, Device, DeviceRequest, RoleGrant } from "./records.ts";
import { grantOf, unite } from "./standing.ts";

/** Tokens of one role that are in force at a time: a device may have asked for one from several processes. */
const MOST_TOKENS = 5;

/** The device as it is once everything it asked for is approved. Another kind of machine under the same key starts with no tokens. */
export function approved(
  known: Device | undefined,
  request: DeviceRequest,
  how: { readonly via: ApprovedVia; readonly now: number },
): Device {
  const {
    id: _,
    reason,
    roles,
    scopes,
    repair: __,
    createdAt: ___,
    refreshedAt: ____,
    setup: _____,
    ...claims
  } = request;
  const { now, via } = how;
  const asked = roles.map((role): RoleGrant => {
    const before = grantOf(known, role);
    // What was approved for another machine, or taken from the tokens since, nobody approved now.
    const kept = reason === "metadata-upgrade" ? undefined : before;
    const isOperator = role === "operator";
    return {
      role,
      approved: isOperator ? unite(kept?.approved ?? [], scopes) : [],
      scopes: isOperator ? unite(kept?.scopes ?? [], scopes) : [],
      hashes: kept?.hashes ?? [],
      createdAt: before?.createdAt ?? now,
      ...(before?.lastUsedAt !== undefined && { lastUsedAt: before.lastUsedAt }),
    };
  });
  const others = (known?.grants ?? [])
    .filter(({ role }) => !roles.includes(role))
    .map((grant) => (reason === "metadata-upgrade" ? { ...grant, hashes: [] } : grant));
  const { pendingSurface, surface, ...before } = known ?? {};
  // Approved for a machine of that kind, while it was a node.
  const keepsSurface = reason !== "metadata-upgrade" && grantOf(known, "node") !== undefined;
  return {
    ...before,
    ...claims,
    ...(keepsSurface && pendingSurface && { pendingSurface }),
    ...(keepsSurface && surface && { surface }),
    grants: [...others, ...asked].sort((a, b) => (a.role < b.role ? -1 : 1)),
    approvedVia: known?.approvedVia ?? via,
    createdAt: known?.createdAt ?? now,
    approvedAt: now,
  };
}

/**
 * With another token beside those in force; the oldest goes when there are too many. `most`: from now on the role's
 * tokens carry nothing beyond these scopes.
 */
export function withToken(
  device: Device,
  role: Role,
  { hash, most, now }: { readonly hash: string; readonly now: number; readonly most?: readonly Scope[] | undefined },
): Device {
  return withGrant(device, role, (grant) => ({
    ...grant,
    scopes: most ? grantable(grant.scopes, most) : grant.scopes,
    hashes: [...grant.hashes, hash].slice(-MOST_TOKENS),
    lastUsedAt: now,
  }));
}

/** With this token only. @throws SEC_003 when the scopes were never approved. */
export function rotated(
  device: Device,
  role: Role,
  to: { readonly hash: string; readonly scopes: readonly Scope[] | undefined; readonly now: number },
): Device {
  return withGrant(device, role, (grant) => {
    const scopes = unite(to.scopes ?? grant.scopes);
    const beyond = scopes.find((scope) => !grant.approved.includes(scope));
    if (beyond !== undefined) {
      throw new SwitchboardError("SEC_003", `device token rotation denied: ${beyond} was not approved`, {
        action: "Ask for it with device.scopes.requestUpgrade.",
      });
    }
    return { ...grant, scopes, hashes: [to.hash], rotatedAt: to.now };
  });
}

export function revoked(device: Device, role: Role, now: number): Device {
  return withGrant(device, role, (grant) => ({ ...grant, hashes: [], revokedAt: now }));
}

/** @throws SEC_003 when the role is not in force: only an approval makes one (GHSA-whf9-3hcx-gq54). */
function withGrant(device: Device, role: Role, change: (grant: RoleGrant) => RoleGrant): Device {
  if (!grantOf(device, role)) {
    throw new SwitchboardError("SEC_003", `The device ${device.device} has no role ${role}.`, {
      action: "Approve the role first: the device asks for it when it connects.",
    });
  }
  return { ...device, grants: device.grants.map((grant) => (grant.role === role ? change(grant) : grant)) };
}
