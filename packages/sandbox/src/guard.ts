/**
 * Who may ask. The sandbox can kill a process and hands out sessions, so it answers only to its own page: a browser
 * that was led here by another site says so in `Origin` or `Sec-Fetch-Site`, and one whose DNS was rebound says it in
 * `Host`.
 */
import type { IncomingMessage } from "node:http";
import { kindOfHost } from "@switchboard/protocol";

export type Verdict =
  | { readonly kind: "ok" }
  /** Another name of this machine: the page has one address, so that cookies and frames fit. */
  | { readonly kind: "elsewhere"; readonly url: string }
  | { readonly kind: "refused"; readonly reason: string };

/** `own`: the sandbox's origin, e.g. `http://127.0.0.1:4680`. */
export function judge({ headers, method, url = "/" }: IncomingMessage, own: string): Verdict {
  const { host, origin } = headers;
  const site = headers["sec-fetch-site"];
  if (host !== new URL(own).host) {
    const isAlias = host !== undefined && isLoopbackAlias(host, own);
    if (isAlias && method === "GET" && url === "/") return { kind: "elsewhere", url: `${own}/` };
    return { kind: "refused", reason: `This is ${own}; the request was addressed to another host.` };
  }
  if (origin !== undefined && origin !== own) {
    return { kind: "refused", reason: "Only the sandbox's own page may ask this." };
  }
  const isPage = url === "/" || url.startsWith("/assets/");
  if (!isPage && site !== undefined && site !== "same-origin" && site !== "none") {
    return { kind: "refused", reason: "Only the sandbox's own page may ask this." };
  }
  return { kind: "ok" };
}

function isLoopbackAlias(host: string, own: string): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname, port } = new URL(`http://${host}`);
  return kindOfHost(hostname) === "loopback" && port === new URL(own).port;
}
