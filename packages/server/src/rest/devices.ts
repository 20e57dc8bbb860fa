/** `/devices`, `/device-requests`: devices that are paired, or want to be. */
import type { HandlersOf } from "./handlers.ts";
import type { AskMethod } from "./methods.ts";

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
