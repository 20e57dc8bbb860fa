/** Seals credentials before they touch a disk (CRED-1). */
import type { AccountRef } from "@switchboard/domain";

export interface Vault {
  /** Sealed for this account only: it cannot be opened under another tenant, channel or account. */
  seal(ref: AccountRef, secrets: Readonly<Record<string, string>>): string;
  /** @throws CFG_001 when it was sealed for another account or with a key that is not there. */
  open(ref: AccountRef, sealed: string): Record<string, string>;
  /** A stable secret of an account for a purpose, e.g. its webhook; URL-safe, 43 characters. */
  derive(ref: AccountRef, purpose: string): string;
}
