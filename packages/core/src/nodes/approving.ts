/** What a node offers has to be approved before anybody may use it (DEV-9): asked for, approved, refused. */
import { randomUUID } from "node:crypto";
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import { holds, type Scope } from "@switchboard/protocol";
import type { Approver } from "../devices/approver.ts";
import type { Device, NodeSurface } from "../devices/records.ts";
import { commandsOf, type NodeContext, requireNode } from "./context.ts";
import type { NodeSession } from "./links.ts";
import { covers, sameSurface } from "./surface.ts";
import { requestOf, type SurfaceRequest } from "./views.ts";

type Pending = Device["pendingSurface"];

/** The oldest first. They do not expire. */
export function surfaceRequests({ connections, devices }: NodeContext, tenant: TenantId): SurfaceRequest[] {
  return devices
    .list(tenant)
    .map((device) => requestOf(device, connections.of(tenant, device.device)))
    .filter((request) => request !== undefined)
    .sort((a, b) => a.at - b.at);
}

/** Asks for approval of what was not approved, once for the same surface; takes back what is not asked any more. */
export async function askFor(context: NodeContext, { declared, node, tenant }: NodeSession): Promise<void> {
  const { audit, clock, emit } = context;
  const anew = { request: randomUUID(), at: clock.now() };
  const known = requireNode(context, tenant, node);
  if (pendingOnce(known, declared, anew) === known.pendingSurface) return;
  let earlier: Pending;
  const { pendingSurface } = await changeSurface(context, tenant, node, (device) => {
    earlier = device.pendingSurface;
    return { surface: device.surface, pendingSurface: pendingOnce(device, declared, anew) };
  });
  if (earlier && earlier.request !== pendingSurface?.request) {
    const decision = pendingSurface ? "rejected" : "approved";
    emit({ type: "resolved", tenant, node, request: earlier.request, decision });
  }
  const request = surfaceRequests(context, tenant).find(({ id }) => id === anew.request);
  if (!request) return;
  await audit(tenant, { actor: `node:${node}`, action: "node.requested", subject: node, outcome: "ok" });
  emit({ type: "requested", tenant, node, request });
}

/** Approves what waits. A node that may do something else afterwards has to connect anew. Returns which node. */
export async function approve(
  context: NodeContext,
  tenant: TenantId,
  request: string,
  approver: Approver,
): Promise<string> {
  const { clock, connections } = context;
  const now = clock.now();
  const node = nodeThatAsks(context, tenant, request);
  let before: readonly string[] = [];
  await changeSurface(context, tenant, node, (device) => {
    const { scopes, surface } = waitingOn(device, request);
    const missing = scopes.find((scope) => !holds(approver.scopes, scope));
    if (missing !== undefined) throw missingScope(missing);
    before = commandsOf(context, tenant, device);
    return { surface: { ...surface, approvedAt: now }, pendingSurface: undefined };
  });
  await tellDecision(context, { tenant, node, request, decision: "approved" }, approver);
  const session = connections.of(tenant, node);
  const after = commandsOf(context, tenant, requireNode(context, tenant, node));
  if (session && before.join() !== after.join()) connections.end(session, "node capabilities changed");
  return node;
}

/** Refuses what is offered beyond what was approved; that stays usable. Returns which node. */
export async function reject(
  context: NodeContext,
  tenant: TenantId,
  request: string,
  approver: Approver,
): Promise<string> {
  const node = nodeThatAsks(context, tenant, request);
  await changeSurface(context, tenant, node, (device) => {
    waitingOn(device, request);
    return { surface: device.surface, pendingSurface: undefined };
  });
  await tellDecision(context, { tenant, node, request, decision: "rejected" }, approver);
  return node;
}

/** What waits for approval once a node declared something: nothing, the same as before, or something new. */
function pendingOnce(
  { pendingSurface, surface }: Device,
  declared: NodeSurface,
  anew: { readonly request: string; readonly at: number },
): Pending {
  if (surface && covers(surface, declared)) return undefined;
  return pendingSurface && sameSurface(pendingSurface, declared) ? pendingSurface : { ...declared, ...anew };
}

/** Quietly: operators hear of it by events of its own. */
function changeSurface(
  { devices }: NodeContext,
  tenant: TenantId,
  node: string,
  change: (device: Device) => { readonly surface: Device["surface"]; readonly pendingSurface: Pending },
): Promise<Device> {
  const changed = (device: Device): Device => {
    const { pendingSurface, surface } = change(device);
    const { pendingSurface: _, surface: __, ...rest } = device;
    return { ...rest, ...(surface && { surface }), ...(pendingSurface && { pendingSurface }) };
  };
  return devices.change(tenant, node, changed, { quiet: true });
}

async function tellDecision(
  { audit, clock, connections, emit, links }: NodeContext,
  what: {
    readonly tenant: TenantId;
    readonly node: string;
    readonly request: string;
    readonly decision: "approved" | "rejected";
  },
  { actor }: Approver,
): Promise<void> {
  const { decision, node, request, tenant } = what;
  await audit(tenant, { actor, action: `node.${decision}`, subject: node, outcome: "ok", detail: { request } });
  const session = connections.of(tenant, node);
  const told = { requestId: request, nodeId: node, decision, ts: clock.now() };
  if (session) links.send(session.connection, "node.pair.resolved", told);
  emit({ type: "resolved", ...what });
}

function nodeThatAsks(context: NodeContext, tenant: TenantId, request: string): string {
  const found = surfaceRequests(context, tenant).find(({ id }) => id === request);
  if (!found) throw unknownRequest();
  return found.device.device;
}

/** As it is now: another one may have taken its place since the approver looked. */
function waitingOn(device: Device, request: string): SurfaceRequest {
  const waiting = requestOf(device, undefined);
  if (waiting?.id !== request) throw unknownRequest();
  return waiting;
}

function unknownRequest(): SwitchboardError {
  return new SwitchboardError("REQ_002", "unknown requestId", {
    action: "List what waits: switchboard nodes list. A node that offers something else asks anew.",
  });
}

function missingScope(scope: Scope): SwitchboardError {
  return new SwitchboardError("SEC_003", `missing scope: ${scope}`, {
    action: "Ask somebody who holds it.",
    details: { code: "MISSING_SCOPE", missingScope: scope, requiredScopes: ["operator.pairing", scope] },
  });
}
