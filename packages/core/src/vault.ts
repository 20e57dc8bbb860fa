/**
 * Seals credentials with AES-256-GCM, bound to tenant, channel and account (CRED-1). A sealed value is
 * `v1.<key id>.<nonce>.<tag>.<ciphertext>`, each part URL-safe Base64.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from "node:crypto";
import { type AccountRef, SwitchboardError } from "@switchboard/domain";
import type { Vault } from "./ports/index.ts";

const VERSION = "v1";

/** A key of 32 bytes; its id is derived from it, so two installs never mix theirs up. */
export interface VaultKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** @throws CFG_001 unless `text` is 32 bytes in hexadecimal or Base64. */
export function vaultKey(text: string): VaultKey {
  const trimmed = text.trim();
  const bytes = trimmed.length === 64 ? Buffer.from(trimmed, "hex") : Buffer.from(trimmed, "base64url");
  if (bytes.length !== 32)
    throw new SwitchboardError("CFG_001", "An encryption key is 32 bytes in hexadecimal or Base64.");
  return { id: createHash("sha256").update("key id").update(bytes).digest("hex").slice(0, 8), bytes };
}

/** A new random key as text. */
export function newVaultKey(): string {
  return randomBytes(32).toString("hex");
}

/** The first key seals; every key opens what it sealed. */
export function createVault(keys: readonly [VaultKey, ...VaultKey[]]): Vault {
  const [sealing] = keys;
  return {
    seal(ref, secrets) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", sealing.bytes, nonce).setAAD(associated(ref));
      const ciphertext = Buffer.concat([cipher.update(JSON.stringify(secrets), "utf8"), cipher.final()]);
      return [VERSION, sealing.id, ...[nonce, cipher.getAuthTag(), ciphertext].map(text)].join(".");
    },
    open(ref, sealed) {
      const [version, id, nonce, tag, ciphertext] = sealed.split(".");
      const key = keys.find((candidate) => candidate.id === id);
      if (version !== VERSION || !nonce || !tag || ciphertext === undefined)
        throw unreadable(ref, "it is no sealed credential");
      if (!key) throw unreadable(ref, `it was sealed with key ${id}, which is not there`);
      try {
        const decipher = createDecipheriv("aes-256-gcm", key.bytes, bytes(nonce))
          .setAAD(associated(ref))
          .setAuthTag(bytes(tag));
        const plain = Buffer.concat([decipher.update(bytes(ciphertext)), decipher.final()]).toString("utf8");
        return JSON.parse(plain) as Record<string, string>;
      } catch {
        throw unreadable(ref, "it was sealed for another account or has been changed");
      }
    },
    derive(ref, purpose) {
      return createHmac("sha256", sealing.bytes)
        .update(purpose)
        .update("\0")
        .update(associated(ref))
        .digest("base64url");
    },
  };
}

function associated({ tenant, channel, account }: AccountRef): Buffer {
  return Buffer.from(JSON.stringify([tenant, channel, account]));
}

function unreadable({ channel, account }: AccountRef, why: string): SwitchboardError {
  return new SwitchboardError("CFG_001", `The credential of ${channel}:${account} cannot be opened: ${why}.`);
}

function text(part: Uint8Array): string {
  return Buffer.from(part).toString("base64url");
}

function bytes(part: string): Buffer {
  return Buffer.from(part, "base64url");
}
