/** Who is at the other end of the line, as far as it can be believed. */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { kindOfHost } from "@switchboard/protocol";
import { isTrustedProxy } from "../http/trusted-proxies.ts";

export interface Peer {
  readonly ip: string;
  /** On this machine and speaking for itself: loopback, and no proxy in between. */
  readonly local: boolean;
  /** Not on the public Internet. */
  readonly private: boolean;
}

/** A visitor whose address the proxy does not tell; never private. */
const UNKNOWN = "unknown";

/** Headers that only a proxy adds. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/**
 * `undefined`: a proxy on this machine that nobody named. Taking its word, or its place, would make every visitor
 * local.
 */
export function peerOf(request: IncomingMessage, trustedProxies: readonly string[]): Peer | undefined {
  const address = plain(request.socket.remoteAddress ?? "");
  const loopback = kindOfHost(address) === "loopback";
  if (isTrustedProxy(address, trustedProxies)) {
    const client = forwardedClient(request, trustedProxies);
    if (client !== undefined) {
      return { ip: client, local: false, private: client !== UNKNOWN && kindOfHost(client) !== "public" };
    }
  }
  if (hasProxyHeader(request) && loopback) return undefined;
  return { ip: address, local: loopback, private: address !== "" && kindOfHost(address) !== "public" };
}

/** The nearest address in the forwarding chain that is no proxy of ours: what stands further left may be made up. */
function forwardedClient(request: IncomingMessage, trustedProxies: readonly string[]): string | undefined {
  const header = request.headers["x-forwarded-for"];
  const chain = (Array.isArray(header) ? header.join(",") : (header ?? ""))
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .map(withoutPort);
  return chain.findLast((address) => !isTrustedProxy(address, trustedProxies));
}

/** Some proxies add the port. What is no address at all, e.g. `unknown`, is nobody's. */
function withoutPort(text: string): string {
  const address = plain(/^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text);
  return isIP(address) === 0 ? UNKNOWN : address;
}

function hasProxyHeader({ headers }: IncomingMessage): boolean {
  return Object.keys(headers).some((name) => PROXY_HEADERS.includes(name) || name.startsWith("tailscale-"));
}

function plain(address: string): string {
  return address.startsWith("::ffff:") ? address.slice(7) : address;
}
