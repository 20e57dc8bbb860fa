/** Devices as the protocol shows them: never a token, nor its hash. */
import type { Device, DeviceRequest, SetupCode } from "@switchboard/core";
import type { EventPayload, PairedDevice, PendingDevice } from "@switchboard/protocol";

export function pendingShape(request: DeviceRequest): PendingDevice {
  const { createdAt, id, origin, repair, roles, scopes } = request;
  const [role] = roles;
  return {
    requestId: id,
    ...saidOf(request),
    ...(origin !== undefined && { browserOrigin: origin }),
    ...(role !== undefined && { role }),
    roles: [...roles],
    scopes: [...scopes],
    ...(repair && { isRepair: true }),
    ts: createdAt,
  };
}

export function pairedShape(device: Device, connected: boolean): PairedDevice {
  const { approvedAt, approvedVia, createdAt, grants, label, lastSeenAt, lastSeenReason } = device;
  const inForce = grants.filter(({ revokedAt }) => revokedAt === undefined);
  const [first] = inForce;
  return {
    ...saidOf(device),
    ...(label !== undefined && { operatorLabel: label }),
    ...(first && { role: first.role }),
    roles: inForce.map(({ role }) => role),
    scopes: [...new Set(inForce.flatMap(({ scopes }) => scopes))],
    approvedVia,
    createdAtMs: createdAt,
    approvedAtMs: approvedAt,
    ...(lastSeenAt !== undefined && { lastSeenAtMs: lastSeenAt }),
    ...(lastSeenReason !== undefined && { lastSeenReason }),
    connected,
    tokens: grants.map(({ createdAt: at, lastUsedAt, revokedAt, role, rotatedAt, scopes }) => ({
      role,
      scopes: [...scopes],
      createdAtMs: at,
      ...(rotatedAt !== undefined && { rotatedAtMs: rotatedAt }),
      ...(revokedAt !== undefined && { revokedAtMs: revokedAt }),
      ...(lastUsedAt !== undefined && { lastUsedAtMs: lastUsedAt }),
    })),
  };
}

/** What a code's device got; `access` as its code said. */
export function outcomeShape(
  setup: SetupCode,
  device: Pick<Device, "device" | "displayName" | "label">,
  ts: number,
): EventPayload<"device.pair.setup.completed"> {
  const name = device.label ?? device.displayName;
  return {
    setupId: setup.id,
    deviceId: device.device,
    ...(name !== undefined && { deviceName: name }),
    access: accessOf(setup),
    ts,
  };
}

/** In the protocol's three words. */
export function accessOf({ profile }: Pick<SetupCode, "profile">): "full" | "limited" | "node" {
  if (profile === "full") return "full";
  return profile === "limited" ? "limited" : "node";
}

function saidOf(said: Device | DeviceRequest) {
  const { clientId, clientMode, device, deviceFamily, displayName, platform, publicKey, remoteIp } = said;
  return {
    deviceId: device,
    publicKey,
    ...(displayName !== undefined && { displayName }),
    ...(platform !== undefined && { platform }),
    ...(deviceFamily !== undefined && { deviceFamily }),
    clientId,
    clientMode,
    ...(remoteIp !== undefined && { remoteIp }),
  };
}
