/** Who hands out setup codes: it knows where the gateway can be reached, and draws QR codes. */
import type { InboxId, OutboundAttachment, TenantId } from "@switchboard/domain";
import type { Approver } from "./approver.ts";
import type { SetupChat, SetupProfile } from "./records.ts";

export interface SetupDesk {
  /** @throws REQ_001 when no device can reach the gateway, SEC_003, REQ_004. */
  issue(
    tenant: TenantId,
    wish: {
      readonly profile: SetupProfile;
      /** How the device shall reach the gateway; default as the gateway knows best. */
      readonly publicUrl?: string | undefined;
      /** The device runs on the gateway's own machine. */
      readonly onThisMachine?: boolean | undefined;
      /** Is told what becomes of it. */
      readonly chat?: SetupChat | undefined;
      /** The stored event that asked for it: worked on again, it leaves one code. */
      readonly event?: InboxId | undefined;
      /** Also as a picture that a channel can send. */
      readonly picture?: boolean | undefined;
    },
    maker: Approver,
  ): Promise<IssuedSetupCode>;
}

export interface IssuedSetupCode {
  readonly id: string;
  /** What the device reads. */
  readonly code: string;
  readonly expiresAt: number;
  readonly urls: readonly [string, ...string[]];
  readonly urlSource: string;
  readonly access: "full" | "limited" | "node";
  /** Less than was wished for, since an address is not encrypted. */
  readonly accessDowngraded: boolean;
  readonly picture?: OutboundAttachment;
}

/** Where nobody hands them out, e.g. while no gateway runs. */
export const noSetupDesk: SetupDesk = {
  issue: () => Promise.reject(new Error("There is nobody who hands out setup codes.")),
};
