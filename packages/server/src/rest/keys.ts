/** `/keys`: keys of programs. */
import { SwitchboardError } from "@switchboard/domain";
import { peopleOf } from "../identity/required.ts";
import type { MethodDeps } from "../methods/deps.ts";
import type { HandlersOf } from "./handlers.ts";

export function keyHandlers(deps: MethodDeps): HandlersOf<"keys"> {
  return {
    async "keys.list"({ principal: { tenant } }) {
      return { keys: await peopleOf(deps).keys.list(tenant) };
    },
    async "keys.create"({ body, principal }) {
      const { audit, keys } = peopleOf(deps);
      const { key, secret } = await keys.create(principal, body);
      await audit(principal.tenant, {
        actor: principal.id,
        action: "key.created",
        subject: key.id,
        outcome: "ok",
        detail: { scopes: [...key.scopes] },
      });
      return { key, secret };
    },
    async "keys.revoke"({ params: { id }, principal }) {
      const { audit, keys } = peopleOf(deps);
      if (!(await keys.revoke(principal.tenant, id))) {
        throw new SwitchboardError("REQ_002", "There is no such key.", { action: "List the keys first." });
      }
      await audit(principal.tenant, { actor: principal.id, action: "key.revoked", subject: id, outcome: "ok" });
      return { ok: true };
    },
  };
}
