/** The address a caller used, as far as it can be believed. */
import type { IncomingMessage } from "node:http";
import { isTrustedProxy } from "./trusted-proxies.ts";

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
  if (options.publicUrl !== undefined) return `${options.publicUrl.replace(/\/+$/, "")}${path}`;
  return `http://${request.headers.host ?? "localhost"}${path}`;
}

function first(header: string | string[] | undefined): string | undefined {
  const value = Array.isArray(header) ? header[0] : header?.split(",")[0];
  return value?.trim() || undefined;
}
