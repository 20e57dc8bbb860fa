/** `vault.*`: for whoever runs the gateway, since keys are all tenants'. */
import { DEFAULT_TENANT, SwitchboardError, type TenantId } from "@switchboard/domain";
import type { CallContext, Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";
import { requireGatewayOperator } from "./gateway-operator.ts";

type Caller = Pick<CallContext, "actor" | "tenant">;

export function vaultMethods({ engine, keeper }: Pick<MethodDeps, "engine" | "keeper">): Handlers {
  const note = ({ actor }: Caller, action: string, subject: string, detail: Record<string, number | string[]>) =>
    engine.store.audit.append(DEFAULT_TENANT, {
      at: engine.clock.now(),
      actor,
      action,
      subject,
      outcome: "ok",
      detail,
    });
  return {
    "vault.status": ({ after }, caller) => {
      requireGatewayOperator(caller);
      return keeper.status(after);
    },
    async "vault.rotate"({ after, dataKeys, forgetOld }, caller) {
      requireGatewayOperator(caller);
      const result = await keeper.rotate({ after, dataKeys, forgetOld });
      const { next, ...rest } = result;
      const { forgotten, master, resealed, resumed, rewrapped } = rest;
      if (after === undefined && !resumed) await note(caller, "vault.rotation-begun", master, {});
      if (next === undefined) await note(caller, "vault.rotated", master, { rewrapped, resealed, forgotten });
      return { ...rest, ...(next !== undefined && { next }) };
    },
    "vault.verify": ({ after }, caller) => {
      requireGatewayOperator(caller);
      return keeper.verify(after);
    },
    async "vault.shred"({ tenant, confirm }, caller) {
      requireGatewayOperator(caller);
      if (confirm !== tenant) {
        throw new SwitchboardError("REQ_001", "The tenant's id has to be given twice, and the two are not the same.");
      }
      const result = await keeper.shred(tenant as TenantId);
      await note(caller, "vault.shredded", tenant, result);
      return result;
    },
  };
}
