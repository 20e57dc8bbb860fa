/** Finds out who sends an HTTP request, or sent the one that a line was opened with. */
import type { IncomingMessage } from "node:http";
import type { Principal } from "./principal.ts";

/**
 * What is asked for: a request; a call over a line that is open, which is counted apart; or only whether who opened the
 * line still may, which is not counted, so that the asking itself never is too much.
 */
export type Asking = "request" | "call" | "line";

/**
 * One way to prove who one is: a browser's session, a key, the gateway's secret. `undefined`: the request does not use
 * this way. @throws REQ_005 for a proof of this way that is not valid (any more); the code for too many tries when somebody guesses.
 */
export type Authenticator = (request: IncomingMessage, asking?: Asking) => Promise<Principal | undefined>;

/** The first way that the request uses decides. */
export function firstOf(ways: readonly Authenticator[]): Authenticator {
  return async (request, asking) => {
    for (const way of ways) {
      const principal = await way(request, asking);
      if (principal) return principal;
    }
    return undefined;
  };
}
