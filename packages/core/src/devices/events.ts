/** What the registry tells: faces pass it on to operators, connections lose their authority by it. */
import type { TenantId } from "@switchboard/domain";
import type { Role } from "@switchboard/protocol";
import type { Device, DeviceRequest, SetupCode } from "./records.ts";

export type DeviceEvent = { readonly tenant: TenantId } & (
  | { readonly type: "requested"; readonly request: DeviceRequest; readonly setup?: SetupCode | undefined }
  /** `superseded`: the device asked again otherwise. */
  | {
      readonly type: "resolved";
      readonly request: DeviceRequest;
      readonly decision: "approved" | "rejected" | "superseded";
      readonly setup?: SetupCode | undefined;
    }
  | { readonly type: "changed"; readonly device: string }
  /** What it was let in with is void, but for the token with the hash `except`. Without a role: everything. */
  | {
      readonly type: "revoked";
      readonly device: string;
      readonly role?: Role;
      readonly why: string;
      readonly except?: string;
    }
  /** A device was let in with a setup code. */
  | { readonly type: "set-up"; readonly setup: SetupCode; readonly device: Device }
);

export type DeviceListener = (event: DeviceEvent) => void;
