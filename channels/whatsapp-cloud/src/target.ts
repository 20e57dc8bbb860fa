/** Addresses as people type them. */
import { type ConversationId, SwitchboardError, type Target } from "@switchboard/domain";

/**
 * `+1 650 555 1234` or `16505551234`; with `~<phone number id>` behind it from another number of the business.
 * @throws REQ_001.
 */
export function parseTarget(text: string): Target {
  const [number = "", ...from] = text.trim().split("~");
  const digits = number.replace(/^\+/, "").replace(/[\s().-]/g, "");
  const valid = /^\+?[\d\s().-]+$/.test(number) && /^[1-9]\d{5,14}$/.test(digits);
  const fromValid = from.length === 0 || (from.length === 1 && /^\d{5,20}$/.test(from[0] ?? ""));
  if (!valid || !fromValid) {
    throw new SwitchboardError(
      "REQ_001",
      `"${text.slice(0, 64)}" is no WhatsApp address. Write the number with its country code, e.g. +16505551234.`,
    );
  }
  return { conversation: [digits, ...from].join("~") as ConversationId, kind: "direct" };
}
