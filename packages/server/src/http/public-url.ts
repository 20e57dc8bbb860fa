/** The address a caller used, as far as it can be believed. */
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { SwitchboardError } from "@switchboard/domain";
import { isTrustedProxy } from "./trusted-proxies.ts";

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
 * The absolute URL of a request: by the forwarding headers of a named proxy, else by the configured public URL, else
 * as it arrived.
 */
export function publicRequestUrl(
  request: IncomingMessage,
  options: { readonly publicUrl?: string | undefined; readonly trustedProxies: readonly string[] },
): string {
  const path = request.url ?? "/";
  const arrivedBy = request.socket instanceof TLSSocket ? "https" : "http";
  if (isTrustedProxy(request.socket.remoteAddress, options.trustedProxies)) {
    const host = first(request.headers["x-forwarded-host"]) ?? request.headers.host;
    const protocol = first(request.headers["x-forwarded-proto"]) ?? arrivedBy;
    if (host !== undefined) return `${protocol}://${host}${path}`;
  }
  if (options.publicUrl !== undefined) return `${options.publicUrl.replace(/\/+$/, "")}${path}`;
  return `${arrivedBy}://${request.headers.host ?? "localhost"}${path}`;
}

function first(header: string | string[] | undefined): string | undefined {
  const value = Array.isArray(header) ? header[0] : header?.split(",")[0];
  return value?.trim() || undefined;
}
