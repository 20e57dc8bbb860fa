/** The tokens of a paired device: checked, issued, replaced, made void. One role each (DEV-3). */
import type { TenantId } from "@switchboard/domain";
import type { Role, Scope } from "@switchboard/protocol";
import { type Approver, checkApprover, checkReach, checkRole } from "./approver.ts";
import { changeDevice, type DeviceContext, tellRevoked } from "./context.ts";
import { revoked, rotated, withToken } from "./grants.ts";
import type { Device } from "./records.ts";
import { hashOfToken, matchingHash, newToken } from "./secrets.ts";
import { grantOf } from "./standing.ts";

export type TokenCheck =
  | { readonly ok: true; readonly hash: string }
  | { readonly ok: false; readonly reason: "not-paired" | "revoked" | "mismatch" };

export interface IssuedToken {
  /** Shown once; only its hash is kept. */
  readonly token: string;
  readonly hash: string;
  readonly scopes: readonly Scope[];
  readonly issuedAt: number;
}

export interface Rotation {
  readonly device: string;
  readonly role: Role;
  /** `undefined`: those it has. */
  readonly scopes?: readonly Scope[] | undefined;
  /** The caller's own token, which goes over into the new one. */
  readonly own?: { hash: string } | undefined;
}

export function checkToken(device: Device | undefined, role: Role, token: string): TokenCheck {
  if (!device) return { ok: false, reason: "not-paired" };
  const grant = grantOf(device, role);
  if (!grant) return { ok: false, reason: "revoked" };
  const hash = matchingHash(token, grant.hashes);
  return hash === undefined ? { ok: false, reason: "mismatch" } : { ok: true, hash };
}

/** A further token of a role that is in force, with `most` these scopes. @throws REQ_002, SEC_003. */
export async function issue(
  context: DeviceContext,
  tenant: TenantId,
  device: string,
  role: Role,
  most?: readonly Scope[],
): Promise<IssuedToken> {
  const now = context.clock.now();
  const token = newToken();
  const hash = hashOfToken(token);
  const after = await changeDevice(context, tenant, device, (known) => withToken(known, role, { hash, most, now }));
  return { token, hash, scopes: grantOf(after, role)?.scopes ?? [], issuedAt: now };
}

/** Neither the scopes that are named nor those it has may go beyond the caller's (GHSA-4jpw-hj22-2xmc). */
export async function rotate(
  context: DeviceContext,
  tenant: TenantId,
  { device, own, role, scopes }: Rotation,
  approver: Approver,
): Promise<IssuedToken> {
  const now = context.clock.now();
  const token = newToken();
  const hash = hashOfToken(token);
  checkReach(approver, device);
  checkRole(approver, role);
  const after = await changeDevice(context, tenant, device, (known) => {
    const after = rotated(known, role, { hash, scopes, now });
    checkApprover(approver, { device, roles: [role], scopes: grantOf(after, role)?.scopes ?? [] });
    return after;
  });
  if (own) own.hash = hash;
  await context.audit(tenant, {
    actor: approver.actor,
    action: "device.token-rotated",
    subject: device,
    outcome: "ok",
    detail: { role },
  });
  tellRevoked(context, tenant, device, "device token rotated", { role, except: hash });
  return { token, hash, scopes: grantOf(after, role)?.scopes ?? [], issuedAt: now };
}

/** Returns when. @throws REQ_002, SEC_003. */
export async function revoke(
  context: DeviceContext,
  tenant: TenantId,
  { device, role }: { readonly device: string; readonly role: Role },
  approver: Approver,
): Promise<number> {
  const now = context.clock.now();
  checkReach(approver, device);
  checkRole(approver, role);
  await changeDevice(context, tenant, device, (known) => revoked(known, role, now));
  await context.audit(tenant, {
    actor: approver.actor,
    action: "device.token-revoked",
    subject: device,
    outcome: "ok",
    detail: { role },
  });
  tellRevoked(context, tenant, device, "device token revoked", { role });
  return now;
}
