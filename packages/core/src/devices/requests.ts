/** How requests of one device follow each other. Pure. */
import type { Role, Scope } from "@switchboard/protocol";
import type { DeviceClaims, DeviceRequest, PairingReason } from "./records.ts";
import { unite } from "./standing.ts";

/** A request nobody refreshes dies after this long, in milliseconds. */
export const REQUEST_TTL_MS = 5 * 60_000;

export interface Asking {
  readonly claims: DeviceClaims;
  readonly reason: PairingReason;
  readonly roles: readonly Role[];
  readonly scopes: readonly Scope[];
  readonly setup?: string | undefined;
}

export function isAlive({ refreshedAt }: DeviceRequest, now: number): boolean {
  return now - refreshedAt < REQUEST_TTL_MS;
}

/**
 * The one request of a device after it asked again: the earlier one, refreshed, when it covers what is asked and tells
 * the same of the device; else a new one with everything that was asked for, which supersedes the others (DEV-8).
 */
export function nextRequest(
  earlier: readonly DeviceRequest[],
  asking: Asking,
  about: { readonly id: string; readonly repair: boolean; readonly now: number },
): DeviceRequest {
  const { claims, reason, setup } = asking;
  const { id, now, repair } = about;
  const [only, ...others] = earlier;
  if (only && others.length === 0 && covers(only, asking)) return { ...only, refreshedAt: now };
  return {
    ...claims,
    id,
    reason,
    roles: unite(...earlier.map((request) => request.roles), asking.roles),
    scopes: unite(...earlier.map((request) => request.scopes), asking.scopes),
    repair,
    createdAt: now,
    refreshedAt: now,
    ...(setup !== undefined && { setup }),
  };
}

function covers(request: DeviceRequest, { claims, roles, scopes, setup }: Asking): boolean {
  const sameDevice =
    request.publicKey === claims.publicKey &&
    request.origin === claims.origin &&
    request.platform === claims.platform &&
    request.deviceFamily === claims.deviceFamily &&
    request.clientId === claims.clientId &&
    request.setup === setup;
  return (
    sameDevice &&
    roles.every((role) => request.roles.includes(role)) &&
    scopes.every((scope) => request.scopes.includes(scope))
  );
}
