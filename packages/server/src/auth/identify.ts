/** The first question at the door: is the caller's credential good? Which device it is comes later. */
import type { Authenticator, AuthFailure, ConnectAttempt, Identified, SharedSecret } from "../ws/index.ts";
import { tailscaleUser, type Whois } from "./tailscale.ts";
import { proxyUser, type TrustedProxySettings } from "./trusted-proxy.ts";

export type AuthMode = "token" | "password" | "trusted-proxy" | "none";

export interface CredentialOptions {
  /** `none`: everybody who reaches the port from a private address. Looked up for each attempt. */
  readonly mode: () => AuthMode;
  /** The token or password in force; looked up for each attempt and each request. */
  readonly secret: () => SharedSecret | undefined;
  /** Whether the upgrade request's cookie is a page session made from the secret in force. */
  readonly acceptsCookie?: (cookieHeader: string | undefined) => boolean;
  /** For mode `trusted-proxy`. */
  readonly proxy?: () => TrustedProxySettings | undefined;
  /** Set: visitors whom Tailscale names are believed, once it confirms. */
  readonly whois?: Whois | undefined;
}

export function identifyBy(options: CredentialOptions): Authenticator["identify"] {
  const { mode } = options;
  return async (attempt) => {
    const now = mode();
    if (now === "none") {
      if (!attempt.peer.private) return failure("AUTH_REQUIRED", "auth_required", false);
      return { ok: true, method: "none", inForce: () => mode() === "none" };
    }
    if (now === "trusted-proxy") return byProxy(attempt, options);
    const named = await byTailscale(attempt, options);
    return named ?? bySecret(attempt, now, options);
  };
}

async function byTailscale(
  attempt: ConnectAttempt,
  { mode, whois }: CredentialOptions,
): Promise<Identified | undefined> {
  const { auth } = attempt.params;
  // Who shows a secret is judged by it.
  if (!whois || !attempt.peer.tailscale || auth?.token || auth?.password) return undefined;
  const verdict = await tailscaleUser(attempt.peer, whois);
  if (!verdict.ok) return failure(verdict.code, verdict.reason, false);
  const before = mode();
  return { ok: true, method: "tailscale", user: verdict.user, inForce: () => mode() === before };
}

function byProxy(attempt: ConnectAttempt, options: CredentialOptions): Identified {
  const settings = options.proxy?.();
  const verdict = settings
    ? proxyUser(attempt, settings)
    : { ok: false as const, reason: "trusted_proxy_missing_config" };
  if (verdict.ok) {
    const inForce = () => options.mode() === "trusted-proxy";
    return { ok: true, method: "trusted-proxy", user: verdict.user, inForce };
  }
  // The gateway's own machine has a way in, or a broken proxy would lock the owner out.
  if (attempt.peer.local) return bySecret(attempt, "trusted-proxy", options);
  const code = verdict.reason.startsWith("trusted_proxy_missing_header")
    ? "AUTH_IDENTITY_HEADER_REQUIRED"
    : "AUTH_UNAUTHORIZED";
  return failure(code, verdict.reason, false);
}

function bySecret(attempt: ConnectAttempt, wanted: Exclude<AuthMode, "none">, options: CredentialOptions): Identified {
  const { acceptsCookie, mode, secret } = options;
  const current = secret();
  const isPassword = wanted === "password";
  if (!current) {
    return isPassword
      ? failure("AUTH_PASSWORD_NOT_CONFIGURED", "password_missing_config", false)
      : failure("AUTH_TOKEN_NOT_CONFIGURED", "token_missing_config", false);
  }
  const method = isPassword ? "password" : "token";
  const good: Identified = { ok: true, method, inForce: () => mode() === wanted && secret() === current };
  const { password, token } = attempt.params.auth ?? {};
  // Clients of either mode put it where their own settings say.
  const candidate = (isPassword ? (password ?? token) : (token ?? password)) ?? "";
  if (candidate !== "") {
    if (current.matches(candidate)) return good;
    return isPassword
      ? failure("AUTH_PASSWORD_MISMATCH", "password_mismatch", true)
      : failure("AUTH_TOKEN_MISMATCH", "token_mismatch", true);
  }
  if (isKnownPage(attempt) && acceptsCookie?.(attempt.headers.cookie)) return good;
  return isPassword
    ? failure("AUTH_PASSWORD_MISSING", "password_missing", false)
    : failure("AUTH_TOKEN_MISSING", "token_missing", false);
}

/** A page of ours or of a named origin. Some other page of this machine is not: cookies know no ports. */
export function isKnownPage({ origin }: Pick<ConnectAttempt, "origin">): boolean {
  return origin === "own" || origin === "allowed";
}

export function failure(
  code: AuthFailure["code"],
  reason: string,
  wrong: boolean,
): { readonly ok: false; readonly failure: AuthFailure } {
  return { ok: false, failure: { code, reason, wrong } };
}
