/** The handshake: challenge, `connect`, `hello-ok`. */
import { type Static, Type } from "@switchboard/domain/schema";
import { StateVersion } from "./frames.ts";
import { Closed, Count, Id, Open, Text, Time } from "./schema.ts";
import { Health } from "./shapes/health.ts";
import { Presence } from "./shapes/presence.ts";

export const Challenge = Open({ nonce: Text, ts: Time, capabilities: Type.Optional(Type.Array(Text)) });
export type Challenge = Static<typeof Challenge>;

export const ClientMode = Type.Enum(["webchat", "cli", "ui", "backend", "node", "worker", "probe", "test"]);
export type ClientMode = Static<typeof ClientMode>;

/** What a client says of itself. None of it is proof. */
export const ClientInfo = Open({
  id: Type.String({ minLength: 1, maxLength: 64 }),
  version: Text,
  platform: Text,
  mode: ClientMode,
  displayName: Type.Optional(Text),
  buildId: Type.Optional(Type.String({ minLength: 1, maxLength: 96 })),
  deviceFamily: Type.Optional(Text),
  modelIdentifier: Type.Optional(Text),
  timeZone: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  instanceId: Type.Optional(Text),
});
export type ClientInfo = Static<typeof ClientInfo>;

/** A device's proof: see `deviceClaimV3` for what the signature covers. */
export const DeviceProof = Open({
  /** Lower-case hex SHA-256 of the raw public key. */
  id: Text,
  /** The 32 raw Ed25519 bytes, base64url; standard base64 and PEM are read too. */
  publicKey: Text,
  signature: Text,
  signedAt: Count,
  nonce: Text,
});
export type DeviceProof = Static<typeof DeviceProof>;

export const ConnectAuth = Open({
  token: Type.Optional(Type.String()),
  password: Type.Optional(Type.String()),
  deviceToken: Type.Optional(Type.String()),
  bootstrapToken: Type.Optional(Type.String()),
});
export type ConnectAuth = Static<typeof ConnectAuth>;

export const ConnectParams = Open({
  minProtocol: Type.Integer({ minimum: 1 }),
  maxProtocol: Type.Integer({ minimum: 1 }),
  client: ClientInfo,
  role: Type.Optional(Id),
  scopes: Type.Optional(Type.Array(Id, { maxItems: 64 })),
  caps: Type.Optional(Type.Array(Id, { maxItems: 256 })),
  commands: Type.Optional(Type.Array(Id, { maxItems: 1_000 })),
  permissions: Type.Optional(Type.Record(Type.String(), Type.Boolean())),
  pathEnv: Type.Optional(Type.String()),
  device: Type.Optional(DeviceProof),
  auth: Type.Optional(ConnectAuth),
  locale: Type.Optional(Type.String()),
  userAgent: Type.Optional(Type.String()),
});
export type ConnectParams = Static<typeof ConnectParams>;

export const AUTH_METHODS = [
  "none",
  "token",
  "password",
  "tailscale",
  "device-token",
  "bootstrap-token",
  "trusted-proxy",
] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];

export const SessionDefaults = Closed({
  defaultAgentId: Text,
  mainKey: Text,
  mainSessionKey: Text,
  modelConfigured: Type.Optional(Type.Boolean()),
});
export type SessionDefaults = Static<typeof SessionDefaults>;

export const Snapshot = Closed({
  presence: Type.Array(Presence),
  health: Type.Union([Health, Closed({})]),
  stateVersion: StateVersion,
  uptimeMs: Count,
  sessionDefaults: Type.Optional(SessionDefaults),
});
export type Snapshot = Static<typeof Snapshot>;

/** The answer to `connect`. */
export const HelloOk = Closed({
  type: Type.Literal("hello-ok"),
  protocol: Type.Integer({ minimum: 1 }),
  server: Closed({ version: Text, connId: Text }),
  /** Only what this gateway can do. */
  features: Closed({
    methods: Type.Array(Text),
    events: Type.Array(Text),
    capabilities: Type.Optional(Type.Array(Text)),
  }),
  snapshot: Snapshot,
  auth: Closed({
    method: Type.Optional(Type.Enum([...AUTH_METHODS])),
    role: Text,
    scopes: Type.Array(Text),
    deviceToken: Type.Optional(Text),
    issuedAtMs: Type.Optional(Count),
    /** The tokens for the device's other roles, once, when it came in with a setup code. */
    deviceTokens: Type.Optional(
      Type.Array(Closed({ deviceToken: Text, role: Text, scopes: Type.Array(Text), issuedAtMs: Count })),
    ),
  }),
  policy: Closed({
    maxPayload: Type.Integer({ minimum: 1 }),
    maxBufferedBytes: Type.Integer({ minimum: 1 }),
    tickIntervalMs: Type.Integer({ minimum: 1 }),
    attachments: Type.Optional(
      Closed({ maxBytes: Type.Integer({ minimum: 1 }), maxImageBytes: Type.Integer({ minimum: 1 }) }),
    ),
  }),
});
export type HelloOk = Static<typeof HelloOk>;
