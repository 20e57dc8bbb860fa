/**
 * Where a setup code may send a device without encryption (DEV-7). Stricter than what a client of its own accord may
 * speak to (`kindOfHost`): whoever makes a code decides for somebody else, and the code's token goes over that line.
 */
import { SwitchboardError } from "@switchboard/domain";
import { readIpAddress } from "./ip-address.ts";
import { plainHost, rangeOf } from "./private-host.ts";

/** One label of a name, as it is looked up. */
const LABEL = /^[a-z0-9_-]{1,63}$/;

/** `host` as a parsed URL has it. Certain to be this machine: not a name that some resolver may know otherwise. */
export function isLoopback(host: string): boolean {
  const name = plainHost(host);
  const address = readIpAddress(name);
  return address ? rangeOf(address) === "loopback" : name === "localhost";
}

/**
 * Whether `ws://` is good enough for a host, written as a parsed URL has it: loopback, RFC 1918 (10.0.2.2, an
 * emulator's way to its machine, is one), link-local, IPv6 unique local, and `*.local`. Not: 100.64/10 and `.ts.net`
 * (Tailscale has certificates), names without a dot, addresses that carry a private one inside a public one.
 */
export function mayUseCleartext(host: string): boolean {
  if (isLoopback(host)) return true;
  const name = plainHost(host);
  const address = readIpAddress(name);
  if (address) {
    const range = rangeOf(address);
    return range === "private" || range === "link-local";
  }
  const labels = name.split(".");
  return labels.length > 1 && labels.at(-1) === "local" && labels.every((label) => LABEL.test(label));
}

/**
 * An address for a setup code in its one spelling: `ws(s)://host[:port][/path]`.
 * @throws REQ_001, without repeating the address, which may hold a secret.
 */
export function setupUrl(text: string): string {
  if (!URL.canParse(text)) throw wrong("it is no URL");
  const url = new URL(text);
  if (url.protocol !== "ws:" && url.protocol !== "wss:") throw wrong("it does not begin with ws:// or wss://");
  if (url.username !== "" || url.password !== "") throw wrong("it holds a user name or password");
  // Also an empty query or fragment, which the parsed URL does not tell.
  if (/[?#]/.test(text)) throw wrong("it has a query or a fragment");
  if (url.protocol === "ws:" && !mayUseCleartext(url.hostname)) {
    throw wrong("its host may only be reached with encryption, so it must begin with wss://", {
      action: "Turn on gateway.tls, or set gateway.publicUrl to an address that begins with https://.",
    });
  }
  return url.pathname === "/" ? url.origin : url.href;
}

function wrong(what: string, options: { readonly action?: string } = {}): SwitchboardError {
  return new SwitchboardError("REQ_001", `The gateway's address cannot be in a setup code: ${what}.`, options);
}
