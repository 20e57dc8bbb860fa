/** What a device is told that has to be approved first, in the words that clients of the protocol act on. */
import type { Device, DeviceRequest, PairingReason } from "@switchboard/core";
import { type ConnectAttempt, type Refusal, refuse } from "../ws/index.ts";

const TEXTS: Readonly<Record<PairingReason, string>> = {
  "not-paired": "device is not approved yet",
  "role-upgrade": "device is asking for a role it was not approved for",
  "scope-upgrade": "device is asking for more scopes than it was approved for",
  "metadata-upgrade": "device identity changed and must be approved again",
};

export function pairingRequired({
  attempt,
  known,
  pending,
  waits,
}: {
  readonly attempt: ConnectAttempt;
  readonly pending: DeviceRequest;
  readonly known: Device | undefined;
  /** The client may come back by itself until it is approved. */
  readonly waits: boolean;
}): Refusal {
  const { id, device, reason } = pending;
  const roles = known?.grants.filter(({ revokedAt }) => revokedAt === undefined).map(({ role }) => role) ?? [];
  const scopes = known?.grants.find(({ role }) => role === attempt.role)?.approved ?? [];
  const message = `pairing required: ${TEXTS[reason]}`;
  return refuse(message, {
    code: "NOT_PAIRED",
    reason: `${message} (requestId: ${id})`,
    details: {
      code: "PAIRING_REQUIRED",
      reason,
      requestId: id,
      remediationHint: `Approve it: switchboard devices approve ${id}`,
      deviceId: device,
      requestedRole: attempt.role,
      ...(attempt.scopes.length > 0 && { requestedScopes: attempt.scopes }),
      ...(roles.length > 0 && { approvedRoles: roles }),
      ...(scopes.length > 0 && { approvedScopes: scopes }),
      ...(waits && { recommendedNextStep: "wait_then_retry", retryable: true, pauseReconnect: false }),
    },
  });
}
