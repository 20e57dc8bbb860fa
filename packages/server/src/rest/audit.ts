/** `/audit`: who did what in the tenant. */
import type { HandlersOf } from "./handlers.ts";
import type { AskMethod } from "./methods.ts";
import { withNext } from "./pages.ts";

export function auditHandlers(ask: AskMethod): HandlersOf<"audit"> {
  return {
    async "audit.list"(call) {
      const { cursor, entries } = await ask("auditLog.list", call.query, call);
      return withNext(entries, cursor);
    },
  };
}
