/** A device asks to be paired, and waits (DEV-4). */
import { randomUUID } from "node:crypto";
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import { type DeviceContext, setupOf } from "./context.ts";
import { removal } from "./documents.ts";
import type { DeviceRequest } from "./records.ts";
import { type Asking, isAlive, nextRequest } from "./requests.ts";

/** Devices that wait, of one tenant: whoever holds the gateway's token could fill the disk with keys. */
const MOST_REQUESTS = 100;

/** Notes that a device waits for approval. @throws REQ_004 when too many wait. */
export async function ask(context: DeviceContext, tenant: TenantId, asking: Asking): Promise<DeviceRequest> {
  const { audit, documents, emit } = context;
  const { device } = asking.claims;
  const now = context.clock.now();
  const { earlier, request } = await documents.change(tenant, () => {
    const all = documents.list(tenant, "request");
    const alive = all.filter((each) => isAlive(each, now));
    const earlier = alive.filter((each) => each.device === device);
    if (earlier.length === 0 && alive.length >= MOST_REQUESTS) throw tooManyWait();
    const repair = documents.get(tenant, "device", device) !== undefined;
    const request = nextRequest(earlier, asking, { id: randomUUID(), repair, now });
    const gone = all.filter((each) => (each.device === device || !isAlive(each, now)) && each.id !== request.id);
    return {
      changes: [...gone.map(({ id }) => removal("request", id)), { kind: "request", id: request.id, body: request }],
      result: { earlier, request },
    };
  });
  const superseded = earlier.filter(({ id }) => id !== request.id);
  for (const each of superseded) emit({ type: "resolved", tenant, request: each, decision: "superseded" });
  if (earlier.some(({ id }) => id === request.id)) return request;
  await audit(tenant, { actor: `device:${device}`, action: "device.requested", subject: device, outcome: "ok" });
  emit({ type: "requested", tenant, request, setup: setupOf(context, tenant, request) });
  return request;
}

/** Those that are still alive, oldest first. */
export function waitingRequests({ clock, documents }: DeviceContext, tenant: TenantId): DeviceRequest[] {
  const now = clock.now();
  return documents
    .list(tenant, "request")
    .filter((request) => isAlive(request, now))
    .sort((a, b) => a.createdAt - b.createdAt);
}

function tooManyWait(): SwitchboardError {
  return new SwitchboardError("REQ_004", "Too many devices wait for approval.", {
    action: "Approve or reject some: switchboard devices list.",
    retryable: true,
  });
}
