import type { ErrorRecord } from "@switchboard/domain";

/** Why something is buried whose time is up (oc#39138). */
export function expired(what: string, expiresAt: number): ErrorRecord {
  const at = new Date(expiresAt).toISOString();
  return { code: "MSG_006", message: `The ${what} was to be done by ${at} and waited longer.`, retryable: false };
}
