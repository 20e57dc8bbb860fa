/** Who is at the other end of the line, as far as it can be believed. */
import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import { kindOfHost } from "@switchboard/protocol";
import { isTrustedProxy } from "./trusted-proxies.ts";

export interface Peer {
  readonly ip: string;
  /** On this machine and speaking for itself: loopback, and no proxy in between. */
  readonly local: boolean;
  /** Not on the public Internet. */
  readonly private: boolean;
  /** A proxy that was named speaks for it. */
  readonly forwarded?: boolean;
  /** Tailscale's proxy on this machine speaks for it, and says who it is. To be confirmed. */
  readonly tailscale?: { readonly login: string };
}

/** A visitor whose address the proxy does not tell; never private. */
const UNKNOWN = "unknown";

/** How far proxies are believed. */
export interface ProxyTrust {
  /** Addresses or ranges whose forwarding headers are believed. */
  readonly proxies: readonly string[];
  /** Whether Tailscale's own proxy on this machine is. */
  readonly tailscale: boolean;
}

/** Headers that only a proxy adds. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/**
 * `undefined`: a proxy on this machine that nobody named. Taking its word, or its place, would make every visitor
 * local.
 */
export function peerOf(request: IncomingMessage, { proxies, tailscale }: ProxyTrust): Peer | undefined {
  const address = plain(request.socket.remoteAddress ?? "");
  const loopback = kindOfHost(address) === "loopback";
  if (isTrustedProxy(address, proxies)) {
    const client = forwardedClient(request, proxies);
    if (client !== undefined) {
      const isPrivate = client !== UNKNOWN && kindOfHost(client) !== "public";
      return { ip: client, local: false, private: isPrivate, forwarded: true };
    }
  }
  if (tailscale && loopback) {
    const peer = tailnetPeer(request);
    if (peer) return peer;
  }
  if (hasProxyHeader(request) && loopback) return undefined;
  return { ip: address, local: loopback, private: address !== "" && kindOfHost(address) !== "public" };
}

/** What counts as one visitor: an IPv4 address, or the network of 64 bits that one IPv6 subscriber has at least. */
export function networkOf(ip: string): string {
  if (isIP(ip) !== 6) return ip;
  const [head = "", tail] = ip.split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - first.length - last.length }, () => "0");
  const groups = [...first, ...zeros, ...last].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}

/** A visitor that Tailscale's proxy names, from an address of its network. */
function tailnetPeer({ headers }: IncomingMessage): Peer | undefined {
  const login = headers["tailscale-user-login"];
  const forwarded = headers["x-forwarded-for"];
  if (typeof login !== "string" || typeof forwarded !== "string") return undefined;
  const ip = withoutPort(forwarded.trim());
  return isTailnetAddress(ip) ? { ip, local: false, private: true, tailscale: { login: login.trim() } } : undefined;
}

const tailnet = new BlockList();
tailnet.addSubnet("100.64.0.0", 10, "ipv4");
tailnet.addSubnet("fd7a:115c:a1e0::", 48, "ipv6");

function isTailnetAddress(ip: string): boolean {
  const family = isIP(ip);
  return family !== 0 && tailnet.check(ip, family === 6 ? "ipv6" : "ipv4");
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

export function hasProxyHeader({ headers }: Pick<IncomingMessage, "headers">): boolean {
  return Object.keys(headers).some((name) => PROXY_HEADERS.includes(name) || name.startsWith("tailscale-"));
}

function plain(address: string): string {
  return address.startsWith("::ffff:") ? address.slice(7) : address;
}
