/** Bearer tokens: 32 random bytes, of which only the hash is kept. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** 43 URL-safe characters. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** SHA-256, base64url. A token has 256 random bits, so a plain hash cannot be guessed back. */
export function hashOfToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

/** Which of the hashes is the token's; takes as long whichever it is. */
export function matchingHash(token: string, hashes: readonly string[]): string | undefined {
  const offered = createHash("sha256").update(token).digest();
  let found: string | undefined;
  for (const hash of hashes) {
    const known = Buffer.from(hash, "base64url");
    if (known.length === offered.length && timingSafeEqual(known, offered)) found = hash;
  }
  return found;
}
