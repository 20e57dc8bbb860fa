/** Finds out who sends an HTTP request. */
import type { IncomingMessage } from "node:http";
import type { Principal } from "./principal.ts";

/**
 * One way to prove who one is: a browser's session, a key, the gateway's secret. `undefined`: the request does not use
 * this way. @throws REQ_005 for a proof of this way that is not valid (any more); the code for too many tries when somebody guesses.
 */
export type Authenticator = (request: IncomingMessage) => Promise<Principal | undefined>;

/** The first way that the request uses decides. */
export function firstOf(ways: readonly Authenticator[]): Authenticator {
  return async (request) => {
    for (const way of ways) {
      const principal = await way(request);
      if (principal) return principal;
    }
    return undefined;
  };
}
