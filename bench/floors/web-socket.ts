/**
 * The third floor: what a gateway's WebSocket costs at least. A bare `ws` server that says the challenge, reads
 * `connect`, verifies one Ed25519 signature or compares the secret, and answers. Then each request gets a ready answer;
 * `chat.inject` is told to everybody besides. It checks no form, knows no scopes and keeps nothing.
 *
 *   node bench/floors/web-socket.ts <the secret>
 */
import { createPublicKey, randomUUID, timingSafeEqual, verify } from "node:crypto";
import type { AddressInfo } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type ConnectParams, deviceClaimV3 } from "@switchboard/protocol";
import { WebSocketServer } from "ws";

interface Request {
  readonly id: string;
  readonly method: string;
  readonly params: ConnectParams & { readonly message?: string; readonly answer?: unknown };
}

const secret = Buffer.from(process.argv[2] ?? "");
const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
/** What every request is answered with, as JSON; set by `floor.answer`. */
let answer = "{}";

server.on("connection", (socket) => {
  const nonce = randomUUID();
  let inside = false;
  socket.on("error", () => {});
  socket.on("message", (data) => {
    const { id, method, params } = JSON.parse(String(data)) as Request;
    if (!inside) {
      inside = method === "connect" && mayEnter(params, nonce);
      socket.send(JSON.stringify({ type: "res", id, ok: inside, payload: { type: "hello-ok", protocol: 4 } }));
      return;
    }
    if (method === "floor.answer") answer = JSON.stringify(params.answer);
    socket.send(`{"type":"res","id":${JSON.stringify(id)},"ok":true,"payload":${answer}}`);
    if (method !== "chat.inject") return;
    const event = JSON.stringify({ type: "event", event: "chat", payload: { message: params.message } });
    for (const client of server.clients) client.send(event);
  });
  socket.send(JSON.stringify({ type: "event", event: "connect.challenge", payload: { nonce, ts: Date.now() } }));
});

function mayEnter({ auth, client, device, role = "", scopes = [] }: ConnectParams, nonce: string): boolean {
  if (!device) {
    const offered = Buffer.from(auth?.token ?? "");
    return offered.length === secret.length && timingSafeEqual(offered, secret);
  }
  const { id, mode, platform } = client;
  const { signedAt } = device;
  const token = auth?.deviceToken;
  const claim = { deviceId: device.id, clientId: id, clientMode: mode, role, scopes, signedAt, token, nonce, platform };
  const key = createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x: device.publicKey } });
  return verify(null, Buffer.from(deviceClaimV3(claim)), key, Buffer.from(device.signature, "base64url"));
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as NodeJS.GCFunction;
/** Asked before its memory is looked at: the gateway, too, collects as thoroughly when it has become quiet. */
process.on("message", () => {
  collect({ execution: "sync", type: "major", flavor: "last-resort" });
  process.send?.({ figures: [] });
});
process.on("disconnect", () => process.exit(0));
server.on("listening", () => process.send?.({ port: (server.address() as AddressInfo).port }));
