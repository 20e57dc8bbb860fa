/** Clients of the gateway protocol, without a world: they connect, ask and listen. A floor is spoken to alike. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { deviceClaimV3 } from "@switchboard/protocol";
import { WebSocketLine } from "../http/web-socket-line.ts";

const CLIENT = { id: "cli", version: "1", platform: "bench" };
const SCOPES = ["operator.read", "operator.write", "operator.admin"];
/** An answer that takes longer is lost. */
const PATIENCE_MS = 30_000;

/** A key of its own; `token` once the gateway gave one. */
export interface BenchDevice {
  readonly id: string;
  readonly publicKey: string;
  readonly privateKey: KeyObject;
  token?: string;
}

/** How a client connects: as a device, else with the gateway's secret. */
export interface Calling {
  readonly port: number;
  readonly secret: string;
  readonly device?: BenchDevice;
  /** `cli` comes and goes unnoticed, `ui` is shown as present to the others. */
  readonly mode: "cli" | "ui";
}

export function newDevice(): BenchDevice {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = String(publicKey.export({ format: "jwk" }).x);
  const id = createHash("sha256").update(Buffer.from(raw, "base64url")).digest("hex");
  return { id, publicKey: raw, privateKey };
}

export class ProtocolClient {
  /** Hears every frame that answers no request. */
  onEvent: (text: string) => void = () => {};
  readonly #line: WebSocketLine;
  readonly #waiting = new Map<string, (answer: string | Error) => void>();
  #asked = 0;
  #broken: Error | undefined;

  private constructor(line: WebSocketLine) {
    this.#line = line;
    line.onText = (text) => this.#hear(text);
    line.onBroken = (error) => {
      this.#broken = error;
      for (const answered of this.#waiting.values()) answered(error);
    };
  }

  /** @throws when the server ended the line. */
  check(): void {
    if (this.#broken) throw this.#broken;
  }

  /** The whole handshake, from opening the socket to the answer. Rejects when it is refused. */
  static connect(calling: Calling): Promise<ProtocolClient> {
    const { promise, reject, resolve } = Promise.withResolvers<ProtocolClient>();
    const line = new WebSocketLine(calling.port);
    const timer = setTimeout(() => reject(new Error("A handshake got no answer.")), PATIENCE_MS);
    line.onBroken = reject;
    line.onText = (challenge) => {
      line.onText = (answer) => {
        clearTimeout(timer);
        if (!isGood(answer)) return reject(new Error(`A handshake was refused: ${answer.slice(0, 300)}`));
        const { device } = calling;
        if (device) device.token ??= issuedToken(answer);
        resolve(new ProtocolClient(line));
      };
      const { payload } = JSON.parse(challenge) as { readonly payload: { readonly nonce: string } };
      line.send(connectRequest(calling, payload.nonce));
    };
    return promise;
  }

  /** Resolves with the answer's text. @throws when it is an error or none comes any more. */
  request(method: string, params: object = {}): Promise<string> {
    const id = String(++this.#asked);
    return new Promise((resolve, reject) => {
      if (this.#broken) return reject(this.#broken);
      this.#waiting.set(id, (answer) => {
        if (answer instanceof Error) reject(answer);
        else if (isGood(answer)) resolve(answer);
        else reject(new Error(`${method} was refused: ${answer.slice(0, 300)}`));
      });
      this.#line.send(JSON.stringify({ type: "req", id, method, params }));
    });
  }

  close(): void {
    this.#line.close();
  }

  #hear(text: string): void {
    const id = /^\{"type":"res","id":"(\d+)"/.exec(text)?.[1];
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id !== undefined) this.#waiting.delete(id);
    (waiting ?? this.onEvent)(text);
  }
}

/** Connects so many, `atOnce` at a time: the gateway lets only some of one address wait at its door. */
export async function connectInWaves(count: number, atOnce: number, calling: (index: number) => Calling) {
  const clients: ProtocolClient[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < count) clients.push(await ProtocolClient.connect(calling(next++)));
    }),
  );
  return clients;
}

/** Approved at once: they are on the gateway's machine and show its secret. Returns them with a token of their own. */
export async function pairDevices(gateway: Pick<Calling, "port" | "secret">, count: number): Promise<BenchDevice[]> {
  const devices = Array.from({ length: count }, newDevice);
  for (const device of devices) (await ProtocolClient.connect({ ...gateway, device, mode: "cli" })).close();
  return devices;
}

function connectRequest({ device, mode, secret }: Calling, nonce: string): string {
  const auth = device?.token === undefined ? { token: secret } : { deviceToken: device.token };
  const [role, signedAt] = ["operator", Date.now()];
  const claim = {
    deviceId: device?.id ?? "",
    clientId: CLIENT.id,
    clientMode: mode,
    role,
    scopes: SCOPES,
    signedAt,
    token: device?.token ?? secret,
    nonce,
    platform: CLIENT.platform,
  };
  const proof = device && {
    id: device.id,
    publicKey: device.publicKey,
    signature: sign(null, Buffer.from(deviceClaimV3(claim)), device.privateKey).toString("base64url"),
    signedAt,
    nonce,
  };
  const params = { minProtocol: 4, maxProtocol: 4, client: { ...CLIENT, mode }, role, scopes: SCOPES, caps: [], auth };
  return JSON.stringify({
    type: "req",
    id: "0",
    method: "connect",
    params: { ...params, ...(proof && { device: proof }) },
  });
}

function isGood(answer: string): boolean {
  return /^\{"type":"res","id":"\d+","ok":true/.test(answer);
}

function issuedToken(answer: string): string {
  const { payload } = JSON.parse(answer) as { readonly payload: { readonly auth?: { readonly deviceToken?: string } } };
  const token = payload.auth?.deviceToken;
  if (token === undefined) throw new Error("The gateway gave a device no token.");
  return token;
}
