/** What is read off an account's stored row. */
import type { AccountId, AccountRef, ChannelId } from "@switchboard/domain";
import type { Account } from "../ports/index.ts";

export function refOf(row: Account): AccountRef {
  return { tenant: row.tenant, channel: row.channel as ChannelId, account: row.account as AccountId };
}

/** Besides its configuration and secrets. */
export function isSame(a: Account, b: Account): boolean {
  return a.source === b.source && a.enabled === b.enabled && JSON.stringify(a.settings) === JSON.stringify(b.settings);
}
