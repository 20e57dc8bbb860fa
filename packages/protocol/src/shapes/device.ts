/** Devices: those that wait for approval, and those that are paired. */
import { type Static, Type } from "@switchboard/domain/schema";
import type { Immutable } from "../immutable.ts";
import { Closed, Text, Time } from "../schema.ts";

const said = {
  deviceId: Text,
  /** Raw Ed25519 key, base64url. */
  publicKey: Text,
  displayName: Type.Optional(Text),
  platform: Type.Optional(Text),
  deviceFamily: Type.Optional(Text),
  clientId: Type.Optional(Text),
  clientMode: Type.Optional(Text),
  remoteIp: Type.Optional(Text),
};

/** A device that waits for approval. */
export const PendingDevice = Closed({
  requestId: Text,
  ...said,
  browserOrigin: Type.Optional(Text),
  role: Type.Optional(Text),
  roles: Type.Optional(Type.Array(Text)),
  scopes: Type.Optional(Type.Array(Text)),
  /** It is paired already and asks for more, or changed. */
  isRepair: Type.Optional(Type.Boolean()),
  ts: Time,
});
export type PendingDevice = Immutable<Static<typeof PendingDevice>>;

const DeviceTokenInfo = Closed({
  role: Text,
  scopes: Type.Array(Text),
  createdAtMs: Time,
  rotatedAtMs: Type.Optional(Time),
  revokedAtMs: Type.Optional(Time),
  lastUsedAtMs: Type.Optional(Time),
});

/** A paired device; its tokens are never shown. */
export const PairedDevice = Closed({
  ...said,
  /** The name an operator gave it. */
  operatorLabel: Type.Optional(Text),
  role: Type.Optional(Text),
  roles: Type.Optional(Type.Array(Text)),
  scopes: Type.Optional(Type.Array(Text)),
  /** `owner`: a person approved it; `local`: it was on this machine; `setup-code`: codes are trusted here. */
  approvedVia: Type.Optional(Text),
  createdAtMs: Time,
  approvedAtMs: Time,
  lastSeenAtMs: Type.Optional(Time),
  lastSeenReason: Type.Optional(Text),
  connected: Type.Optional(Type.Boolean()),
  tokens: Type.Optional(Type.Array(DeviceTokenInfo)),
});
export type PairedDevice = Immutable<Static<typeof PairedDevice>>;

/** What became of a setup code. */
export const SetupOutcome = Closed({
  setupId: Text,
  deviceId: Text,
  deviceName: Type.Optional(Text),
  access: Type.Enum(["full", "limited", "node"]),
  ts: Time,
});
