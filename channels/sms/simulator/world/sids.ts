/** Twilio's names for things: two letters and 32 hexadecimal digits, the same for the same account and number. */
import { createHash } from "node:crypto";

export function sid(prefix: "AC" | "MG" | "PN" | "SM" | "MM" | "ME", ...of: readonly (string | number)[]): string {
  return prefix + hex(prefix, ...of);
}

/** 32 digits that nobody guesses from a SID; the simulator's Auth Token. */
export function hex(...of: readonly (string | number)[]): string {
  return createHash("sha256").update(of.join("/")).digest("hex").slice(0, 32);
}
