/** Connections of nodes and the registry of nodes: each is told what the other has to know. */
import { type Clock, declaredSurface, type Log, type NodeLinks, type NodeSession, type Nodes } from "@switchboard/core";
import { CLOSE } from "@switchboard/protocol";
import type { ConnectionInfo, GatewaySocket, GatewaySocketOptions } from "../ws/index.ts";
import { pendingNodeShape } from "./node-shape.ts";

/** Tells operators of nodes. Returns how to stop. */
export function broadcastNodes(nodes: Nodes, socket: Pick<GatewaySocket, "broadcast">, clock: Clock): () => void {
  return nodes.listen((event) => {
    const ts = clock.now();
    const { node: nodeId, tenant } = event;
    switch (event.type) {
      case "requested":
        socket.broadcast(tenant, "node.pair.requested", pendingNodeShape(event.request));
        return;
      case "resolved":
        socket.broadcast(tenant, "node.pair.resolved", {
          requestId: event.request,
          nodeId,
          decision: event.decision,
          ts,
        });
        return;
      case "removed":
        socket.broadcast(tenant, "node.pair.resolved", { requestId: "", nodeId, decision: "removed", ts });
        return;
      case "presence": {
        const { connected, lastActiveAt } = event;
        const active = lastActiveAt === undefined ? {} : { lastActiveAtMs: lastActiveAt };
        socket.broadcast(tenant, "node.presence", { nodeId, connected, ...active, ts });
      }
    }
  });
}

/** Tells the registry who comes and goes. */
export function nodeConnections(nodes: Nodes, log: Log): Required<Pick<GatewaySocketOptions, "joined" | "left">> {
  return {
    joined(info) {
      const session = sessionOf(info);
      if (!session) return;
      nodes.joined(session).catch((error: unknown) => {
        log.warn({ node: session.node, error: String(error) }, "a node's surface could not be noted");
      });
    },
    left(info) {
      if (info.role === "node") nodes.left(info.id);
    },
  };
}

/** `socket`: looked up each time, since the registry is there first. */
export function nodeLinks(socket: () => GatewaySocket | undefined): NodeLinks {
  return {
    send: (connection, event, payload) => socket()?.sendTo(connection, event, payload) ?? false,
    close: (connection, reason) => socket()?.disconnect(({ id }) => id === connection, reason, CLOSE.restart),
  };
}

function sessionOf({ client, connectedAt, device, id, offer, role, tenant, token }: ConnectionInfo) {
  if (role !== "node" || device === undefined) return undefined;
  return {
    connection: id,
    tenant,
    node: device,
    declared: declaredSurface(offer ?? {}),
    version: client.version,
    connectedAt,
    modelIdentifier: client.modelIdentifier,
    pathEnv: offer?.pathEnv,
    token,
  } satisfies NodeSession;
}
