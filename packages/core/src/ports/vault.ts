/** Seals secrets before they touch a disk (CRED-1). */
import type { AccountRef } from "@switchboard/domain";

/** What a sealed value is: a credential cannot stand in for something an account remembers, nor the other way round. */
export type SealedKind = "credential" | "memory";

export interface Vault {
  /** Sealed for this account and kind only. @throws SEC_008 when the tenant's key is not at hand. */
  seal(ref: AccountRef, kind: SealedKind, secrets: Readonly<Record<string, string>>): Promise<string>;
  /** @throws SEC_008 when it was sealed for something else, has been changed, or its key is not at hand. */
  open(ref: AccountRef, kind: SealedKind, sealed: string): Promise<Record<string, string>>;
  /**
   * A secret of an account for a purpose, e.g. its webhook; URL-safe, 43 characters. It stays the same when keys are
   * rotated, and ends with the tenant's keys. @throws SEC_008 when the tenant's key is not at hand.
   */
  derive(ref: AccountRef, purpose: string): Promise<string>;
  /** Looks again for keys that were not at hand. */
  refresh(): Promise<void>;
}
