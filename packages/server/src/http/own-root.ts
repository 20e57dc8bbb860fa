/** Under which of its own addresses the gateway was reached. A `Host` header alone proves nothing: anyone sends any. */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { TLSSocket } from "node:tls";
import { kindOfHost } from "@switchboard/protocol";
import { hasProxyHeader } from "../callers/peer.ts";
import { isTrustedProxy } from "../callers/trusted-proxies.ts";

export interface OwnRootOptions {
  readonly publicUrl?: string | undefined;
  readonly trustedProxies: readonly string[];
  /** This machine's addresses in its networks, at this moment. */
  addresses(): readonly string[];
}

/**
 * Without a slash at its end, e.g. `http://192.168.1.5:18789` or `https://gateway.example.com/switchboard`. The host that
 * the request names, when it is one of ours; else the public address; else the address that the line arrived at. Of
 * a request that came by a proxy only the public address is sure; `undefined` when there is none.
 */
export function ownRoot({ headers, socket }: IncomingMessage, options: OwnRootOptions): string | undefined {
  const publicRoot = options.publicUrl?.replace(/\/+$/, "");
  if (hasProxyHeader({ headers }) || isTrustedProxy(socket.remoteAddress, options.trustedProxies)) return publicRoot;
  const scheme = socket instanceof TLSSocket ? "https:" : "http:";
  const { localAddress, localPort } = socket;
  if (publicRoot !== undefined) {
    const known = new URL(publicRoot);
    if (hostOf(known.protocol, headers.host)?.host === known.host) return publicRoot;
  }
  if (localAddress === undefined || localPort === undefined) return publicRoot;
  const arrivedAt = localAddress.replace(/^::ffff:/, "");
  const asked = hostOf(scheme, headers.host);
  if (asked && portOf(asked) === localPort && isOwn(asked.hostname, arrivedAt, options.addresses()))
    return asked.origin;
  return publicRoot ?? `${scheme}//${isIP(arrivedAt) === 6 ? `[${arrivedAt}]` : arrivedAt}:${localPort}`;
}

/** `undefined` unless it is a host with or without a port, and nothing else. */
function hostOf(scheme: string, host: string | undefined): URL | undefined {
  if (host === undefined || !/^[A-Za-z0-9.:[\]-]+$/.test(host)) return undefined;
  return URL.canParse(`${scheme}//${host}/`) ? new URL(`${scheme}//${host}/`) : undefined;
}

function portOf({ port, protocol }: URL): number {
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

function isOwn(hostname: string, arrivedAt: string, addresses: readonly string[]): boolean {
  const name = hostname.replace(/^\[(.*)\]$/, "$1");
  if (name === arrivedAt) return true;
  const isLoopback = name === "localhost" || (isIP(name) !== 0 && kindOfHost(name) === "loopback");
  return isLoopback ? kindOfHost(arrivedAt) === "loopback" : addresses.includes(name);
}
