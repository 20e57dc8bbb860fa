/** Cookies are added by browsers to what any page sends. What changes something must come from a page of the gateway. */
import type { IncomingMessage } from "node:http";
import { SwitchboardError } from "@switchboard/domain";

const SAFE = ["GET", "HEAD", "OPTIONS"];
/** As the sign-in library names it, with and without TLS. */
const SESSION_COOKIE = /(?:^|;\s*)(?:__Secure-)?switchboard\.session_token=/;

export function hasSession({ headers }: IncomingMessage): boolean {
  return SESSION_COOKIE.test(headers.cookie ?? "");
}

/**
 * A request that changes something names the page it comes from: browsers always do that.
 * @throws SEC_003 when it is not a page at `root`, or names none.
 */
export function checkOwnPage({ headers, method = "" }: IncomingMessage, root: string): void {
  if (SAFE.includes(method) || headers.origin === new URL(root).origin) return;
  throw new SwitchboardError("SEC_003", "Only the gateway's own pages may do this with a session.", {
    action: "Use a key, or open the gateway's own address; a public one is named in gateway.publicUrl.",
  });
}
