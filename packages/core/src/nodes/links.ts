/** How the registry reaches nodes, and what it is told of their connections. */
import type { TenantId } from "@switchboard/domain";
import type { EventPayload } from "@switchboard/protocol";
import type { NodeSurface } from "../devices/records.ts";

/** What is sent to one node. */
export type NodeBound = "node.invoke.request" | "node.invoke.cancel" | "node.pair.resolved";

export interface NodeLinks {
  /** To one connection. False when it could not be sent, e.g. because the line is closing. */
  send<E extends NodeBound>(connection: string, event: E, payload: EventPayload<E>): boolean;
  /** Ends a connection; whoever was at its other end may come back at once. */
  close(connection: string, reason: string): void;
}

/** A node that is connected now. What it says of itself is shown, and decides nothing. */
export interface NodeSession {
  readonly connection: string;
  readonly tenant: TenantId;
  /** The device's id. */
  readonly node: string;
  readonly declared: NodeSurface;
  readonly version: string;
  readonly connectedAt: number;
  readonly modelIdentifier?: string | undefined;
  readonly pathEnv?: string | undefined;
  /** The device token that it rests on. */
  readonly token?: { readonly hash: string } | undefined;
}
