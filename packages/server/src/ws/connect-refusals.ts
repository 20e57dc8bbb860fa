/** Why a `connect` is refused, in the words that clients of the protocol understand. */
import {
  acceptsProtocol,
  CLOSE,
  type ConnectParams,
  OLDEST_PROBE_PROTOCOL,
  PROTOCOL_VERSION,
} from "@switchboard/protocol";
import type { AuthFailure } from "./authenticator.ts";
import { type Refusal, refuse } from "./refusal.ts";

export type Phase = "starting" | "ready" | "draining";

/** The gateway is not ready, or not any more. */
export function notNow(phase: Phase): Refusal | undefined {
  if (phase === "ready") return undefined;
  const starting = phase === "starting";
  return refuse(starting ? "the gateway is starting" : "the gateway is restarting", {
    code: "UNAVAILABLE",
    retryAfterMs: starting ? 500 : 1_000,
    otherDetails: { method: "connect", reason: starting ? "startup-sidecars" : "gateway-restarting" },
    close: CLOSE.tryLater,
    reason: starting ? "gateway starting" : "gateway restart in progress",
  });
}

export function wrongVersion({
  minProtocol,
  maxProtocol,
  client,
  role = "operator",
}: ConnectParams): Refusal | undefined {
  if (acceptsProtocol({ minProtocol, maxProtocol, role, mode: client.mode })) return undefined;
  return refuse("protocol mismatch", {
    details: {
      code: "PROTOCOL_MISMATCH",
      clientMinProtocol: minProtocol,
      clientMaxProtocol: maxProtocol,
      expectedProtocol: PROTOCOL_VERSION,
      minimumProbeProtocol: OLDEST_PROBE_PROTOCOL,
    },
    close: CLOSE.protocolMismatch,
  });
}

export function wrongRole({ role = "operator" }: ConnectParams): Refusal | undefined {
  return role === "operator" || role === "node" ? undefined : refuse("invalid role");
}

/** Too many wrong credentials from there. */
export function lockedOut(retryAfterMs: number): Refusal {
  return refuse("unauthorized: too many failed attempts, wait before the next one", {
    details: {
      code: "AUTH_RATE_LIMITED",
      authReason: "rate_limited",
      canRetryWithDeviceToken: false,
      recommendedNextStep: "wait_then_retry",
    },
    retryAfterMs,
  });
}

const NEXT_STEPS: Readonly<Record<string, string>> = {
  token_missing: "update_auth_configuration",
  token_missing_config: "update_auth_configuration",
  password_missing: "update_auth_configuration",
  password_missing_config: "update_auth_configuration",
  token_mismatch: "update_auth_credentials",
  password_mismatch: "update_auth_credentials",
  device_token_mismatch: "update_auth_credentials",
};

const EXPLANATIONS: Readonly<Record<string, string>> = {
  token_missing: "gateway token missing (pass the gateway's token)",
  token_missing_config: "gateway token not configured (set gateway.auth.token or GATEWAY_TOKEN)",
  token_mismatch: "gateway token mismatch (pass the gateway's present token)",
  password_missing: "gateway password missing (pass the gateway's password)",
  password_missing_config: "gateway password not configured (set gateway.auth.password or GATEWAY_PASSWORD)",
  password_mismatch: "gateway password mismatch (pass the gateway's present password)",
  device_token_mismatch: "device token mismatch (pair this device again, or pass the gateway's token)",
  bootstrap_token_invalid: "setup code invalid, expired or used (make a new one)",
  trusted_proxy_untrusted_source: "connect through the proxy that signs people in",
  trusted_proxy_user_not_allowed: "this user may not connect (see gateway.auth.trustedProxy.allowUsers)",
  auth_required: "authentication required from public addresses (set a gateway token)",
};

/** The credential was not accepted; `recommendedNextStep` is what clients act on. */
export function unauthorized({ canRetryWithDeviceToken = false, code, reason }: AuthFailure): Refusal {
  return refuse(`unauthorized: ${EXPLANATIONS[reason] ?? reason}`, {
    details: {
      code,
      authReason: reason,
      canRetryWithDeviceToken,
      recommendedNextStep: canRetryWithDeviceToken
        ? "retry_with_device_token"
        : (NEXT_STEPS[reason] ?? "review_auth_configuration"),
    },
  });
}
