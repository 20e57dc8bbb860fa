/** `/pairing`, `/devices`, `/device-requests`: who may come in. */
import type { HandlersOf } from "./handlers.ts";
import type { AskMethod } from "./methods.ts";

export function pairingHandlers(ask: AskMethod): HandlersOf<"pairing"> {
  return {
    async "pairing.list"(call) {
      const { limits, requests } = await ask("channels.pairing.list", {}, call);
      return { items: requests, limits };
    },
    async "pairing.approve"(call) {
      const { commandOwnerBootstrap: _, ...answer } = await ask(
        "channels.pairing.approve",
        { ...call.params, ...call.body },
        call,
      );
      return answer;
    },
    "pairing.dismiss": (call) => ask("channels.pairing.dismiss", call.params, call),
  };
}

export function deviceHandlers(ask: AskMethod): HandlersOf<"devices"> {
  return {
    "devices.list": async (call) => ({ items: (await ask("device.pair.list", {}, call)).paired }),
    "devices.requests": async (call) => ({ items: (await ask("device.pair.list", {}, call)).pending }),
    async "devices.remove"(call) {
      const { deviceId } = await ask("device.pair.remove", { deviceId: call.params.id }, call);
      return { id: deviceId, removed: true };
    },
    async "devices.revoke"(call) {
      const { role } = call.body;
      const { deviceId, revokedAtMs } = await ask("device.token.revoke", { deviceId: call.params.id, role }, call);
      return { id: deviceId, role, revokedAt: revokedAtMs };
    },
    "devices.approve": async (call) => (await ask("device.pair.approve", { requestId: call.params.id }, call)).device,
    async "devices.reject"(call) {
      const { deviceId, requestId } = await ask("device.pair.reject", { requestId: call.params.id }, call);
      return { id: requestId, deviceId };
    },
  };
}
