/** Paired devices, and those that ask to be. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Id, Text, Time } from "../schema.ts";
import { PairedDevice, PendingDevice } from "../shapes/device.ts";
import { route } from "./route.ts";
import { PageOf } from "./shapes.ts";

export const deviceRoutes = {
  "devices.list": route({
    method: "GET",
    path: "/devices",
    summary: "Paired devices; tokens are never shown.",
    scope: "devices:read",
    answer: PageOf(PairedDevice),
  }),
  "devices.remove": route({
    method: "DELETE",
    path: "/devices/{id}",
    summary: "Forgets a device; whatever it is connected with is void at once.",
    scope: "devices:write",
    params: Type.Object({ id: Id }),
    answer: Closed({ id: Text, removed: Type.Literal(true) }),
  }),
  "devices.revoke": route({
    method: "POST",
    path: "/devices/{id}/revoke",
    summary: "Makes a role of a device void.",
    scope: "devices:write",
    params: Type.Object({ id: Id }),
    body: Closed({ role: Type.Enum(["operator", "node"]) }),
    answer: Closed({ id: Text, role: Text, revokedAt: Time }),
  }),
  "devices.requests": route({
    method: "GET",
    path: "/device-requests",
    summary: "Devices that wait for approval.",
    scope: "devices:read",
    answer: PageOf(PendingDevice),
  }),
  "devices.approve": route({
    method: "POST",
    path: "/device-requests/{id}/approve",
    summary: "Pairs a device with what it asks for; nobody gives what they do not hold.",
    scope: "devices:write",
    params: Type.Object({ id: Id }),
    answer: PairedDevice,
  }),
  "devices.reject": route({
    method: "POST",
    path: "/device-requests/{id}/reject",
    summary: "Refuses a device.",
    scope: "devices:write",
    params: Type.Object({ id: Id }),
    answer: Closed({ id: Text, deviceId: Text }),
  }),
};
