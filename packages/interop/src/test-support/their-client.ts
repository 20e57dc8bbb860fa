/** The npm gateway client as it is published, with a device identity and a memory for its token. */
import { createHash, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import {
  type DeviceIdentity,
  GatewayClient,
  type GatewayClientOptions,
  type GatewayClientRequestOptions,
} from "@openclaw/gateway-client";

/** What a person's machine keeps between runs: a key, and the tokens it was given. */
export class Machine {
  readonly identity: DeviceIdentity;
  readonly publicKey: string;
  /** Role to token. */
  readonly tokens = new Map<string, { readonly token: string; readonly scopes: string[] }>();

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519", {
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    this.publicKey = rawKey(publicKey);
    const deviceId = createHash("sha256").update(Buffer.from(this.publicKey, "base64url")).digest("hex");
    this.identity = { deviceId, privateKeyPem: privateKey, publicKeyPem: publicKey };
  }
}

export interface Connected extends AsyncDisposable {
  readonly client: GatewayClient;
  /** Names of all events that came, in order. */
  readonly events: readonly { readonly event: string; readonly payload?: unknown }[];
  /** Every close: code and reason. */
  readonly closes: readonly { readonly code: number; readonly reason: string }[];
  /** How often the gateway said hello. */
  readonly hellos: readonly Hello[];
  /** Why connecting failed, each time. */
  readonly errors: readonly Error[];
  /** Gaps in the sequence of events. */
  readonly gaps: readonly unknown[];
  readonly paused: readonly { readonly code: number; readonly detailCode: string | null }[];
  request(method: string, params?: unknown, options?: GatewayClientRequestOptions): Promise<unknown>;
}

export type Hello = Parameters<NonNullable<GatewayClientOptions["onHelloOk"]>>[0];

/** Starts their client; it goes on reconnecting until it is disposed of. `machine`: default no device. */
export function connectTheirs(
  url: string,
  { machine, ...options }: GatewayClientOptions & { readonly machine?: Machine } = {},
): Connected {
  const events: { event: string; payload?: unknown }[] = [];
  const closes: { code: number; reason: string }[] = [];
  const hellos: Hello[] = [];
  const errors: Error[] = [];
  const gaps: unknown[] = [];
  const paused: { code: number; detailCode: string | null }[] = [];
  const client = new GatewayClient({
    url,
    clientName: "cli",
    mode: "cli",
    clientVersion: "2026.9.1",
    platform: "linux",
    minProtocol: 4,
    maxProtocol: 4,
    deviceIdentity: machine?.identity ?? null,
    hostDeps: {
      signDevicePayload: (key, payload) => sign(null, Buffer.from(payload), key).toString("base64url"),
      publicKeyRawBase64UrlFromPem: rawKey,
      loadDeviceAuthToken: ({ role }) => machine?.tokens.get(role) ?? null,
      storeDeviceAuthToken: ({ role, token, scopes }) => machine?.tokens.set(role, { token, scopes }),
      clearDeviceAuthToken: ({ role }) => machine?.tokens.delete(role),
    },
    onEvent: (event) => events.push(event),
    onHelloOk: (hello) => hellos.push(hello),
    onClose: (code, reason) => closes.push({ code, reason }),
    onConnectError: (error) => errors.push(error),
    onReconnectPaused: (info) => paused.push(info),
    onGap: (gap) => gaps.push(gap),
    ...options,
  });
  client.start();
  return {
    client,
    events,
    closes,
    hellos,
    errors,
    gaps,
    paused,
    request: (method, params = {}, requestOptions) => client.request(method, params, requestOptions),
    [Symbol.asyncDispose]: () => client.stopAndWait(),
  };
}

function rawKey(publicKeyPem: string): string {
  return createPublicKey(publicKeyPem).export({ format: "jwk" }).x ?? "";
}
