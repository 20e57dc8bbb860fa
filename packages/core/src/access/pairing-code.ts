/** The codes that people who are not known yet are given (ACC-2). */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** 32 symbols, so that five random bits are one of them; none that is read as another. */
export const CODE_SYMBOLS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
export const CODE_LENGTH = 8;

/** With three requests an account the first one is free; this only ends a loop. */
const MOST_TRIES = 500;

/** A code that nobody has. `undefined` when none was found. */
export function newPairingCode(
  taken: (code: string) => boolean,
  random: (bytes: number) => Uint8Array = randomBytes,
): string | undefined {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const code = [...random(CODE_LENGTH)].map((byte) => CODE_SYMBOLS[byte % CODE_SYMBOLS.length]).join("");
    if (!taken(code)) return code;
  }
  return undefined;
}

/** Whether a person typed this code, in either case. Takes the same time wherever the two differ. */
export function isCode(typed: string, code: string): boolean {
  return timingSafeEqual(digest(typed.trim().toUpperCase()), digest(code));
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
