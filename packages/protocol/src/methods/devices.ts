/** Devices and their tokens (DEV-4), setup codes (DEV-6). */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, Id, Open, Text, Time } from "../schema.ts";
import { PairedDevice, PendingDevice, SetupOutcome } from "../shapes/device.ts";
import { BASE, method } from "./method.ts";

const pairing = { scope: "operator.pairing", role: "operator", since: BASE } as const;
const admin = { scope: "operator.admin", role: "operator", since: BASE, hidden: true } as const;
const Request = Open({ requestId: Id });
const Scopes = Type.Array(Id, { maxItems: 32 });

export const deviceMethods = {
  /** A device that came in by its own token, without admin, sees itself only. */
  "device.pair.list": method({
    params: Open({}),
    result: Closed({ pending: Type.Array(PendingDevice), paired: Type.Array(PairedDevice) }),
    ...pairing,
  }),
  "device.pair.approve": method({
    params: Request,
    result: Closed({ requestId: Text, device: PairedDevice }),
    ...pairing,
  }),
  "device.pair.reject": method({ params: Request, result: Closed({ requestId: Text, deviceId: Text }), ...pairing }),
  "device.pair.remove": method({
    params: Open({ deviceId: Id }),
    result: Closed({ deviceId: Text }),
    ...pairing,
  }),
  "device.pair.rename": method({
    params: Open({ deviceId: Id, label: Type.String({ minLength: 1, maxLength: 64 }) }),
    result: Closed({ deviceId: Text, label: Text }),
    ...pairing,
  }),
  /** The new token is in the answer only when the device asks for its own. */
  "device.token.rotate": method({
    params: Open({ deviceId: Id, role: Id, scopes: Type.Optional(Scopes) }),
    result: Closed({
      deviceId: Text,
      role: Text,
      scopes: Type.Array(Text),
      rotatedAtMs: Time,
      tokenDelivery: Type.Enum(["in-band", "withheld-cross-device"]),
      token: Type.Optional(Text),
    }),
    ...pairing,
  }),
  "device.token.revoke": method({
    params: Open({ deviceId: Id, role: Id }),
    result: Closed({ deviceId: Text, role: Text, revokedAtMs: Time }),
    ...pairing,
  }),
  /** Asks for more scopes while connected; `scopes` must hold those the device has. */
  "device.scopes.requestUpgrade": method({
    params: Open({ scopes: Type.Array(Id, { minItems: 1, maxItems: 8 }) }),
    result: Closed({ requestId: Text }),
    scope: null,
    role: "operator",
    since: BASE,
  }),
  /** Answers when somebody decided, or the request died. */
  "device.scopes.waitUpgrade": method({
    params: Open({ requestId: Id }),
    result: Type.Union([
      Closed({
        status: Type.Literal("approved"),
        requestId: Text,
        deviceToken: Text,
        scopes: Type.Array(Text),
      }),
      Closed({ status: Type.Enum(["rejected", "expired"]), requestId: Text }),
    ]),
    scope: null,
    role: "operator",
    since: BASE,
  }),
  /** The code carries nothing that outlives it; its device still has to be approved, unless codes are trusted here. */
  "device.pair.setupCode": method({
    params: Open({
      publicUrl: Type.Optional(Type.String({ minLength: 1, maxLength: 2_048 })),
      preferRemoteUrl: Type.Optional(Type.Boolean()),
      includeQr: Type.Optional(Type.Boolean({ description: "Default true." })),
      onThisMachine: Type.Optional(
        Type.Boolean({ description: "The device runs on the gateway's own machine, e.g. an emulator." }),
      ),
      bootstrapProfile: Type.Optional(Type.Enum(["limited", "node", "voice-node"])),
    }),
    result: Closed({
      setupId: Text,
      expiresAtMs: Time,
      setupCode: Text,
      qrDataUrl: Type.Optional(Type.String({ maxLength: 16_384 })),
      gatewayUrl: Text,
      gatewayUrls: Type.Optional(Type.Array(Text)),
      auth: Type.Enum(["token", "password", "trusted-proxy"]),
      urlSource: Text,
      access: Type.Enum(["full", "limited", "node"]),
      accessDowngraded: Type.Optional(Type.Boolean()),
    }),
    ...admin,
  }),
  "device.pair.setupStatus": method({
    params: Open({ setupId: Id }),
    result: Closed({
      completion: Type.Optional(SetupOutcome),
      pendingRequestId: Type.Optional(Text),
      remainingMs: Type.Optional(Count),
    }),
    ...admin,
  }),
};
