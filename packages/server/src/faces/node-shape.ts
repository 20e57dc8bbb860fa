/** Nodes as the protocol shows them. */
import type { Device, NodeSession, NodeView, SurfaceRequest } from "@switchboard/core";
import { oneLine } from "@switchboard/domain";
import type { ApprovedNode, Node, PendingNode } from "@switchboard/protocol";

const LONGEST_TEXT = 120;

export interface Reader {
  /** May decide about surfaces, and therefore sees what waits. */
  readonly decides: boolean;
  readonly activeNode: string | undefined;
}

export function nodeShape(view: NodeView, { activeNode, decides }: Reader): Node {
  const { device, pending, session, state, surface, times } = view;
  const { lastSeenAt, lastSeenReason } = device;
  return {
    ...saidOf(device, session),
    caps: [...surface.caps],
    commands: [...surface.commands],
    permissions: { ...surface.permissions },
    ...(session?.pathEnv !== undefined && decides && { pathEnv: session.pathEnv }),
    approvalState: state,
    ...(pending &&
      decides && {
        pendingRequestId: pending.id,
        pendingDeclaredCaps: [...pending.surface.caps],
        pendingDeclaredCommands: [...pending.surface.commands],
        pendingDeclaredPermissions: { ...pending.surface.permissions },
      }),
    ...(session && { connectedAtMs: session.connectedAt }),
    ...(times.connectedAt !== undefined && { lastConnectedAtMs: times.connectedAt }),
    ...(times.disconnectedAt !== undefined && { lastDisconnectedAtMs: times.disconnectedAt }),
    ...(lastSeenAt !== undefined && { lastSeenAtMs: lastSeenAt }),
    ...(lastSeenReason !== undefined && { lastSeenReason }),
    ...(times.activeAt !== undefined && { lastActiveAtMs: times.activeAt }),
    ...(device.surface && { approvedAtMs: device.surface.approvedAt }),
    paired: true,
    connected: session !== undefined,
    ...(activeNode === device.device && { active: true }),
  };
}

export function pendingNodeShape({ at, device, id, scopes, session, surface }: SurfaceRequest): PendingNode {
  return {
    requestId: id,
    ...saidOf(device, session),
    caps: [...surface.caps],
    commands: [...surface.commands],
    permissions: { ...surface.permissions },
    requiredApproveScopes: [...scopes],
    ts: at,
  };
}

/** With all that was approved, in effect or not. */
export function approvedNodeShape({ device, session, times }: NodeView): ApprovedNode {
  const { createdAt, surface } = device;
  return {
    ...saidOf(device, session),
    caps: [...(surface?.caps ?? [])],
    commands: [...(surface?.commands ?? [])],
    permissions: { ...surface?.permissions },
    createdAtMs: createdAt,
    approvedAtMs: surface?.approvedAt ?? device.approvedAt,
    ...(times.connectedAt !== undefined && { lastConnectedAtMs: times.connectedAt }),
  };
}

/** The connected node that a person used last. */
export function activeNodeOf(views: readonly NodeView[]): string | undefined {
  const used = views.filter(({ session, times }) => session && times.activeAt !== undefined);
  const [latest] = used.sort((a, b) => (b.times.activeAt ?? 0) - (a.times.activeAt ?? 0));
  return latest?.device.device;
}

function saidOf(device: Device, session: NodeSession | undefined) {
  const { clientId, clientMode, deviceFamily, displayName, label, platform, remoteIp } = device;
  return {
    nodeId: device.device,
    ...text("displayName", label ?? displayName),
    ...text("platform", platform),
    ...text("version", session?.version),
    ...text("clientId", clientId),
    ...text("clientMode", clientMode),
    ...text("deviceFamily", deviceFamily),
    ...text("modelIdentifier", session?.modelIdentifier),
    ...text("remoteIp", remoteIp),
  };
}

/** What nodes say of themselves is shown to people: one short line. */
function text<Key extends string>(key: Key, value: string | undefined): Partial<Record<Key, string>> {
  const shown = oneLine((value ?? "").slice(0, LONGEST_TEXT));
  return shown === "" ? {} : ({ [key]: shown } as Record<Key, string>);
}
