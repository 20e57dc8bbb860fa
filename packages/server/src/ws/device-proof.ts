/** Checks a device's signature over the gateway's nonce (DEV-3). */
import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { type ConnectParams, type DeviceClaim, deviceClaimV2, deviceClaimV3 } from "@switchboard/protocol";
import { type Refusal, refuse } from "./refusal.ts";

/** A key that proved itself on this socket. That alone grants nothing. */
export interface Device {
  /** Lower-case hex SHA-256 of the raw key. */
  readonly id: string;
  /** Raw key, base64url. */
  readonly publicKey: string;
}

export type DeviceVerdict =
  | { readonly ok: true; readonly device: Device }
  | { readonly ok: false; readonly refusal: Refusal };

export interface DeviceCheck {
  readonly params: ConnectParams & { readonly device: NonNullable<ConnectParams["device"]> };
  readonly role: string;
  readonly nonce: string;
  readonly now: number;
  readonly skewMs: number;
}

export function verifyDevice({ params, role, nonce, now, skewMs }: DeviceCheck): DeviceVerdict {
  const { device } = params;
  const key = readPublicKey(device.publicKey);
  if (!key) return failed("device public key invalid", "DEVICE_AUTH_PUBLIC_KEY_INVALID", "device-public-key");
  const { publicKey, id } = key;
  if (id !== device.id) {
    return failed("device identity mismatch", "DEVICE_AUTH_DEVICE_ID_MISMATCH", "device-id-mismatch");
  }
  if (Math.abs(now - device.signedAt) > skewMs) {
    return failed("device signature expired", "DEVICE_AUTH_SIGNATURE_EXPIRED", "device-signature-stale");
  }
  const offered = device.nonce.trim();
  if (offered === "") return failed("device nonce required", "DEVICE_AUTH_NONCE_REQUIRED", "device-nonce-missing");
  if (offered !== nonce) return failed("device nonce mismatch", "DEVICE_AUTH_NONCE_MISMATCH", "device-nonce-mismatch");
  const claim = claimOf(params, role, offered);
  const signature = Buffer.from(device.signature, "base64url");
  const signed = [deviceClaimV3(claim), deviceClaimV2(claim)].some((text) =>
    verify(null, Buffer.from(text), key.object, signature),
  );
  if (!signed) return failed("device signature invalid", "DEVICE_AUTH_SIGNATURE_INVALID", "device-signature");
  return { ok: true, device: { id, publicKey } };
}

/** The claim from the values as they were sent. */
function claimOf(params: DeviceCheck["params"], role: string, nonce: string): DeviceClaim {
  const { client, auth, device } = params;
  return {
    deviceId: device.id,
    clientId: client.id,
    clientMode: client.mode,
    role,
    scopes: params.scopes ?? [],
    signedAt: device.signedAt,
    token: auth?.token ?? auth?.deviceToken ?? auth?.bootstrapToken,
    nonce,
    platform: client.platform,
    deviceFamily: client.deviceFamily,
  };
}

/** Reads base64url, standard base64 or PEM; `undefined` when it is no Ed25519 key. */
export function readPublicKey(text: string): (Device & { readonly object: KeyObject }) | undefined {
  try {
    const object = text.includes("BEGIN")
      ? createPublicKey(text)
      : createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x: base64url(text) } });
    const publicKey = object.asymmetricKeyType === "ed25519" ? object.export({ format: "jwk" }).x : undefined;
    if (publicKey === undefined) return undefined;
    const id = createHash("sha256").update(Buffer.from(publicKey, "base64url")).digest("hex");
    return { id, publicKey, object };
  } catch {
    return undefined;
  }
}

function base64url(text: string): string {
  return Buffer.from(text, "base64url").toString("base64url");
}

function failed(message: string, code: Parameters<typeof detailsOf>[0], reason: string): DeviceVerdict {
  return { ok: false, refusal: refuse(message, { details: detailsOf(code, reason) }) };
}

function detailsOf(
  code:
    | "DEVICE_AUTH_PUBLIC_KEY_INVALID"
    | "DEVICE_AUTH_DEVICE_ID_MISMATCH"
    | "DEVICE_AUTH_SIGNATURE_EXPIRED"
    | "DEVICE_AUTH_NONCE_REQUIRED"
    | "DEVICE_AUTH_NONCE_MISMATCH"
    | "DEVICE_AUTH_SIGNATURE_INVALID",
  reason: string,
) {
  return { code, reason };
}
