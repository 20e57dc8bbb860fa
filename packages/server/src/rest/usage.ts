/** `/usage`: what the tenant used. */
import type { MethodDeps } from "../methods/deps.ts";
import { usageFaces } from "../methods/usage.ts";
import type { HandlersOf } from "./handlers.ts";

export function usageHandlers(deps: MethodDeps): HandlersOf<"usage"> {
  const faces = usageFaces(deps);
  return {
    "usage.report": ({ principal, query }) => faces.report(query, principal.tenant),
    "usage.records": ({ principal, query }) => faces.records(query, principal.tenant),
    "usage.days": ({ principal, query }) => faces.days(query, principal.tenant),
  };
}
