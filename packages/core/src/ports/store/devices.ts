/**
 * What is written down about devices: few rows, changed by people. Each is a document with a version; what it holds is
 * the device registry's business. A change names the versions it was made from, so that of two that were made from the
 * same state one fails, in whichever process: approvals, single-use codes and revocations rest on that.
 */
import type { Json, TenantId } from "@switchboard/domain";

/**
 * `device`: one that is paired; `request`: one that waits for approval; `setup`: a setup code; `decision`: what a stored
 * event decided on a request.
 */
export type DeviceDocumentKind = "device" | "request" | "setup" | "decision";

export interface DeviceDocument {
  readonly tenant: TenantId;
  readonly kind: DeviceDocumentKind;
  readonly id: string;
  /** Grows with every change, from 1, and never comes again, not even after the document was removed and made anew. */
  readonly version: number;
  readonly body: Json;
}

export interface DeviceChange {
  readonly kind: DeviceDocumentKind;
  readonly id: string;
  /** The version the change was made from; 0: there was none. */
  readonly from: number;
  /** Absent: the document is removed. */
  readonly body?: Json;
}

export interface DeviceStore {
  /** Every tenant's, for start-up. */
  all(): Promise<readonly DeviceDocument[]>;
  list(tenant: TenantId): Promise<readonly DeviceDocument[]>;
  /**
   * All of the changes or none. Resolves with the version that every changed document has now, or with `undefined` when
   * one was not at its version any more.
   */
  change(tenant: TenantId, changes: readonly DeviceChange[]): Promise<number | undefined>;
}
