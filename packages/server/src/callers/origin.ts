/** Which web pages may connect. A browser names its page's origin; other programs name none. */
import type { IncomingMessage } from "node:http";
import { SwitchboardError } from "@switchboard/domain";
import { kindOfHost } from "@switchboard/protocol";
import { type Peer, type ProxyTrust, peerOf } from "./peer.ts";

/**
 * `none`: no page. `own`: the gateway's own page, by address. `allowed`: named in the configuration. `loopback`: some
 * page of this machine. `any`: let in because the configuration lets in everyone.
 */
export type OriginKind = "none" | "own" | "allowed" | "loopback" | "any";

export interface OriginCheck {
  readonly origin: string | undefined;
  readonly host: string | undefined;
  readonly peer: Peer;
  /** Clients that are pages by nature must name an origin. */
  readonly required: boolean;
  readonly allowedOrigins: readonly string[];
}

export type OriginVerdict =
  | { readonly ok: true; readonly kind: OriginKind }
  | { readonly ok: false; readonly reason: string };

export function checkOrigin({ origin, host, peer, required, allowedOrigins }: OriginCheck): OriginVerdict {
  if (origin === undefined) return required ? { ok: false, reason: "origin missing" } : { ok: true, kind: "none" };
  const page = pageOf(origin);
  if (!page) return { ok: false, reason: "origin invalid" };
  if (allowedOrigins.some((allowed) => pageOf(allowed)?.origin === page.origin)) return { ok: true, kind: "allowed" };
  if (isOwn(page, host, peer)) return { ok: true, kind: "own" };
  if (allowedOrigins.includes("*")) return { ok: true, kind: "any" };
  if (peer.local && kindOfHost(page.hostname) === "loopback") return { ok: true, kind: "loopback" };
  return { ok: false, reason: "origin not in allowedOrigins" };
}

/**
 * Programs may ask, and pages that may connect.
 * @throws SEC_001 for another page, and for whoever comes by a proxy that nobody named.
 */
export function refuseForeignPage(
  request: IncomingMessage,
  { allowedOrigins, trust }: { readonly allowedOrigins: readonly string[]; readonly trust: ProxyTrust },
): void {
  const { host, origin } = request.headers;
  const peer = peerOf(request, trust);
  const verdict = peer && checkOrigin({ origin, host, peer, required: false, allowedOrigins });
  if (!verdict?.ok) throw new SwitchboardError("SEC_001", "This page may not speak with the gateway.");
}

/**
 * Same host and port as the request's own. A name on the public Internet does not count: it could be anyone's that
 * resolves to this machine for a moment (DNS rebinding); such a name has to be configured.
 */
function isOwn(page: URL, host: string | undefined, peer: Peer): boolean {
  if (host === undefined || !URL.canParse(`${page.protocol}//${host}`)) return false;
  const own = new URL(`${page.protocol}//${host}`);
  if (own.host !== page.host) return false;
  const kind = kindOfHost(own.hostname);
  return kind === "private" || (kind === "loopback" && peer.local);
}

function pageOf(origin: string): URL | undefined {
  if (!URL.canParse(origin)) return undefined;
  const url = new URL(origin);
  return url.protocol === "http:" || url.protocol === "https:" ? url : undefined;
}
