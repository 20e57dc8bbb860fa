/** The handshake: challenge, `connect`, `hello-ok`. */
import { type Static, Type } from "@switchboard/domain/schema";
import { StateVersion } from "./frames.ts";
import { Closed, Count, Id, Open, Text, Time } from "./schema.ts";
import { Health } from "./shapes/health.ts";
import { Presence } from "./shapes/presence.ts";

/** What the gateway says first. */
export const Challenge = Open({
  /** Goes into the device's signature. */
  nonce: Text,
  /** The gateway's clock. */
  ts: Time,
  capabilities: Type.Optional(Type.Array(Text)),
});
export type Challenge = Static<typeof Challenge>;

export const ClientMode = Type.Enum(["webchat", "cli", "ui", "backend", "node", "worker", "probe", "test"]);
export type ClientMode = Static<typeof ClientMode>;

/** What a client says of itself. None of it is proof. */
export const ClientInfo = Open({
  /** Which program it is, e.g. `cli`. */
  id: Type.String({ minLength: 1, maxLength: 64 }),
  version: Text,
  /** The operating system, e.g. `macos 15.1`. A paired device that names another one needs to be approved again. */
  platform: Text,
  /** What it is used as. */
  mode: ClientMode,
  /** For people. */
  displayName: Type.Optional(Text),
  buildId: Type.Optional(Type.String({ minLength: 1, maxLength: 96 })),
  /** E.g. `iPhone`. A paired device that names another one needs to be approved again. */
  deviceFamily: Type.Optional(Text),
  modelIdentifier: Type.Optional(Text),
  /** As in the time zone database, e.g. `Europe/Vienna`. */
  timeZone: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  /** Tells several of the same program on one machine apart. */
  instanceId: Type.Optional(Text),
});
export type ClientInfo = Static<typeof ClientInfo>;

/** A device's proof: see `deviceClaimV3` for what the signature covers. */
export const DeviceProof = Open({
  /** Lower-case hex SHA-256 of the raw public key. */
  id: Text,
  /** The 32 raw Ed25519 bytes, base64url; standard base64 and PEM are read too. */
  publicKey: Text,
  /** Base64url of the 64 bytes. */
  signature: Text,
  /** Unix milliseconds, as signed. */
  signedAt: Count,
  /** The challenge's. */
  nonce: Text,
});
export type DeviceProof = Static<typeof DeviceProof>;

/** At most one secret is needed. */
export const ConnectAuth = Open({
  /** The gateway's shared token. */
  token: Type.Optional(Type.String()),
  /** The gateway's shared password. */
  password: Type.Optional(Type.String()),
  /** What an earlier `hello-ok` gave this device. */
  deviceToken: Type.Optional(Type.String()),
  /** What a setup code carries. Good once. */
  bootstrapToken: Type.Optional(Type.String()),
});
export type ConnectAuth = Static<typeof ConnectAuth>;

export const ConnectParams = Open({
  /** The oldest and the newest version of the protocol that the client speaks. */
  minProtocol: Type.Integer({ minimum: 1 }),
  maxProtocol: Type.Integer({ minimum: 1 }),
  client: ClientInfo,
  /** `operator` or `node`. Default `operator`. */
  role: Type.Optional(Id),
  /** What the client wants to do; what it may do stands in the answer. Default: nothing. */
  scopes: Type.Optional(Type.Array(Id, { maxItems: 64 })),
  /** What the client understands, e.g. `tool-events`; of a node, what kinds of things it offers. */
  caps: Type.Optional(Type.Array(Id, { maxItems: 256 })),
  /** Of a node: the commands it offers. */
  commands: Type.Optional(Type.Array(Id, { maxItems: 1_000 })),
  /** Of a node: what its user or its system allows. */
  permissions: Type.Optional(Type.Record(Type.String(), Type.Boolean())),
  /** Of a node: its search path for programs. */
  pathEnv: Type.Optional(Type.String()),
  /** Without it only a shared secret or the network itself can vouch for the client. */
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

/** Which agent and session a client begins with. */
export const SessionDefaults = Closed({
  defaultAgentId: Text,
  /** The short name of the main session. */
  mainKey: Text,
  /** The main session of the default agent. */
  mainSessionKey: Text,
  modelConfigured: Type.Optional(Type.Boolean()),
});
export type SessionDefaults = Static<typeof SessionDefaults>;

/** How things stand at the moment of the answer. */
export const Snapshot = Closed({
  /** Empty for those who may not see who is there. */
  presence: Type.Array(Presence),
  /** Empty while nothing is known yet. */
  /** Nothing of it before the first is made. No `ok` when not all is well: clients know it as `true` only. */
  health: Type.Partial(Health),
  stateVersion: StateVersion,
  uptimeMs: Count,
  sessionDefaults: Type.Optional(SessionDefaults),
});
export type Snapshot = Static<typeof Snapshot>;

/** The answer to `connect`. */
export const HelloOk = Closed({
  type: Type.Literal("hello-ok"),
  protocol: Type.Integer({ minimum: 1 }),
  /** `connId` names this connection in the gateway's log. */
  server: Closed({ version: Text, connId: Text }),
  /** Only what this gateway can do. */
  features: Closed({
    methods: Type.Array(Text),
    events: Type.Array(Text),
    capabilities: Type.Optional(Type.Array(Text)),
  }),
  snapshot: Snapshot,
  /**
   * Where what agents publish is shown, by the surface's name, e.g. `canvas`: for nodes that declare it among their
   * `caps`, and for operators that may read. Each address is good for ten minutes; `node.pluginSurface.refresh` and
   * `plugin.surface.refresh` give another. Behind it are documents, at the paths that `canvas.document.list` tells, and
   * at `/__openclaw__/a2ui/` the page that draws A2UI. Whoever has it may read what is behind it: do not log it.
   */
  pluginSurfaceUrls: Type.Optional(Type.Record(Type.String(), Text)),
  /** What this connection may do. */
  auth: Closed({
    /** What the gateway let the client in for. */
    method: Type.Optional(Type.Enum([...AUTH_METHODS])),
    role: Text,
    /** Those of the scopes asked for that were granted. */
    scopes: Type.Array(Text),
    /** The device's own token: keep it, and send it when connecting again. */
    deviceToken: Type.Optional(Text),
    /** When the device's token was made, Unix milliseconds. */
    issuedAtMs: Type.Optional(Count),
    /** The tokens for the device's other roles, once, when it came in with a setup code. */
    deviceTokens: Type.Optional(
      Type.Array(Closed({ deviceToken: Text, role: Text, scopes: Type.Array(Text), issuedAtMs: Count })),
    ),
  }),
  /** What a client has to keep to. Sizes in bytes. */
  policy: Closed({
    /** The largest frame that may be sent. */
    maxPayload: Type.Integer({ minimum: 1 }),
    /** What may wait for a client that reads slowly; more, and it is closed. */
    maxBufferedBytes: Type.Integer({ minimum: 1 }),
    /** How often `tick` comes. */
    tickIntervalMs: Type.Integer({ minimum: 1 }),
    attachments: Type.Optional(
      Closed({ maxBytes: Type.Integer({ minimum: 1 }), maxImageBytes: Type.Integer({ minimum: 1 }) }),
    ),
  }),
});
export type HelloOk = Static<typeof HelloOk>;
