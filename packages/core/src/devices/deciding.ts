/** Somebody decides on a device that waits: an operator, or the configuration without asking anybody (DEV-4). */
import { randomUUID } from "node:crypto";
import type { TenantId } from "@switchboard/domain";
import type { Cause } from "../ports/index.ts";
import { type Approver, checkApprover, checkReach } from "./approver.ts";
import { type DeviceContext, pairedDevices, requireRequest, setupOf, tellRevoked } from "./context.ts";
import { removal } from "./documents.ts";
import { decidedBy, noteDecision } from "./event-decisions.ts";
import { approved } from "./grants.ts";
import type { ApprovedVia, Device, DeviceRequest, EventDecision } from "./records.ts";
import { type Asking, nextRequest } from "./requests.ts";
import { codesOf } from "./setup-codes.ts";

/** Devices that were let in without being asked about; the one that was away longest makes room. */
const MOST_LOCAL = 200;

export interface Approved {
  readonly request: DeviceRequest;
  readonly device: Device;
}

/** `cause`: the event that brought the decision; worked on again, it does nothing. @throws REQ_002, SEC_003. */
export async function approve(
  context: DeviceContext,
  tenant: TenantId,
  id: string,
  approver: Approver,
  cause?: Cause,
): Promise<Approved> {
  const { audit, documents, emit } = context;
  const now = context.clock.now();
  const done = await documents.change(tenant, () => {
    const before = earlier(context, tenant, { id, decision: "approved" }, cause);
    const known = before && documents.get(tenant, "device", before.device);
    if (known) return { changes: [], result: { request: before, device: known, repeated: true } };
    const request = requireRequest(context, tenant, id);
    checkApprover(approver, request);
    const device = approved(documents.get(tenant, "device", request.device), request, { via: "owner", now });
    return {
      changes: [
        { kind: "device", id: device.device, body: device },
        removal("request", id),
        ...noteDecision(context, tenant, { request, decision: "approved" }, cause),
      ],
      result: { request, device, repeated: false },
    };
  });
  if (done.repeated) return done;
  const { device, request } = done;
  await audit(tenant, {
    actor: approver.actor,
    action: "device.approved",
    subject: device.device,
    outcome: "ok",
    detail: { request: id, roles: [...request.roles], scopes: [...request.scopes] },
  });
  if (request.reason === "metadata-upgrade") tellRevoked(context, tenant, device.device, "device repaired");
  emit({ type: "resolved", tenant, request, decision: "approved", setup: setupOf(context, tenant, request) });
  return done;
}

/** Refuses a request; the setup code that it came with is spent. `cause`: as above. @throws REQ_002, SEC_003. */
export async function reject(
  context: DeviceContext,
  tenant: TenantId,
  id: string,
  approver: Approver,
  cause?: Cause,
): Promise<DeviceRequest> {
  const { audit, documents, emit } = context;
  const { repeated, request, setup } = await documents.change(tenant, () => {
    const before = earlier(context, tenant, { id, decision: "rejected" }, cause);
    if (before) return { changes: [], result: { request: before, setup: undefined, repeated: true } };
    const request = requireRequest(context, tenant, id);
    checkReach(approver, request.device);
    const setup = setupOf(context, tenant, request);
    const codes = codesOf(documents, tenant, request.device);
    return {
      changes: [
        removal("request", id),
        ...codes.map((each) => removal("setup", each.id)),
        ...noteDecision(context, tenant, { request, decision: "rejected" }, cause),
      ],
      result: { request, setup, repeated: false },
    };
  });
  if (repeated) return request;
  await audit(tenant, {
    actor: approver.actor,
    action: "device.rejected",
    subject: request.device,
    outcome: "ok",
  });
  emit({ type: "resolved", tenant, request, decision: "rejected", setup });
  return request;
}

/** Pairs a device without asking anybody, as the configuration allows. */
export async function admit(
  context: DeviceContext,
  tenant: TenantId,
  asking: Asking,
  via: ApprovedVia,
): Promise<Device> {
  const { audit, documents, emit } = context;
  const now = context.clock.now();
  const id = asking.claims.device;
  const request = nextRequest([], asking, { id: randomUUID(), repair: false, now });
  const device = await documents.change(tenant, () => {
    const device = approved(documents.get(tenant, "device", id), request, { via, now });
    const waiting = documents.list(tenant, "request").filter((each) => each.device === id);
    return {
      changes: [
        { kind: "device", id, body: device },
        ...waiting.map((each) => removal("request", each.id)),
        ...longAway(context, tenant, id).map((each) => removal("device", each.device)),
      ],
      result: device,
    };
  });
  await audit(tenant, {
    actor: `device:${id}`,
    action: "device.approved",
    subject: id,
    outcome: "ok",
    detail: { via },
  });
  emit({ type: "changed", tenant, device: id });
  return device;
}

function earlier(
  context: DeviceContext,
  tenant: TenantId,
  { decision, id }: { readonly id: string; readonly decision: EventDecision["decision"] },
  cause: Cause | undefined,
): DeviceRequest | undefined {
  const decided = cause ? decidedBy(context, tenant, cause.event) : [];
  return decided.find((each) => each.request.id === id && each.decision === decision)?.request;
}

/** Locally admitted devices beyond what is kept, when another one comes. */
function longAway(context: DeviceContext, tenant: TenantId, coming: string): Device[] {
  return pairedDevices(context, tenant)
    .filter(({ approvedVia, device }) => approvedVia === "local" && device !== coming)
    .sort((a, b) => (b.lastSeenAt ?? b.approvedAt) - (a.lastSeenAt ?? a.approvedAt))
    .slice(MOST_LOCAL - 1);
}
