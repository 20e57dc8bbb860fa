/** Who is connected: the gateway itself, operators with a face, nodes. */
import { type Static, Type } from "@switchboard/domain/schema";
import { Closed, Count, Text, Time } from "../schema.ts";

export const Presence = Closed({
  host: Type.Optional(Text),
  /** Absent for clients on the gateway's own machine. */
  ip: Type.Optional(Text),
  version: Type.Optional(Text),
  platform: Type.Optional(Text),
  deviceFamily: Type.Optional(Text),
  modelIdentifier: Type.Optional(Text),
  timeZone: Type.Optional(Text),
  mode: Type.Optional(Text),
  lastInputSeconds: Type.Optional(Count),
  /** `self`, `connect`, `disconnect`. */
  reason: Type.Optional(Text),
  tags: Type.Optional(Type.Array(Text)),
  text: Type.Optional(Type.String()),
  ts: Time,
  onlineSince: Type.Optional(Time),
  lastActivityAt: Type.Optional(Time),
  deviceId: Type.Optional(Text),
  roles: Type.Optional(Type.Array(Text)),
  scopes: Type.Optional(Type.Array(Text)),
  instanceId: Type.Optional(Text),
});
export type Presence = Static<typeof Presence>;
