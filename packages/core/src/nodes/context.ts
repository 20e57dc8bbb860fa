/** What everything about nodes works with, and what is looked up in many places. */
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import type { Audit } from "../audit/audit.ts";
import type { Devices } from "../devices/devices.ts";
import type { Device } from "../devices/records.ts";
import { grantOf } from "../devices/standing.ts";
import type { Clock, Log } from "../ports/index.ts";
import type { Connections } from "./connections.ts";
import type { NodeEvent } from "./events.ts";
import type { Invocations } from "./invocations.ts";
import type { NodeLinks, NodeSession } from "./links.ts";
import { type CommandFacts, effectiveCommands, type NodeCommandSettings } from "./policy.ts";
import { NOTHING } from "./surface.ts";
import type { WaitingForNodes } from "./waiting.ts";

export interface NodeContext {
  readonly devices: Devices;
  readonly connections: Connections;
  readonly invocations: Invocations;
  readonly waiting: WaitingForNodes;
  readonly links: NodeLinks;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: Audit;
  settings(): NodeCommandSettings;
  emit(event: NodeEvent): void;
}

/** @throws REQ_002 when there is no such device, or it is no node. */
export function requireNode({ devices }: Pick<NodeContext, "devices">, tenant: TenantId, node: string): Device {
  const device = devices.get(tenant, node);
  if (device && grantOf(device, "node")) return device;
  throw new SwitchboardError("REQ_002", "unknown nodeId", { action: "List the nodes: switchboard nodes list." });
}

/** What decides about a node's commands. Without a connection: as if it offered what was approved. */
export function factsOf(
  { settings }: Pick<NodeContext, "settings">,
  device: Device,
  session: NodeSession | undefined,
): CommandFacts {
  const declared = session?.declared ?? device.surface ?? NOTHING;
  return { declared, approved: device.surface, pinned: device, settings: settings() };
}

/** The commands that a node may be asked for now. */
export function commandsOf(
  context: Pick<NodeContext, "connections" | "settings">,
  tenant: TenantId,
  device: Device,
): readonly string[] {
  return effectiveCommands(factsOf(context, device, context.connections.of(tenant, device.device)));
}
