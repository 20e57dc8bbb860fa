/** Whether a caller's scopes are enough for a request: for the method as such, and for these parameters of it. */
import { matches } from "@switchboard/domain";
import { holds, type MethodSpec, type Scope, type ScopeRule } from "@switchboard/protocol";

export function mayCall(scopes: readonly Scope[], { scope, orScope }: MethodSpec): boolean {
  return scope === null || holds(scopes, scope) || (orScope !== undefined && holds(scopes, orScope));
}

/** The first scope that valid parameters take besides and the caller lacks. */
export function furtherScope(
  scopes: readonly Scope[],
  { alsoScopes = [] }: MethodSpec,
  params: unknown,
): Scope | undefined {
  return alsoScopes.find((rule) => applies(rule, params) && !holds(scopes, rule.scope))?.scope;
}

function applies(rule: ScopeRule, params: unknown): boolean {
  return "when" in rule ? matches(rule.when, params) : !matches(rule.unless, params);
}
