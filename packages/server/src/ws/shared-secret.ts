/** The gateway's token: kept as a hash, compared in constant time. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** One token. A changed token is another object: whoever connected with the old one can tell. */
export interface SharedSecret {
  matches(candidate: string): boolean;
}

export function sharedSecret(token: string): SharedSecret {
  const key = randomBytes(32);
  const digest = (text: string) => createHmac("sha256", key).update(text).digest();
  const expected = digest(token);
  return { matches: (candidate) => timingSafeEqual(digest(candidate), expected) };
}
