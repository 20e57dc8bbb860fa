/** A device for tests: a key of its own, and `connect` parameters signed with it. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { type ConnectParams, deviceClaimV3 } from "@switchboard/protocol";

type Client = ConnectParams["client"];

export interface DeviceConnect {
  readonly client?: Partial<Client>;
  readonly role?: "operator" | "node";
  readonly scopes?: readonly string[];
  readonly auth?: ConnectParams["auth"];
  /** When it says it signed; default now. */
  readonly signedAt?: number;
  readonly caps?: readonly string[];
  readonly commands?: readonly string[];
  readonly permissions?: Readonly<Record<string, boolean>>;
}

export class TestDevice {
  readonly id: string;
  readonly publicKey: string;
  readonly #key: KeyObject;

  constructor() {
    const pair = generateKeyPairSync("ed25519");
    this.#key = pair.privateKey;
    this.publicKey = pair.publicKey.export({ format: "jwk" }).x ?? "";
    this.id = createHash("sha256").update(Buffer.from(this.publicKey, "base64url")).digest("hex");
  }

  /** Parameters of `connect` that prove this device on the socket whose challenge had this nonce. */
  params(
    nonce: string,
    { auth, caps, client, commands, permissions, role = "operator", scopes = [], signedAt = Date.now() }: DeviceConnect,
  ): ConnectParams {
    const who: Client = {
      id: "cli",
      version: "1.0.0",
      platform: "linux",
      mode: role === "node" ? "node" : "cli",
      ...client,
    };
    const claim = deviceClaimV3({
      deviceId: this.id,
      clientId: who.id,
      clientMode: who.mode,
      role,
      scopes,
      signedAt,
      token: auth?.token ?? auth?.deviceToken ?? auth?.bootstrapToken,
      nonce,
      platform: who.platform,
      deviceFamily: who.deviceFamily,
    });
    const signature = sign(null, Buffer.from(claim), this.#key).toString("base64url");
    return {
      minProtocol: 4,
      maxProtocol: 4,
      client: who,
      role,
      scopes: [...scopes],
      ...(auth && { auth }),
      ...(caps && { caps: [...caps] }),
      ...(commands && { commands: [...commands] }),
      ...(permissions && { permissions: { ...permissions } }),
      device: { id: this.id, publicKey: this.publicKey, signature, signedAt, nonce },
    };
  }
}
