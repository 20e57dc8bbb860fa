/** Whoever holds the gateway's own secret acts for the tenant of a personal install. */
import { DEFAULT_TENANT } from "@switchboard/domain";
import { type BearerSecret, bearerOf } from "../auth/bearer-secret.ts";
import type { Authenticator } from "./authenticator.ts";
import { type Principal, scopesOf } from "./principal.ts";

const OPERATOR: Principal = {
  kind: "operator",
  id: "operator:shared-secret",
  tenant: DEFAULT_TENANT,
  role: "owner",
  scopes: scopesOf("owner"),
};

/**
 * `Authorization: Bearer <gateway token>`, and no cookie: what a browser adds by itself proves nothing here. Every
 * bearer is taken for the secret, so this way comes after those that know their keys by their form.
 */
export function operatorAuthenticator(secret: BearerSecret): Authenticator {
  return async (request) => {
    if (bearerOf(request) === undefined) return undefined;
    await secret.check(request);
    return OPERATOR;
  };
}
