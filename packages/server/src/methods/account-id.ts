/** What accounts may be called. */
import { type AccountId, SwitchboardError } from "@switchboard/domain";

const ACCOUNT_ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** @throws REQ_001. */
export function requireAccountId(account: AccountId): AccountId {
  if (ACCOUNT_ID.test(account)) return account;
  throw new SwitchboardError("REQ_001", "An account id has lower-case letters, digits, dots and dashes.");
}
