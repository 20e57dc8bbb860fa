/**
 * Who may connect, and what they get (DEV-4, DEV-5).
 *
 * The gateway's token proves that its bearer was given it, not who they are; client ids are claims. So what it grants
 * depends on what can be seen (GHSA-rqpp-rjj8-7wv8: declaring `operator.admin` must never be enough):
 * - A device that proved its key gets what was approved for it, and nothing before that. On this machine the approval
 *   may be automatic.
 * - Without a device, a CLI or backend on this machine gets what it asks for: it can read the token's file anyway.
 * - A page that the gateway itself served, opened on this machine, likewise: it is the console and WebChat.
 * - Such a page opened elsewhere, or one of a configured origin, may read and write, but not administer, pair or
 *   approve; for that it needs a paired device.
 * - Everything else is connected without any scope.
 */
import type { Devices } from "@switchboard/core";
import { DEFAULT_TENANT, type TenantId } from "@switchboard/domain";
import type { Admission, Authenticator, ConnectAttempt, Device } from "../ws/index.ts";
import { admitWithoutDevice } from "./admit-without-device.ts";
import { admitDevice, type PairingSettings } from "./device-admission.ts";
import { type CredentialOptions, identifyBy } from "./identify.ts";

export interface GatewayAuthOptions extends CredentialOptions {
  readonly devices: Devices;
  readonly pairing: () => PairingSettings;
  /** Whose operators and devices those are who connect; default those of the one tenant there is. */
  readonly tenantOf?: (attempt: ConnectAttempt) => TenantId;
}

export function gatewayAuth(options: GatewayAuthOptions): Authenticator {
  const identify = identifyBy(options);
  return {
    identify,
    async admit(attempt, identified, device: Device | undefined): Promise<Admission> {
      const tenant = options.tenantOf?.(attempt) ?? DEFAULT_TENANT;
      if (device) return admitDevice({ attempt, identified, device, tenant }, options);
      return identified.ok ? admitWithoutDevice(attempt, identified, tenant) : identified;
    },
  };
}
