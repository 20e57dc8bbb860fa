/** The address a caller used, as far as it can be believed. */
import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";

const lists = new WeakMap<readonly string[], BlockList>();

/** Whether a peer address is one of the named proxies (addresses or CIDR ranges). */
export function isTrustedProxy(address: string | undefined, proxies: readonly string[]): boolean {
  if (address === undefined || proxies.length === 0) return false;
  let list = lists.get(proxies);
  if (!list) {
    list = new BlockList();
    for (const proxy of proxies) {
      const [host = "", prefix] = proxy.split("/");
      const family = isIP(host) === 6 ? "ipv6" : "ipv4";
      if (prefix === undefined) list.addAddress(host, family);
      else list.addSubnet(host, Number(prefix), family);
    }
    lists.set(proxies, list);
  }
  const plain = address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
  return list.check(plain, isIP(plain) === 6 ? "ipv6" : "ipv4");
}

/**
 * The absolute URL of a request: by the forwarding headers of a named proxy, else by the configured public URL, else
 * as it arrived.
 */
export function publicRequestUrl(
  request: IncomingMessage,
  options: { readonly publicUrl?: string | undefined; readonly trustedProxies: readonly string[] },
): string {
  const path = request.url ?? "/";
  if (isTrustedProxy(request.socket.remoteAddress, options.trustedProxies)) {
    const host = first(request.headers["x-forwarded-host"]) ?? request.headers.host;
    const protocol = first(request.headers["x-forwarded-proto"]) ?? "http";
    if (host !== undefined) return `${protocol}://${host}${path}`;
  }
  if (options.publicUrl !== undefined) return `${options.publicUrl}${path}`;
  return `http://${request.headers.host ?? "localhost"}${path}`;
}

function first(header: string | string[] | undefined): string | undefined {
  const value = Array.isArray(header) ? header[0] : header?.split(",")[0];
  return value?.trim() || undefined;
}
