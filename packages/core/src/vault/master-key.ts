/** Master keys: they wrap the tenants' own keys and are never kept in the store (CRED-1). */
import { createHash, randomBytes } from "node:crypto";
import { SwitchboardError } from "@switchboard/domain";

/** A key of 32 bytes; its id is derived from it, so two installs never mix theirs up, and it may be told to anybody. */
export interface MasterKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** @throws CFG_001 unless `text` is 32 bytes in hexadecimal or Base64. */
export function masterKey(text: string): MasterKey {
  const trimmed = text.trim();
  const bytes = trimmed.length === 64 ? Buffer.from(trimmed, "hex") : Buffer.from(trimmed, "base64url");
  if (bytes.length !== 32)
    throw new SwitchboardError("CFG_001", "An encryption key is 32 bytes in hexadecimal or Base64.");
  return { id: createHash("sha256").update("key id").update(bytes).digest("hex").slice(0, 8), bytes };
}

/** Keys between commas or white space, each once, in their order. @throws CFG_001. */
export function masterKeys(text: string): MasterKey[] {
  const keys = text
    .split(/[\s,]+/)
    .filter((each) => each !== "")
    .map(masterKey);
  return [...new Map(keys.map((key) => [key.id, key])).values()];
}

/** As `masterKeys` reads them. */
export function masterKeysText(keys: readonly MasterKey[]): string {
  return keys.map(({ bytes }) => Buffer.from(bytes).toString("hex")).join("\n");
}

export function newMasterKey(): MasterKey {
  return masterKey(randomBytes(32).toString("hex"));
}
