/** Whoever holds the gateway's own secret acts for the tenant of a personal install. */
import type { IncomingMessage } from "node:http";
import { DEFAULT_TENANT } from "@switchboard/domain";
import { type BearerSecret, bearerOf } from "../auth/bearer-secret.ts";
import type { Authenticator } from "./authenticator.ts";
import { checkOwnPage } from "./own-page.ts";
import { type Principal, scopesOf } from "./principal.ts";

const OPERATOR: Principal = {
  kind: "operator",
  id: "operator:shared-secret",
  tenant: DEFAULT_TENANT,
  role: "owner",
  scopes: scopesOf("owner"),
};

/**
 * The same by the cookie that a page of the gateway got for its token. Browsers add it to whatever page's request, so what
 * changes something must come from a page of the gateway. A request that bears something else means that.
 */
export function operatorPageAuthenticator(
  accepts: (cookies: string | undefined) => boolean,
  rootOf: (request: IncomingMessage) => string | undefined,
): Authenticator {
  return async (request) => {
    const { authorization, cookie } = request.headers;
    if (authorization !== undefined || !accepts(cookie)) return undefined;
    const root = rootOf(request);
    if (root === undefined) return undefined;
    checkOwnPage(request, root);
    return OPERATOR;
  };
}

/**
 * `Authorization: Bearer <gateway token>`, and no cookie. Every
 * bearer is taken for the secret, so this way comes after those that know their keys by their form.
 */
export function operatorAuthenticator(secret: BearerSecret): Authenticator {
  return async (request, asking = "request") => {
    const token = bearerOf(request);
    if (token === undefined) return undefined;
    // Whoever opened a line has proven it: others who guess from the same place do not end it.
    if (asking === "request" || !secret.is(token)) await secret.check(request);
    return OPERATOR;
  };
}
