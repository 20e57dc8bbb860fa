/** `/audit`: who did what in the tenant. */

import { auditFaces } from "../methods/audit-log.ts";
import type { MethodDeps } from "../methods/deps.ts";
import type { HandlersOf } from "./handlers.ts";
import type { AskMethod } from "./methods.ts";
import { withNext } from "./pages.ts";

export function auditHandlers({ engine }: MethodDeps, ask: AskMethod): HandlersOf<"audit"> {
  const faces = auditFaces(engine);
  return {
    async "audit.list"(call) {
      const { cursor, entries } = await ask("auditLog.list", call.query, call);
      return withNext(entries, cursor);
    },
    "audit.export": ({ principal, query }) => faces.export(query, principal.tenant),
    "audit.verify": ({ principal, query }) => faces.verify(query, principal.tenant),
  };
}
