/** The address a caller used, as far as it can be believed. */
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { SwitchboardError } from "@switchboard/domain";
import { isTrustedProxy } from "../callers/trusted-proxies.ts";

/** @throws CFG_001 unless platforms could call it: http or https, and no credentials, which they would be told. */
export function checkPublicUrl(publicUrl: string | undefined, where = "gateway.publicUrl"): void {
  if (publicUrl === undefined) return;
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : undefined;
  const isWeb = url?.protocol === "http:" || url?.protocol === "https:";
  if (!isWeb) throw new SwitchboardError("CFG_001", `${where} must be an address like https://gateway.example.com.`);
  if (url.username !== "" || url.password !== "") {
    throw new SwitchboardError("CFG_001", `${where} must not hold a user name or password.`);
  }
  if (url.search !== "" || url.hash !== "") {
    throw new SwitchboardError("CFG_001", `${where} must end before "?" and "#".`);
  }
}

/**
 * The absolute URL of a request: by the `X-Forwarded-*` headers (`Host`, `Proto`, `Port`, `Prefix`) of a named proxy,
 * else by the configured public URL, else as it arrived.
 */
export function publicRequestUrl(
  request: IncomingMessage,
  options: { readonly publicUrl?: string | undefined; readonly trustedProxies: readonly string[] },
): string {
  const path = request.url ?? "/";
  const arrivedBy = request.socket instanceof TLSSocket ? "https" : "http";
  if (isTrustedProxy(request.socket.remoteAddress, options.trustedProxies)) {
    const host = forwardedHost(request);
    const protocol = first(request.headers["x-forwarded-proto"]) ?? arrivedBy;
    if (host !== undefined) return `${protocol}://${host}${forwardedPrefix(request)}${path}`;
  }
  if (options.publicUrl !== undefined) return `${options.publicUrl.replace(/\/+$/, "")}${path}`;
  return `${arrivedBy}://${request.headers.host ?? "localhost"}${path}`;
}

/** The visitor's host, with the port where the proxy tells it apart. */
function forwardedHost({ headers }: IncomingMessage): string | undefined {
  const host = first(headers["x-forwarded-host"]) ?? headers.host;
  const port = first(headers["x-forwarded-port"]);
  const isUsual = port === "80" || port === "443";
  const lacksPort = host !== undefined && !/:\d+$/.test(host);
  return lacksPort && port !== undefined && /^\d{1,5}$/.test(port) && !isUsual ? `${host}:${port}` : host;
}

/** What a proxy took off the path before it passed the call on, without a trailing slash. */
function forwardedPrefix({ headers }: IncomingMessage): string {
  const prefix = first(headers["x-forwarded-prefix"])?.replace(/\/+$/, "") ?? "";
  return prefix.startsWith("/") ? prefix : "";
}

function first(header: string | string[] | undefined): string | undefined {
  const value = Array.isArray(header) ? header[0] : header?.split(",")[0];
  return value?.trim() || undefined;
}
