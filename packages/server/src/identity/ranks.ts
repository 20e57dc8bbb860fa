/** Who stands above whom. */
import { SwitchboardError } from "@switchboard/domain";
import type { Principal, Role } from "./principal.ts";

export const ROLES = ["owner", "admin", "member", "viewer"] as const satisfies readonly Role[];

/** Whoever holds a stolen key must not get more by it than the key. */
const NOT_BY_KEY: readonly Role[] = ["owner", "admin"];

/** @throws SEC_003 when a key would make somebody an admin or owner, or decide about somebody who is one. */
export function checkKey({ kind }: Principal, ...touched: readonly Role[]): void {
  const above = kind === "key" ? touched.find((role) => NOT_BY_KEY.includes(role)) : undefined;
  if (above === undefined) return;
  throw new SwitchboardError("SEC_003", `A key decides about nobody who is or becomes ${above}.`, {
    action: "Sign in and do it yourself.",
  });
}

/** @throws SEC_003 when somebody of role `own` would give, change or take a role above it. */
export function checkRank(own: Role, ...touched: readonly Role[]): void {
  const above = touched.find((role) => ROLES.indexOf(role) < ROLES.indexOf(own));
  if (above === undefined) return;
  throw new SwitchboardError("SEC_003", `Who is ${own} does not decide about somebody who is ${above}.`, {
    action: "Ask an owner of the tenant.",
  });
}
