/** What a bot is known by: its token, and the key that signs its interactions over HTTP. */
import { createPublicKey, generateKeyPairSync } from "node:crypto";

/** A new private key, as PEM. */
export function newKey(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** As the developer portal shows it: 64 hexadecimal digits. */
export function publicKeyOf(privateKey: string): string {
  const der = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  return der.subarray(-32).toString("hex");
}

/** Three parts, as Discord's are: the bot's id, a time, a secret. */
export function tokenOf(id: string): string {
  const secret = Array.from(crypto.getRandomValues(new Uint8Array(28)), (byte) => "abcdefghijklmnop"[byte % 16]).join(
    "",
  );
  return `${Buffer.from(id).toString("base64url")}.GsimUL.${secret}`;
}
