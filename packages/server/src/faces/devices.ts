/** Tells operators of devices, and ends the connections whose authority is gone. */
import type { Clock, Devices } from "@switchboard/core";
import type { ConnectionInfo, GatewaySocket } from "../ws/index.ts";
import { outcomeShape, pendingShape } from "./device-shape.ts";

/** Returns how to stop. */
export function broadcastDevices(
  devices: Devices,
  socket: Pick<GatewaySocket, "broadcast" | "disconnect" | "reauthorise">,
  clock: Clock,
): () => void {
  return devices.listen((event) => {
    switch (event.type) {
      case "requested":
        socket.broadcast(event.tenant, "device.pair.requested", pendingShape(event.request));
        return;
      case "resolved":
        socket.broadcast(event.tenant, "device.pair.resolved", {
          requestId: event.request.id,
          deviceId: event.request.device,
          decision: event.decision === "approved" ? "approved" : "rejected",
          ts: clock.now(),
        });
        return;
      case "changed":
        socket.broadcast(event.tenant, "device.pair.changed", {});
        return;
      case "set-up":
        socket.broadcast(
          event.tenant,
          "device.pair.setup.completed",
          outcomeShape(event.setup, event.device, clock.now()),
        );
        return;
      case "revoked": {
        const { device, except, role, tenant, why } = event;
        const isMeant = (info: ConnectionInfo) =>
          info.tenant === tenant &&
          info.device === device &&
          (role === undefined || info.role === role) &&
          (except === undefined || info.token?.hash !== except);
        socket.disconnect(isMeant, why);
        socket.reauthorise();
      }
    }
  });
}
