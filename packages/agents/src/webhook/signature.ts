/** Signs requests as https://www.standardwebhooks.com says (v1: HMAC with SHA-256 of id, time and body). */
import { createHmac } from "node:crypto";

const PREFIX = "whsec_";
/** Bytes that a key has. */
const SHORTEST = 24;
const LONGEST = 64;

/** The key in a secret; `undefined` when the secret holds none. */
export function keyOf(secret: string): Buffer | undefined {
  const text = secret.trim();
  if (!text.startsWith(PREFIX) || !/^[A-Za-z0-9+/]+={0,2}$/.test(text.slice(PREFIX.length))) return undefined;
  const key = Buffer.from(text.slice(PREFIX.length), "base64");
  return key.length >= SHORTEST && key.length <= LONGEST ? key : undefined;
}

/** The three headers. `at`: Unix milliseconds. With several keys each signs, so that the other side may have either. */
export function signatureHeaders(
  keys: readonly Buffer[],
  { at, body, id }: { readonly id: string; readonly at: number; readonly body: string },
): Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string> {
  const timestamp = String(Math.floor(at / 1000));
  const signatures = keys.map((key) => {
    const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
    return `v1,${signature}`;
  });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
