import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type DeviceClaim, deviceClaimV2, deviceClaimV3 } from "./device-auth.ts";

interface Vector extends DeviceClaim {
  readonly seedHex: string;
  readonly publicKey: string;
  readonly payload: string;
  readonly signature: string;
  readonly olderPayload: string;
  readonly olderSignature: string;
}

/** As docs/protocol.md prints it, for whoever writes a client. */
const vector = JSON.parse(readFileSync(new URL("../fixtures/device-auth.json", import.meta.url), "utf8")) as Vector;

/** What precedes the 32 bytes of a private key in PKCS #8, RFC 8410. */
const PKCS8_HEAD = "302e020100300506032b657004220420";

describe("what a device signs", () => {
  it("DEV-3 binds platform and device family, trimmed and in lower case", () => {
    expect(deviceClaimV3(vector)).toBe(vector.payload);
    expect(deviceClaimV3({ ...vector, platform: "iOS", deviceFamily: "iPhone" })).toBe(
      vector.payload.replace("|macos 15.1|", "|ios|iphone"),
    );
  });

  it("DEV-3 lowers A-Z only", () => {
    expect(deviceClaimV3({ ...vector, platform: "İÄ" })).toBe(vector.payload.replace("|macos 15.1|", "|İÄ|"));
  });

  it("DEV-3 keeps the older form", () => {
    expect(deviceClaimV2(vector)).toBe(vector.olderPayload);
    expect(deviceClaimV2({ ...vector, token: undefined, scopes: [] })).toBe(
      `v2|${vector.deviceId}|cli|cli|operator||1737264000000||${vector.nonce}`,
    );
  });

  it("DEV-3 has an example whose key, id and signatures belong together", () => {
    const der = Buffer.from(PKCS8_HEAD + vector.seedHex, "hex");
    const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
    const signed = (payload: string) => sign(null, Buffer.from(payload), key).toString("base64url");
    expect(publicKey.toString("base64url")).toBe(vector.publicKey);
    expect(createHash("sha256").update(publicKey).digest("hex")).toBe(vector.deviceId);
    expect([signed(vector.payload), signed(vector.olderPayload)]).toEqual([vector.signature, vector.olderSignature]);
  });
});
