/** What changes of devices work with, and what they have in common. */
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import type { Role } from "@switchboard/protocol";
import type { Audit } from "../audit/audit.ts";
import type { Clock } from "../ports/index.ts";
import type { DeviceDocuments } from "./documents.ts";
import type { DeviceEvent } from "./events.ts";
import type { LastSeen } from "./last-seen.ts";
import type { Device, DeviceRequest, SetupCode } from "./records.ts";
import { isAlive } from "./requests.ts";

export interface DeviceContext {
  readonly documents: DeviceDocuments;
  readonly lastSeen: LastSeen;
  readonly clock: Clock;
  readonly audit: Audit;
  emit(event: DeviceEvent): void;
}

/** The newest approval first. */
export function pairedDevices({ documents, lastSeen }: DeviceContext, tenant: TenantId): Device[] {
  return documents
    .list(tenant, "device")
    .map((device) => lastSeen.on(tenant, device))
    .sort((a, b) => b.approvedAt - a.approvedAt);
}

/** @throws REQ_002. */
export function requireDevice({ documents }: DeviceContext, tenant: TenantId, id: string): Device {
  const device = documents.get(tenant, "device", id);
  if (device) return device;
  throw new SwitchboardError("REQ_002", "unknown deviceId", {
    action: "List the devices: switchboard devices list.",
  });
}

/** @throws REQ_002 when there is none or it is dead. */
export function requireRequest({ clock, documents }: DeviceContext, tenant: TenantId, id: string): DeviceRequest {
  const request = documents.get(tenant, "request", id);
  if (request && isAlive(request, clock.now())) return request;
  throw new SwitchboardError("REQ_002", "unknown requestId", {
    action: "List those that wait: switchboard devices list. A request dies five minutes after the device last asked.",
  });
}

/** The setup code that a request came with. */
export function setupOf(
  { documents }: DeviceContext,
  tenant: TenantId,
  { setup }: DeviceRequest,
): SetupCode | undefined {
  return setup === undefined ? undefined : documents.get(tenant, "setup", setup);
}

/** Changes a paired device and tells nobody. @throws REQ_002, and what `change` throws. */
export function changeDevice(
  context: DeviceContext,
  tenant: TenantId,
  id: string,
  change: (device: Device) => Device,
): Promise<Device> {
  return context.documents.change(tenant, () => {
    const body = change(requireDevice(context, tenant, id));
    return { changes: [{ kind: "device", id, body }], result: body };
  });
}

/** Tells that what a device was let in with is void. Connections hear of it first, so that they learn why. */
export function tellRevoked(
  { emit }: DeviceContext,
  tenant: TenantId,
  device: string,
  why: string,
  what: { readonly role?: Role; readonly except?: string } = {},
): void {
  emit({ type: "revoked", tenant, device, why, ...what });
  emit({ type: "changed", tenant, device });
}
