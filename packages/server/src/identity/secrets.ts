/** Links and keys are shown once; what is kept is their SHA-256: 256 random bits need no slow hash. */
import { createHash, randomBytes } from "node:crypto";

const LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

/** 256 random bits, fit for an address. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Short, opaque, without letters that look alike. 60 bits. */
export function newShortId(): string {
  return [...randomBytes(12)].map((byte) => LETTERS[byte % LETTERS.length]).join("");
}
