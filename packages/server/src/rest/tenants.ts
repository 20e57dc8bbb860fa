/** `/tenants`: for whoever runs the gateway, and the back end that acts for them. */
import { DEFAULT_TENANT, SwitchboardError } from "@switchboard/domain";
import type { ApiScope } from "@switchboard/protocol";
import type { HandlersOf } from "./handlers.ts";
import type { AskMethod } from "./methods.ts";

export function tenantHandlers(ask: AskMethod): HandlersOf<"tenants"> {
  return {
    "tenants.list": (call) => ask("tenants.list", {}, call),
    "tenants.create": (call) => ask("tenants.create", call.body, call),
    async "tenants.createKey"(call) {
      const { id } = call.params;
      // It could make itself one that may do more.
      if (call.principal.kind === "key" && id === DEFAULT_TENANT) {
        throw new SwitchboardError("SEC_003", "A key makes no keys of its own tenant.", {
          action: "Whoever runs the gateway makes it: switchboard tenants key default.",
        });
      }
      const { scopes, ...made } = await ask("tenants.createKey", { id, ...call.body }, call);
      return { ...made, scopes: scopes as ApiScope[] };
    },
    "tenants.suspend": (call) => ask("tenants.suspend", call.params, call),
    "tenants.resume": (call) => ask("tenants.resume", call.params, call),
    "tenants.remove": (call) => ask("tenants.remove", call.params, call),
  };
}
