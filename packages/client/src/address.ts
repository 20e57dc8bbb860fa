/** Where the gateway is. */
import { kindOfHost, SwitchboardError } from "@switchboard/protocol";

/**
 * Checks an address that a person or a configuration gave, and returns it as `ws:` or `wss:`. Without encryption only
 * hosts that are not on the public Internet are spoken to, unless `cleartext` is `any`: the token would go with it.
 *
 * Never pass what a page found in its own address (CVE-2026-25253: a link could name the attacker's gateway and have
 * the token sent there); pages use `ownGatewayAddress`.
 * @throws REQ_001. The message does not repeat the address, which may hold a secret.
 */
export function gatewayAddress(text: string, cleartext: "private" | "any" = "private"): string {
  if (!URL.canParse(text)) throw wrong("The gateway's address is no URL; write it like ws://127.0.0.1:18789.");
  const url = new URL(text);
  if (url.protocol === "http:") url.protocol = "ws:";
  if (url.protocol === "https:") url.protocol = "wss:";
  if (url.protocol !== "ws:" && url.protocol !== "wss:")
    throw wrong("The gateway's address must begin with ws or wss.");
  if (url.username !== "" || url.password !== "") throw wrong("The gateway's address must not contain credentials.");
  if (url.search !== "" || url.hash !== "") throw wrong("The gateway's address must not have a query or a fragment.");
  if (url.protocol === "ws:" && cleartext !== "any" && kindOfHost(url.hostname) === "public") {
    throw wrong("The gateway is on a public host; use wss:// so that the token is not sent in the clear.");
  }
  return url.href;
}

/** The gateway that served a page. Looks at nothing but the page's origin: neither its query nor its fragment. */
export function ownGatewayAddress(page: { readonly protocol: string; readonly host: string }, path = "/"): string {
  const url = new URL(`${page.protocol === "https:" ? "wss" : "ws"}://${page.host}`);
  url.pathname = path;
  return url.href;
}

function wrong(message: string): SwitchboardError {
  return new SwitchboardError("REQ_001", message);
}
