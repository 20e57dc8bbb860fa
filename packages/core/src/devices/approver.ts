/** Who approves devices, and what they can give: never more than they hold themselves (CVE-2026-33579). */
import { SwitchboardError } from "@switchboard/domain";
import { grantable, holds, type Role, type Scope } from "@switchboard/protocol";
import type { DeviceRequest } from "./records.ts";

export interface Approver {
  /** For the audit log. */
  readonly actor: string;
  readonly scopes: readonly Scope[];
  /** Whether they may approve nodes and manage their tokens. */
  readonly nodes: boolean;
  /** The device they are, when it was a device's token that let them in: without admin they manage only themselves. */
  readonly device?: string | undefined;
}

/** @throws SEC_003 naming what they would have to hold. */
export function checkApprover(approver: Approver, request: Pick<DeviceRequest, "device" | "roles" | "scopes">): void {
  checkReach(approver, request.device);
  // Clients know these words: they ask again as an admin.
  if (request.roles.some((role) => role !== "operator") && !approver.nodes) {
    throw missing("operator.admin", "device pairing approval denied: ");
  }
  const beyond = request.scopes.find((scope) => !holds(approver.scopes, scope));
  if (beyond !== undefined) throw missing(beyond);
}

/** @throws SEC_003 when the device is not theirs to manage. */
export function checkReach(approver: Approver, device: string): void {
  if (approver.device === undefined || approver.device === device || isAdmin(approver)) return;
  throw new SwitchboardError("SEC_003", "A device may only manage itself.", {
    action: "Use a connection that holds operator.admin.",
  });
}

/** @throws SEC_003 when the role is not theirs to manage. */
export function checkRole(approver: Approver, role: Role): void {
  if (role !== "operator") checkNodes(approver);
}

/** The part of the scopes that they can give. */
export function givable(approver: Approver, scopes: readonly Scope[]): Scope[] {
  return grantable(scopes, approver.scopes);
}

export function isAdmin(approver: Approver): boolean {
  return holds(approver.scopes, "operator.admin");
}

function checkNodes(approver: Approver): void {
  if (!approver.nodes) throw missing("operator.admin");
}

function missing(scope: Scope, before = ""): SwitchboardError {
  return new SwitchboardError("SEC_003", `${before}missing scope: ${scope}`, {
    action: "Ask somebody who holds it.",
    details: { code: "MISSING_SCOPE", missingScope: scope, requiredScopes: [scope] },
  });
}
