/** A device's key in a file (DEV-3). */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { SwitchboardError } from "@switchboard/protocol";
import type { DeviceIdentity } from "../device.ts";
import { createPrivateFile, readPrivateFile } from "./private-file.ts";

/**
 * The identity whose Ed25519 key the file holds (PKCS#8, PEM, readable by its owner only); made when there is none.
 * A mode that lets others read is corrected.
 * @throws STORE_003 when the file cannot be read or written, holds something else, or others can read it.
 */
export function loadOrCreateDeviceIdentity(path: string): DeviceIdentity {
  const known = readPrivateFile(path);
  if (known !== undefined) return identityOf(keyIn(known, path));
  const { privateKey } = generateKeyPairSync("ed25519");
  const isNew = createPrivateFile(path, privateKey.export({ type: "pkcs8", format: "pem" }) as string);
  // Another process was faster.
  if (!isNew) return loadOrCreateDeviceIdentity(path);
  return identityOf(privateKey);
}

function keyIn(pem: string, path: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // Its words may show what is in the file.
  }
  throw new SwitchboardError("STORE_003", `${path} does not hold a device's key.`, {
    action: "Restore it from a backup, or delete it and pair this device anew.",
  });
}

function identityOf(privateKey: KeyObject): DeviceIdentity {
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  return {
    id: createHash("sha256").update(Buffer.from(x, "base64url")).digest("hex"),
    publicKey: x,
    sign: async (text) => sign(null, Buffer.from(text, "utf8"), privateKey).toString("base64url"),
  };
}
