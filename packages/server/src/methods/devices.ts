/** `device.*`: who is paired, who waits, and what becomes of their tokens (DEV-4). */
import type { Approver, Device, DeviceClaims, Devices } from "@switchboard/core";
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import { holds, isScope, type Role, SCOPES } from "@switchboard/protocol";
import { pairedShape, pendingShape } from "../faces/device-shape.ts";
import type { CallContext, ConnectionInfo, Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";

export function deviceMethods(deps: Pick<MethodDeps, "devices" | "connections">): Handlers {
  const { connections, devices } = deps;
  const shape = (tenant: TenantId, device: Device) =>
    pairedShape(device, isConnected(tenant, device.device, connections()));
  return {
    "device.pair.list": (_params, context) => {
      const { tenant } = context;
      const only = ownDeviceOnly(context);
      const isSeen = ({ device }: { readonly device: string }) => only === undefined || device === only;
      return {
        pending: devices.requests(tenant).filter(isSeen).map(pendingShape),
        paired: devices
          .list(tenant)
          .filter(isSeen)
          .map((device) => shape(tenant, device)),
      };
    },

    "device.pair.approve": async ({ requestId }, context) => {
      const { device } = await devices.approve(context.tenant, requestId, approverOf(context));
      return { requestId, device: shape(context.tenant, device) };
    },

    "device.pair.reject": async ({ requestId }, context) => {
      const { device } = await devices.reject(context.tenant, requestId, approverOf(context));
      return { requestId, deviceId: device };
    },

    "device.pair.remove": async ({ deviceId }, context) => {
      await devices.remove(context.tenant, deviceId, approverOf(context));
      return { deviceId };
    },

    "device.pair.rename": async ({ deviceId, label }, context) => {
      return { deviceId, label: await devices.rename(context.tenant, deviceId, label, approverOf(context)) };
    },

    "device.token.rotate": async ({ deviceId, role, scopes }, context) => {
      const unknown = scopes?.find((scope) => !isScope(scope));
      if (unknown !== undefined) throw new SwitchboardError("REQ_001", "device token rotation denied: unknown scope");
      const what = { device: deviceId, role: roleOf(role), scopes: scopes?.filter(isScope) };
      // Only the device itself may learn its token.
      const { connection } = context;
      const isOwn =
        connection.device === deviceId && connection.method === "device-token" && connection.role === what.role;
      const own = isOwn ? connection.token : undefined;
      const issued = await devices.rotate(context.tenant, { ...what, own }, approverOf(context));
      return {
        deviceId,
        role,
        scopes: [...issued.scopes],
        rotatedAtMs: issued.issuedAt,
        tokenDelivery: isOwn ? "in-band" : "withheld-cross-device",
        ...(isOwn && { token: issued.token }),
      };
    },

    "device.token.revoke": async ({ deviceId, role }, context) => {
      const what = { device: deviceId, role: roleOf(role) };
      return { deviceId, role, revokedAtMs: await devices.revoke(context.tenant, what, approverOf(context)) };
    },

    "device.scopes.requestUpgrade": async ({ scopes }, context) => {
      const known = deviceOf(devices, context);
      const asked = scopes.filter(isScope);
      if (asked.length !== scopes.length) throw new SwitchboardError("REQ_001", "unknown scope");
      const has = devices.scopesNow(context.tenant, known.device, "operator", SCOPES) ?? [];
      if (!has.every((scope) => holds(asked, scope))) {
        throw new SwitchboardError("REQ_001", "scopes must include those the device has");
      }
      const request = await devices.ask(context.tenant, {
        claims: claimsOf(known),
        reason: "scope-upgrade",
        roles: ["operator"],
        scopes: asked,
      });
      return { requestId: request.id };
    },

    "device.scopes.waitUpgrade": async ({ requestId }, context) => {
      const known = deviceOf(devices, context);
      const decision = await devices.decisionOn(context.tenant, requestId, known.device, context.signal);
      if (decision !== "approved") return { status: decision, requestId };
      const issued = await devices.issue(context.tenant, known.device, "operator");
      return { status: "approved", requestId, deviceToken: issued.token, scopes: [...issued.scopes] };
    },
  };
}

/** What the caller may give, at this moment. */
export function approverOf({ actor, connection, holds: may }: CallContext): Approver {
  return {
    actor,
    scopes: SCOPES.filter(may),
    nodes: may("operator.admin"),
    device: connection.method === "device-token" ? connection.device : undefined,
  };
}

function ownDeviceOnly({ connection, holds: may }: CallContext): string | undefined {
  return connection.method === "device-token" && !may("operator.admin") ? connection.device : undefined;
}

function deviceOf(devices: Devices, { connection, tenant }: CallContext): Device {
  const device = connection.device === undefined ? undefined : devices.get(tenant as TenantId, connection.device);
  if (device) return device;
  throw new SwitchboardError("REQ_001", "Only a paired device can ask for more scopes.");
}

/** Nothing else of the record: the name and the surface may be others by the time of the approval. */
function claimsOf(known: Device): DeviceClaims {
  const { clientId, clientMode, device, deviceFamily, displayName, origin, platform, publicKey, remoteIp } = known;
  return {
    device,
    publicKey,
    clientId,
    clientMode,
    ...(displayName !== undefined && { displayName }),
    ...(platform !== undefined && { platform }),
    ...(deviceFamily !== undefined && { deviceFamily }),
    ...(origin !== undefined && { origin }),
    ...(remoteIp !== undefined && { remoteIp }),
  };
}

function roleOf(text: string): Role {
  if (text === "operator" || text === "node") return text;
  throw new SwitchboardError("REQ_001", `unknown role: ${text.slice(0, 64)}`);
}

function isConnected(tenant: TenantId, device: string, connections: readonly ConnectionInfo[]): boolean {
  return connections.some((info) => info.tenant === tenant && info.device === device);
}
