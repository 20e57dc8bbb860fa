/** Mode `trusted-proxy`: a proxy that was named signs people in and says who they are in a header (DEV-5). */
import type { ConnectAttempt } from "../ws/index.ts";

export interface TrustedProxySettings {
  /** The header that names the person, lower case. */
  readonly userHeader: string;
  /** Further headers that must be there, lower case. */
  readonly requiredHeaders: readonly string[];
  /** Who may come in; empty: everybody the proxy lets through. */
  readonly allowUsers: readonly string[];
}

export type ProxyVerdict =
  | { readonly ok: true; readonly user: string }
  | { readonly ok: false; readonly reason: string };

/** What the client calls itself never counts here (CVE-2026-32057). */
export function proxyUser({ headers, peer }: ConnectAttempt, settings: TrustedProxySettings): ProxyVerdict {
  if (!peer.forwarded) return { ok: false, reason: "trusted_proxy_untrusted_source" };
  const missing = [settings.userHeader, ...settings.requiredHeaders].find((name) => !text(headers[name]));
  if (missing !== undefined) return { ok: false, reason: `trusted_proxy_missing_header_${missing}` };
  const user = text(headers[settings.userHeader]);
  if (settings.allowUsers.length > 0 && !settings.allowUsers.includes(user)) {
    return { ok: false, reason: "trusted_proxy_user_not_allowed" };
  }
  return { ok: true, user };
}

/** A header that came twice names nobody. */
function text(value: string | string[] | undefined): string {
  return typeof value === "string" && !value.includes(",") ? value.trim() : "";
}
