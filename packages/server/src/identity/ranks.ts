/** Who stands above whom. */
import { SwitchboardError } from "@switchboard/domain";
import type { Role } from "./principal.ts";

export const ROLES = ["owner", "admin", "member", "viewer"] as const satisfies readonly Role[];

/** @throws SEC_003 when somebody of role `own` would give, change or take a role above it. */
export function checkRank(own: Role, ...touched: readonly Role[]): void {
  const above = touched.find((role) => ROLES.indexOf(role) < ROLES.indexOf(own));
  if (above === undefined) return;
  throw new SwitchboardError("SEC_003", `Who is ${own} does not decide about somebody who is ${above}.`, {
    action: "Ask an owner of the tenant.",
  });
}
