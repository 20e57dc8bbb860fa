/** A device with a key of its own. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { type ConnectParams, deviceClaimV3 } from "@switchboard/protocol";

export interface FuzzDevice {
  readonly id: string;
  /** Parameters of `connect` that prove it on the socket with this nonce. */
  params(nonce: string, how: Pick<ConnectParams, "auth" | "role" | "scopes">): ConnectParams;
}

export function createDevice(): FuzzDevice {
  const { privateKey, publicKey: key } = generateKeyPairSync("ed25519");
  const publicKey = key.export({ format: "jwk" }).x ?? "";
  const id = createHash("sha256").update(Buffer.from(publicKey, "base64url")).digest("hex");
  return {
    id,
    params(nonce, { auth, role = "operator", scopes = [] }) {
      const signedAt = Date.now();
      const client = clientOf(role);
      const claim = deviceClaimV3({
        deviceId: id,
        clientId: client.id,
        clientMode: client.mode,
        role,
        scopes,
        signedAt,
        token: auth?.token ?? auth?.deviceToken ?? auth?.bootstrapToken,
        nonce,
        platform: client.platform,
      });
      const signature = sign(null, Buffer.from(claim), privateKey).toString("base64url");
      return {
        ...connectParams({ role, scopes, ...(auth && { auth }) }),
        device: { id, publicKey, signature, signedAt, nonce },
      };
    },
  };
}

/** Parameters of `connect` without a device. */
export function connectParams({
  auth,
  role = "operator",
  scopes = [],
}: Pick<ConnectParams, "auth" | "role" | "scopes">): ConnectParams {
  return { minProtocol: 4, maxProtocol: 4, client: clientOf(role), role, scopes: [...scopes], ...(auth && { auth }) };
}

function clientOf(role: string): ConnectParams["client"] {
  return {
    id: role === "node" ? "node-host" : "cli",
    version: "1.0.0",
    platform: "linux",
    mode: role === "node" ? "node" : "cli",
  };
}
