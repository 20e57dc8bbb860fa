/** From a setup code to a connection. */
import { decodeSetupCode, urlsOfSetupCode } from "@switchboard/protocol";
import type { GatewayClientOptions } from "./options.ts";

/** The part of a client's options that a setup code gives. */
export type SetupOptions = Required<Pick<GatewayClientOptions, "url" | "bootstrapToken">> &
  Pick<GatewayClientOptions, "tlsFingerprint">;

/**
 * Reads a code that a person pasted or scanned; never pass what a page found in its own address (CVE-2026-25253).
 * `now` is in Unix milliseconds.
 * @throws REQ_001, see `decodeSetupCode`.
 */
export function fromSetupCode(code: string, now: number = Date.now()): SetupOptions {
  const { bootstrapToken, tlsFingerprint, ...rest } = decodeSetupCode(code, now);
  return { url: urlsOfSetupCode(rest), bootstrapToken, ...(tlsFingerprint !== undefined && { tlsFingerprint }) };
}
