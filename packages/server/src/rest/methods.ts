/** The protocol's methods as the REST API uses them: the same work under another name, for whoever the principal is. */
import { SwitchboardError } from "@switchboard/domain";
import { holds, type MethodName, type Params, type Result, type Scope } from "@switchboard/protocol";
import type { ApiScope, Principal } from "../identity/principal.ts";
import type { AnyHandler, CallContext, MethodRegistry } from "../ws/index.ts";
import type { Call } from "./handlers.ts";

/** Asks a method as a call's principal. Rejects with what the method says. */
export type AskMethod = <M extends MethodName>(
  method: M,
  params: Params<M>,
  call: Pick<Call, "principal" | "signal" | "log">,
) => Promise<Result<M>>;

/** What a scope of the API allows there. Only whoever may change the tenant itself has it all. */
const MEANS: Partial<Record<ApiScope, Scope>> = {
  "messages:read": "operator.read",
  "messages:write": "operator.write",
  "sessions:read": "operator.sessions.read",
  "sessions:write": "operator.sessions.write",
  "devices:write": "operator.pairing",
  "tenant:write": "operator.admin",
};

export function scopesOfPrincipal({ scopes }: Pick<Principal, "scopes">): Scope[] {
  return [...scopes].flatMap((scope) => MEANS[scope] ?? []);
}

/** Only for methods that answer once and need no line to the caller. */
export function askMethods(methods: MethodRegistry): AskMethod {
  return async (method, params, { log, principal, signal }) => {
    const handler: AnyHandler | undefined = methods.find(method);
    if (!handler) throw new SwitchboardError("SYS_005", `There is no method ${method}.`);
    const scopes = scopesOfPrincipal(principal);
    const { id: actor, tenant } = principal;
    const nobody = () => {
      throw new SwitchboardError("SYS_005", `${method} needs a line to its caller.`);
    };
    const context: CallContext = {
      connection: {
        id: actor,
        client: { id: "gateway-client", version: "1", platform: "http", mode: "backend" },
        role: "operator",
        caps: new Set(),
        peer: { ip: "", local: false, private: false },
        method: "token",
        tenant,
        actor,
        connectedAt: 0,
      },
      tenant,
      actor,
      signal,
      log,
      holds: (scope) => holds(scopes, scope),
      authority: () => ({ scopes }),
      accepted: nobody,
      underWay: nobody,
      emit: nobody,
      subscribe: nobody,
      unsubscribe: nobody,
    };
    return (await handler(params, context)) as Result<typeof method>;
  };
}
