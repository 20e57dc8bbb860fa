/** `alerts.test`. */
import type { Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";

export function alertMethods(deps: MethodDeps): Handlers {
  return {
    async "alerts.test"(_params, { actor, signal, tenant }) {
      const { tryAlerts } = await import("../alerts/try-out.ts");
      const tried = await tryAlerts(deps, signal);
      const missed = tried.ways.filter(({ arrived }) => !arrived);
      await deps.engine.store.audit.append(tenant, {
        at: deps.clock.now(),
        actor,
        action: "alerts.tested",
        subject: tried.id,
        outcome: missed.length === 0 ? "ok" : "failed",
      });
      return tried;
    },
  };
}
