/** `/me`: who asks. */
import type { HandlersOf } from "./handlers.ts";

export function meHandlers(): HandlersOf<"me"> {
  return {
    "me.get": ({ principal: { id, kind, role, scopes, tenant } }) => ({ kind, id, tenant, role, scopes: [...scopes] }),
  };
}
