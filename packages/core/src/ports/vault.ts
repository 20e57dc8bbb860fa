/** Seals secrets before they touch a disk (CRED-1). */
import type { AccountRef } from "@switchboard/domain";

/**
 * What a sealed value is: none can stand in for one of another kind. An answer to a request is kept for a day, and is no
 * account's: its account is the request's id.
 */
export type SealedKind = "credential" | "memory" | "answer";

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
