/** For what takes its time: whoever began it may have lost the right to it meanwhile. */
import { SwitchboardError } from "@switchboard/domain";
import type { MethodDeps } from "../methods/deps.ts";
import { type ApiScope, type Principal, personOf, scopesOf } from "./principal.ts";
import { refuseSuspended } from "./tenants.ts";

/** @throws SEC_003, SEC_009, REQ_005 unless whoever this was may still do that for their tenant. */
export async function requireStill(
  { people }: Pick<MethodDeps, "people">,
  principal: Principal,
  scope: ApiScope,
): Promise<void> {
  if (!people || principal.kind === "operator") return;
  const scopes =
    principal.kind === "key" ? (await people.keys.again(principal)).scopes : await scopesOfMember(principal, people);
  if (!scopes.has(scope)) throw new SwitchboardError("SEC_003", `Whoever began this does not hold ${scope} any more.`);
}

async function scopesOfMember(
  principal: Principal,
  { members }: NonNullable<MethodDeps["people"]>,
): Promise<ReadonlySet<ApiScope>> {
  const all = await members.ofPerson(personOf(principal) ?? "");
  const membership = all.find(({ tenant }) => tenant === principal.tenant);
  if (!membership) throw new SwitchboardError("SEC_003", "Whoever began this is no member of the tenant any more.");
  refuseSuspended(membership.suspendedAt);
  return scopesOf(membership.role);
}
