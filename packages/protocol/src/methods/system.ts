/** The gateway's machine, its identity, its clocks, and who is asking. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, Id, Open, Text, Time } from "../schema.ts";
import { BASE, method } from "./method.ts";

/** What a client tells of a machine; what it says is shown to others. */
const Said = Type.String({ maxLength: 512 });

export const systemMethods = {
  "system.info": method({
    params: Open({}),
    result: Closed({
      machineName: Type.String(),
      hostname: Type.String(),
      platform: Type.String(),
      release: Type.String(),
      arch: Type.String(),
      osLabel: Type.String(),
      lanAddress: Type.Optional(Type.String()),
      port: Type.Optional(Count),
      nodeVersion: Type.String(),
      pid: Count,
      /** Of the gateway, not of the machine. */
      uptimeMs: Count,
      cpuCount: Count,
      cpuModel: Type.Optional(Type.String()),
      memoryTotalBytes: Count,
      memoryFreeBytes: Count,
      /** Of the disk that holds the state directory. */
      diskTotalBytes: Type.Optional(Count),
      diskAvailableBytes: Type.Optional(Count),
    }),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),

  /** `deviceId`: hex SHA-256 of the raw public key. `publicKey`: the raw Ed25519 key, base64url. */
  "gateway.identity.get": method({
    params: Open({}),
    result: Closed({ deviceId: Text, publicKey: Text }),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),

  /**
   * Starts the gateway again in the same process, from the configuration file as it is then. Refused when that file is
   * not valid. Everybody hears `shutdown` and is sent away with 1012. `delayMs`: default at once.
   */
  "gateway.restart.request": method({
    params: Open({
      reason: Type.Optional(Type.String({ maxLength: 200 })),
      delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 60_000 })),
    }),
    result: Closed({ ok: Type.Literal(true), delayMs: Count }),
    scope: "operator.admin",
    role: "operator",
    since: BASE,
    controlPlane: true,
  }),

  /**
   * A machine tells that it is there: it gets a row in the presence list, by `deviceId`, `instanceId` or `host`. No
   * agent reads the text, so that what would speak into a session (`sessionKey`) or wake one (`wake`) is refused.
   */
  "system-event": method({
    params: Open({
      text: Type.String({ minLength: 1, maxLength: 4_096 }),
      deviceId: Type.Optional(Said),
      instanceId: Type.Optional(Said),
      host: Type.Optional(Said),
      ip: Type.Optional(Said),
      mode: Type.Optional(Said),
      version: Type.Optional(Said),
      platform: Type.Optional(Said),
      deviceFamily: Type.Optional(Said),
      modelIdentifier: Type.Optional(Said),
      lastInputSeconds: Type.Optional(Count),
      reason: Type.Optional(Said),
      tags: Type.Optional(Type.Array(Said, { maxItems: 32 })),
      sessionKey: Type.Optional(Id),
      wake: Type.Optional(Type.Boolean()),
    }),
    result: Closed({ ok: Type.Literal(true) }),
    scope: "operator.admin",
    role: "operator",
    since: BASE,
  }),

  /** There are no heartbeats here: always `null`, which clients show as "none yet". */
  "last-heartbeat": method({
    params: Open({}),
    result: Type.Null(),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),
  /** Off is what they are; turning them on is refused. */
  "set-heartbeats": method({
    params: Open({ enabled: Type.Boolean() }),
    result: Closed({ ok: Type.Literal(true), enabled: Type.Literal(false) }),
    scope: "operator.admin",
    role: "operator",
    since: BASE,
  }),

  /** The caller, by the credential it connected with. People have no profiles here. */
  "users.self": method({
    params: Open({}),
    result: Closed({
      profile: Closed({
        id: Text,
        displayName: Type.Union([Text, Type.Null()]),
        avatarMime: Type.Null(),
        mergedInto: Type.Null(),
        createdAt: Time,
        updatedAt: Time,
        emails: Type.Array(Text),
        githubIdentity: Type.Null(),
        hasAvatar: Type.Literal(false),
      }),
    }),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),
};
