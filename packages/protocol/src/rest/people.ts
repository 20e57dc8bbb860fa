/** Who may come in: people who wrote to an account, and devices. */
import { Type } from "@switchboard/domain/schema";
import { pairingMethods } from "../methods/pairing.ts";
import { Closed, Count, Id, Text, Time } from "../schema.ts";
import { PairedDevice, PendingDevice } from "../shapes/device.ts";
import { route } from "./route.ts";
import { ChannelName, PageOf } from "./shapes.ts";

const Request = Type.Object({ channel: ChannelName, accountId: Id, requestId: Id });
const { requests } = pairingMethods["channels.pairing.list"].result.properties;

export const pairingRoutes = {
  "pairing.list": route({
    method: "GET",
    path: "/pairing",
    summary: "People who wrote to an account that does not know them, and wait to be let in.",
    scope: "devices:read",
    answer: Closed({ items: requests, limits: Closed({ pendingPerAccount: Count, ttlMs: Count }) }),
  }),
  "pairing.approve": route({
    method: "POST",
    path: "/pairing/{channel}/{accountId}/{requestId}/approve",
    summary: "Lets somebody in.",
    scope: "devices:write",
    params: Request,
    body: Closed({ notify: Type.Optional(Type.Boolean({ description: "Tell them in the chat." })) }),
    answer: Closed({
      requestId: Text,
      senderId: Text,
      /** `failed`: they were not told and will not be. */
      notification: Type.Enum(["not-requested", "sent", "unsupported", "failed"]),
    }),
  }),
  "pairing.dismiss": route({
    method: "POST",
    path: "/pairing/{channel}/{accountId}/{requestId}/dismiss",
    summary: "Sends somebody away; they may ask again.",
    scope: "devices:write",
    params: Request,
    answer: Closed({ requestId: Text, senderId: Text }),
  }),
};

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
