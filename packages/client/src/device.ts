/** A device's key: what tells one device of a person from another, and from somebody else's (DEV-3). */

/** A key of Web Crypto, by whichever name the runtime's types have for it. */
type Key = Parameters<typeof globalThis.crypto.subtle.sign>[1];

export interface DeviceIdentity {
  /** Lower-case hex SHA-256 of the raw public key. */
  readonly id: string;
  /** The 32 raw Ed25519 bytes, base64url. */
  readonly publicKey: string;
  /** Raw Ed25519 signature of the text's UTF-8, base64url. */
  sign(text: string): Promise<string>;
}

/** The identity of an Ed25519 key pair of Web Crypto. The private key may be one that cannot be exported. */
export async function deviceFromKeyPair(pair: {
  readonly publicKey: Key;
  readonly privateKey: Key;
}): Promise<DeviceIdentity> {
  const { subtle } = globalThis.crypto;
  const raw = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
  const digest = new Uint8Array(await subtle.digest("SHA-256", raw));
  return {
    id: Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""),
    publicKey: base64url(raw),
    async sign(text) {
      const signature = await subtle.sign("Ed25519", pair.privateKey, new TextEncoder().encode(text));
      return base64url(new Uint8Array(signature));
    },
  };
}

function base64url(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
