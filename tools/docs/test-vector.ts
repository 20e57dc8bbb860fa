/** A device's proof with a known key, so that whoever writes a client can compare each step. */
import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { type DeviceClaim, deviceClaimV2, deviceClaimV3 } from "@switchboard/protocol";

/** What precedes the 32 bytes of a private key in PKCS #8, RFC 8410. */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

export function testVector() {
  const seed = Buffer.alloc(32, 1);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
  const claim = {
    deviceId: createHash("sha256").update(publicKey).digest("hex"),
    clientId: "cli",
    clientMode: "cli",
    role: "operator",
    scopes: ["operator.read", "operator.write"],
    signedAt: 1737264000000,
    token: "secret",
    nonce: "11111111-2222-3333-4444-555555555555",
    platform: " MacOS 15.1 ",
  } satisfies DeviceClaim;
  const signature = (payload: string) => sign(null, Buffer.from(payload), key).toString("base64url");
  const [payload, olderPayload] = [deviceClaimV3(claim), deviceClaimV2(claim)];
  return {
    seedHex: seed.toString("hex"),
    publicKey: publicKey.toString("base64url"),
    ...claim,
    payload,
    signature: signature(payload),
    olderPayload,
    olderSignature: signature(olderPayload),
  };
}
