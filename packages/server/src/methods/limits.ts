/** `limits.*`: how much the tenant may use, and how much of it is left. */
import { dateOf, dayOf, firstOfMonth } from "@switchboard/core";
import type { TenantId } from "@switchboard/domain";
import type { TenantLimits } from "@switchboard/protocol";
import type { Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";
import { requireGatewayOperator, tenantAskedAbout } from "./gateway-operator.ts";

export function limitMethods({ engine }: MethodDeps): Handlers {
  const { clock, store, tenantLimits } = engine;
  // What was set has been checked by the method's schema.
  const ownOf = async (tenant: TenantId) => ((await store.usage.limits(tenant)) ?? {}) as TenantLimits;
  return {
    async "limits.get"({ tenant: named }, caller) {
      const tenant = tenantAskedAbout(caller, named);
      const today = dayOf(clock.now());
      tenantLimits.forget(tenant);
      const [limits, own, days, accounts] = await Promise.all([
        tenantLimits.of(tenant),
        ownOf(tenant),
        store.usage.days(tenant, { from: firstOfMonth(today), to: today + 1 }),
        store.accounts.list(tenant),
      ]);
      const counted = days.find(({ day }) => day === today);
      const tokens = (of: typeof days) =>
        of.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0);
      return {
        limits,
        own,
        used: {
          accounts: accounts.filter(({ source }) => source === "store").length,
          messagesPerDay: counted?.messagesIn ?? 0,
          mediaBytesPerDay: counted?.mediaIn ?? 0,
          runsPerDay: counted?.runs ?? 0,
          tokensPerDay: tokens(counted ? [counted] : []),
          tokensPerMonth: tokens(days),
        },
        date: dateOf(today),
      };
    },

    async "limits.set"({ limits, tenant: named }, caller) {
      // Nobody sets their own limits.
      requireGatewayOperator(caller);
      const { actor } = caller;
      const tenant = tenantAskedAbout(caller, named);
      const before = await ownOf(tenant);
      const merged = Object.entries({ ...before, ...limits }).flatMap(([name, limit]) =>
        limit === null ? [] : [[name, { ...before[name as keyof TenantLimits], ...limit }] as const],
      );
      const own = Object.fromEntries(merged) as TenantLimits;
      const audit = { at: clock.now(), actor, action: "limits.changed", subject: "limits", outcome: "ok" } as const;
      await store.usage.setLimits(tenant, merged.length > 0 ? own : null, { ...audit, detail: own });
      tenantLimits.forget(tenant);
      return { own, limits: await tenantLimits.of(tenant) };
    },
  };
}
