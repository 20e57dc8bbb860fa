/** A device is forgotten, and with it whatever it asked for. */
import type { TenantId } from "@switchboard/domain";
import { type Approver, checkReach, checkRole } from "./approver.ts";
import { type DeviceContext, requireDevice, tellRevoked } from "./context.ts";
import { removal } from "./documents.ts";
import { codesOf } from "./setup-codes.ts";

/** Whatever the device is connected with is void. @throws REQ_002, SEC_003. */
export async function remove(context: DeviceContext, tenant: TenantId, id: string, approver: Approver): Promise<void> {
  const { audit, documents, lastSeen } = context;
  await documents.change(tenant, () => {
    const device = requireDevice(context, tenant, id);
    checkReach(approver, id);
    for (const { role } of device.grants) checkRole(approver, role);
    const requests = documents.list(tenant, "request").filter((each) => each.device === id);
    return {
      changes: [
        removal("device", id),
        ...requests.map((each) => removal("request", each.id)),
        ...codesOf(documents, tenant, id).map((each) => removal("setup", each.id)),
      ],
      result: undefined,
    };
  });
  lastSeen.forget(tenant, id);
  await audit(tenant, { actor: approver.actor, action: "device.removed", subject: id, outcome: "ok" });
  tellRevoked(context, tenant, id, "device removed");
}
