/** AES-256-GCM with associated data. What comes out is `<nonce>.<tag>.<ciphertext>`, each part URL-safe Base64. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const NONCE_BYTES = 12;

/** What a value is bound to: it opens only for somebody who says the same. */
export type Associated = readonly string[];

export function encrypt(key: Uint8Array, associated: Associated, plain: Uint8Array | string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(dataOf(associated));
  const ciphertext = Buffer.concat([cipher.update(Buffer.from(plain)), cipher.final()]);
  return [nonce, cipher.getAuthTag(), ciphertext].map((part) => part.toString("base64url")).join(".");
}

/** `undefined` when it was encrypted otherwise or has been changed. */
export function decrypt(key: Uint8Array, associated: Associated, text: string): Buffer | undefined {
  const [nonce, tag, ciphertext] = text.split(".").map((part) => Buffer.from(part, "base64url"));
  if (nonce?.length !== NONCE_BYTES || tag?.length !== 16 || !ciphertext) return undefined;
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAAD(dataOf(associated)).setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return undefined;
  }
}

function dataOf(associated: Associated): Buffer {
  return Buffer.from(JSON.stringify(associated));
}
