/** Who this gateway is: an Ed25519 key of its own, made at the first start, kept where only its owner can read it. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, hkdfSync } from "node:crypto";
import { join } from "node:path";
import { SwitchboardError } from "@switchboard/domain";
import { readOrCreateSecret } from "./secret-file.ts";

const FILE = "gateway-identity";
const DERIVED_BYTES = 32;

export interface GatewayIdentity {
  /** Hex SHA-256 of the raw public key. */
  readonly deviceId: string;
  /** The raw key, base64url. */
  readonly publicKey: string;
  /** A key for one purpose, which tells nothing of the identity's own. */
  derive(purpose: string): Buffer;
}

/** @throws STORE_003 when the file cannot be read, is empty, open to others, or holds no such key. */
export function gatewayIdentity(stateDirectory: string): GatewayIdentity {
  const path = join(stateDirectory, FILE);
  const stored = Buffer.from(readOrCreateSecret(path, newKey), "base64");
  const { x } = publicPartOf(stored, path);
  const raw = Buffer.from(x, "base64url");
  return {
    deviceId: createHash("sha256").update(raw).digest("hex"),
    publicKey: x,
    derive: (purpose) => Buffer.from(hkdfSync("sha256", stored, "", `switchboard ${purpose}`, DERIVED_BYTES)),
  };
}

function newKey(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
}

function publicPartOf(key: Buffer, path: string): { readonly x: string } {
  try {
    const jwk = createPublicKey(createPrivateKey({ key, type: "pkcs8", format: "der" })).export({ format: "jwk" });
    if (jwk.crv === "Ed25519" && jwk.x !== undefined) return { x: jwk.x };
  } catch {
    // Told below, without what is in the file.
  }
  throw new SwitchboardError("STORE_003", `${path} holds no Ed25519 key.`, {
    action: "Restore it from a backup, or delete it to get a new identity.",
  });
}
