/** A device of the same network that asks to be let in, for the commands that decide about it. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { deviceClaimV3 } from "@switchboard/protocol";
import { WebSocket } from "ws";
import type { OpenClawWorld } from "./world.ts";

export interface AskingDevice {
  readonly id: string;
  /** Asks once. Resolves with the request's id, or `undefined` when it was let in. */
  ask(): Promise<string | undefined>;
}

export function askingDevice({ token, url }: Pick<OpenClawWorld, "token" | "url">): AskingDevice {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const key = publicKey.export({ format: "jwk" }).x ?? "";
  const id = createHash("sha256").update(Buffer.from(key, "base64url")).digest("hex");
  const client = { id: "test", mode: "test", version: "1", platform: "linux", displayName: "Interop device" } as const;
  const scopes = ["operator.read"];
  const proof = (nonce: string, signedAt: number) => {
    const claim = {
      deviceId: id,
      clientId: client.id,
      clientMode: client.mode,
      role: "operator",
      scopes,
      signedAt,
      token,
    };
    const text = deviceClaimV3({ ...claim, nonce, platform: client.platform });
    return {
      id,
      publicKey: key,
      signature: sign(null, Buffer.from(text), privateKey).toString("base64url"),
      signedAt,
      nonce,
    };
  };
  return {
    id,
    ask: () =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(url, { headers: { "x-forwarded-for": "192.168.1.7" } });
        socket.once("error", reject);
        socket.on("message", (data) => {
          const frame = JSON.parse(data.toString()) as Frame;
          if (frame.event === "connect.challenge" && frame.payload) {
            const device = proof(frame.payload.nonce, frame.payload.ts);
            const params = {
              minProtocol: 4,
              maxProtocol: 4,
              client,
              role: "operator",
              scopes,
              auth: { token },
              device,
            };
            socket.send(JSON.stringify({ type: "req", id: "connect", method: "connect", params }));
          } else if (frame.id === "connect") {
            socket.close();
            resolve(frame.error?.details?.requestId);
          }
        });
      }),
  };
}

interface Frame {
  readonly event?: string;
  readonly id?: string;
  readonly payload?: { readonly nonce: string; readonly ts: number };
  readonly error?: { readonly details?: { readonly requestId?: string } };
}
