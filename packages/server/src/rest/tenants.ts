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
      // Nobody answers for such a key but the gateway's operator: it stays when whoever asked for it goes.
      if (call.principal.kind !== "operator" && id === DEFAULT_TENANT) {
        throw new SwitchboardError("SEC_003", "Keys of the gateway's own tenant are made here by its operator only.", {
          action: "Make one that is yours: POST /keys. Or on the machine: switchboard tenants key default.",
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
