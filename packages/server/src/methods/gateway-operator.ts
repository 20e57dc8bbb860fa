/** What concerns every tenant is for the operator of the gateway: whoever is of the `default` tenant. */
import { DEFAULT_TENANT, SwitchboardError, type TenantId } from "@switchboard/domain";
import type { AnyHandler, Handlers } from "../ws/index.ts";

interface Caller {
  readonly tenant: TenantId;
}

/** @throws SEC_003 for an operator of any other tenant. */
export function requireGatewayOperator({ tenant }: Caller): void {
  if (tenant === DEFAULT_TENANT) return;
  throw new SwitchboardError("SEC_003", "This is for the gateway's own operator.", {
    action: "Ask whoever runs the gateway.",
  });
}

/** The tenant that a call is about: the caller's own unless another is named. @throws SEC_003. */
export function tenantAskedAbout(caller: Caller, named: string | undefined): TenantId {
  if (named === undefined || named === caller.tenant) return caller.tenant;
  requireGatewayOperator(caller);
  return named as TenantId;
}

/** Handlers that show or change what all tenants share: the machine, its configuration, its log, the whole database. */
export function forGatewayOperator(handlers: Handlers): Handlers {
  const guarded = Object.entries(handlers as Readonly<Record<string, AnyHandler>>).map(
    ([name, handler]): [string, AnyHandler] => [
      name,
      (params, context) => {
        requireGatewayOperator(context);
        return handler(params, context);
      },
    ],
  );
  return Object.fromEntries(guarded);
}
