/** A node as others see it, from its device's record and its connection. Pure. */
import type { Scope } from "@switchboard/protocol";
import type { Device, NodeSurface } from "../devices/records.ts";
import { grantOf } from "../devices/standing.ts";
import type { NodeSession } from "./links.ts";
import { approvalScopes, effectiveCommands, type NodeCommandSettings } from "./policy.ts";
import { inCommon, NOTHING } from "./surface.ts";

/** A surface that waits for a decision. */
export interface SurfaceRequest {
  readonly id: string;
  readonly device: Device;
  readonly session: NodeSession | undefined;
  readonly surface: NodeSurface;
  readonly at: number;
  /** What an approver must hold besides `operator.pairing`. */
  readonly scopes: readonly Scope[];
}

/** What the process remembers of a node while it runs. */
export interface NodeTimes {
  readonly connectedAt?: number | undefined;
  readonly disconnectedAt?: number | undefined;
  /** When a person last used it. */
  readonly activeAt?: number | undefined;
}

export interface NodeView {
  readonly device: Device;
  readonly session: NodeSession | undefined;
  readonly times: NodeTimes;
  /** `pending-reapproval`: it offers more than was approved; that much stays usable. */
  readonly state: "approved" | "pending-approval" | "pending-reapproval" | "unapproved";
  /** In effect. Without a connection: what was approved and is allowed. */
  readonly surface: NodeSurface;
  readonly pending: SurfaceRequest | undefined;
}

export function isNode(device: Device): boolean {
  return grantOf(device, "node") !== undefined;
}

export function requestOf(device: Device, session: NodeSession | undefined): SurfaceRequest | undefined {
  const { pendingSurface } = device;
  if (!pendingSurface || !isNode(device)) return undefined;
  const { at, request, ...surface } = pendingSurface;
  return { id: request, device, session, surface, at, scopes: approvalScopes(surface.commands) };
}

export function viewOf(
  device: Device,
  session: NodeSession | undefined,
  times: NodeTimes,
  settings: NodeCommandSettings,
): NodeView {
  const approved = device.surface;
  const declared = session?.declared ?? approved ?? NOTHING;
  const { caps, permissions } = inCommon(declared, approved);
  const pending = requestOf(device, session);
  const before = approved ? "pending-reapproval" : "pending-approval";
  const state = pending ? before : approved ? "approved" : "unapproved";
  const commands = effectiveCommands({ declared, approved, pinned: device, settings });
  return { device, session, times, state, surface: { caps, commands, permissions }, pending };
}
