/** `device.pair.setupCode` and what became of it (DEV-6). */
import type { SetupProfile } from "@switchboard/core";
import { SwitchboardError } from "@switchboard/domain";
import { authMode } from "../auth/gateway-secret.ts";
import { outcomeShape } from "../faces/device-shape.ts";
import { qrDataUrl } from "../qr/qr.ts";
import type { Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";
import { approverOf } from "./devices.ts";

export function setupCodeMethods({ devices, engine, settings, setupDesk }: MethodDeps): Handlers {
  return {
    "device.pair.setupCode": async ({ bootstrapProfile, includeQr = true, onThisMachine, publicUrl }, context) => {
      const profile: SetupProfile = bootstrapProfile ?? "full";
      const auth = authMode(settings.config.gateway.auth);
      if (auth === "none") {
        throw new SwitchboardError("REQ_001", "This gateway asks nobody for a credential, so it has no setup codes.", {
          action: "Set gateway.auth.mode to token.",
        });
      }
      const issued = await setupDesk.issue(
        context.tenant,
        { profile, onThisMachine, ...(publicUrl !== undefined && { publicUrl }) },
        approverOf(context),
      );
      return {
        setupId: issued.id,
        expiresAtMs: issued.expiresAt,
        setupCode: issued.code,
        ...(includeQr && { qrDataUrl: await qrDataUrl(issued.code) }),
        gatewayUrl: issued.urls[0],
        ...(issued.urls.length > 1 && { gatewayUrls: [...issued.urls] }),
        auth,
        urlSource: issued.urlSource,
        access: issued.access,
        ...(issued.accessDowngraded && { accessDowngraded: true }),
      };
    },

    "device.pair.setupStatus": ({ setupId }, { tenant }) => {
      const setup = devices.setupCodes.get(tenant, setupId);
      if (!setup) throw new SwitchboardError("REQ_002", `There is no setup code ${setupId.slice(0, 64)}.`);
      const { boundTo, expiresAt, usedAt } = setup;
      const device = boundTo && devices.get(tenant, boundTo.device);
      if (usedAt !== undefined && device) return { completion: outcomeShape(setup, device, usedAt) };
      const pending = devices.requests(tenant).find((request) => request.setup === setupId);
      return {
        ...(pending && { pendingRequestId: pending.id }),
        remainingMs: Math.max(0, expiresAt - engine.clock.now()),
      };
    },
  };
}
