/** SHA-256 fingerprints of certificates, in one spelling: 64 lower-case hexadecimal digits. */
import { SwitchboardError } from "@switchboard/domain";

/**
 * Reads upper case, colons between the bytes, and a leading `sha256:` too.
 * @throws REQ_001 for everything else, nothing at all included: an empty pin must never mean no pin (CVE-2026-100551).
 */
export function readFingerprint(text: string): string {
  const [, digits = ""] = /^\s*(?:sha-?256[:=]\s*)?(\S*)\s*$/i.exec(text) ?? [];
  const isPlain = /^[0-9a-f]{64}$/i.test(digits);
  if (!isPlain && !/^[0-9a-f]{2}(:[0-9a-f]{2}){31}$/i.test(digits)) {
    throw new SwitchboardError("REQ_001", "This is no SHA-256 fingerprint of a certificate.", {
      action: "Give its 64 hexadecimal digits, with or without colons.",
    });
  }
  return digits.replaceAll(":", "").toLowerCase();
}
