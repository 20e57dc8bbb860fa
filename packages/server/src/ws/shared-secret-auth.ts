/**
 * Who may connect with the gateway's token, or without one where the configuration says so, and what they get.
 *
 * The token proves that its bearer was given it, not who they are; client ids are claims. So what it grants depends on
 * what can be seen (GHSA-rqpp-rjj8-7wv8: declaring `operator.admin` must never be enough):
 * - A CLI or backend on this machine gets what it asks for: it can read the token's file anyway.
 * - A page that the gateway itself served, opened on this machine, likewise: it is the console and WebChat.
 * - Such a page opened elsewhere, or one of a configured origin, may read and write, but not administer, pair or
 *   approve; for that it needs a paired device.
 * - Everything else is connected without any scope.
 * A device's signature shows possession of a key that anybody can make. Until devices can be paired here, one on this
 * machine gets what a CLI gets, one from elsewhere is told that it has to be paired.
 */
import { DEFAULT_TENANT } from "@switchboard/domain";
import { CLIENT_IDS, grantable, SCOPES, type Scope } from "@switchboard/protocol";
import type { Admission, Authenticator, AuthFailure, ConnectAttempt, Identified } from "./authenticator.ts";
import type { Device } from "./device-proof.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { SharedSecret } from "./shared-secret.ts";

export interface SharedSecretAuthOptions {
  /** `none`: everybody who reaches the port from a private address. Looked up for each attempt. */
  readonly mode: () => "token" | "none";
  /** The token in force; looked up for each attempt and each request. */
  readonly secret: () => SharedSecret | undefined;
  /** Whether the upgrade request's cookie is a page session made from the token in force. */
  readonly acceptsCookie?: (cookieHeader: string | undefined) => boolean;
}

/** Faces that act as the owner's hands and are therefore expected to hold a device key. */
const NEED_DEVICE: readonly string[] = [CLIENT_IDS.controlUi, CLIENT_IDS.tui, CLIENT_IDS.copilot];
const PAGE_SCOPES: readonly Scope[] = ["operator.read", "operator.write"];

export function sharedSecretAuth({ mode, secret, acceptsCookie }: SharedSecretAuthOptions): Authenticator {
  return {
    async identify(attempt) {
      if (mode() === "none") {
        if (!attempt.peer.private) return failure("AUTH_REQUIRED", "auth_required", false);
        return { ok: true, method: "none", inForce: () => mode() === "none" };
      }
      const current = secret();
      if (!current) return failure("AUTH_TOKEN_NOT_CONFIGURED", "token_missing_config", false);
      const good: Identified = { ok: true, method: "token", inForce: () => mode() === "token" && secret() === current };
      const candidate = attempt.params.auth?.token ?? attempt.params.auth?.password ?? "";
      if (candidate !== "") {
        return current.matches(candidate) ? good : failure("AUTH_TOKEN_MISMATCH", "token_mismatch", true);
      }
      if (isKnownPage(attempt) && acceptsCookie?.(attempt.headers.cookie)) return good;
      return failure("AUTH_TOKEN_MISSING", "token_missing", false);
    },

    async admit(attempt, identified, device): Promise<Admission> {
      if (!identified.ok) return identified;
      const refusal = refusalOf(attempt, device);
      if (refusal) return { ok: false, refusal };
      const { method, inForce } = identified;
      const granted = { scopes: grantable(attempt.scopes, ceilingOf(attempt, device)) };
      return {
        ok: true,
        method,
        principal: { tenant: DEFAULT_TENANT, actor: device ? `operator:${device.id}` : "operator:shared-secret" },
        authority: () => (inForce() ? granted : undefined),
      };
    },
  };
}

function failure(code: AuthFailure["code"], reason: string, wrong: boolean): Identified {
  return { ok: false, failure: { code, reason, wrong } };
}

/** A page of ours or of a named origin. Some other page of this machine is not: cookies know no ports. */
function isKnownPage({ origin }: ConnectAttempt): boolean {
  return origin === "own" || origin === "allowed";
}

function refusalOf(attempt: ConnectAttempt, device: Device | undefined): Refusal | undefined {
  const { role, peer, params } = attempt;
  if (!device) {
    if (NEED_DEVICE.includes(params.client.id)) {
      return refuse("control ui requires device identity (pair this browser or use the gateway's own pages)", {
        details: { code: "CONTROL_UI_DEVICE_IDENTITY_REQUIRED" },
      });
    }
    if (role === "operator") return undefined;
    return refuse("device identity required", { code: "NOT_PAIRED", details: { code: "DEVICE_IDENTITY_REQUIRED" } });
  }
  if (role === "operator" && peer.local) return undefined;
  return refuse("pairing required: device is not approved yet", {
    code: "NOT_PAIRED",
    details: {
      code: "PAIRING_REQUIRED",
      reason: "not-paired",
      deviceId: device.id,
      requestedRole: role,
      ...(attempt.scopes.length > 0 && { requestedScopes: attempt.scopes }),
      remediationHint: "Connect from the gateway's own machine; approving other devices is not possible yet.",
    },
  });
}

function ceilingOf(attempt: ConnectAttempt, device: Device | undefined): readonly Scope[] {
  const { peer, origin, params } = attempt;
  const { id, mode } = params.client;
  if (peer.local && origin === "none") {
    const isTool =
      (id === CLIENT_IDS.cli && mode === "cli") || (id === CLIENT_IDS.backend && mode === "backend") || device;
    return isTool ? SCOPES : [];
  }
  if (peer.local && origin === "own") return SCOPES;
  return isKnownPage(attempt) ? PAGE_SCOPES : [];
}
