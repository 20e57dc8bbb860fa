/** Which node has an account: a lease in the row that counts its starts. */
import type { AccountHolder, AccountStore } from "@switchboard/core/ports";
import type { AccountRef, Json } from "@switchboard/domain";
import { CLAIM, FREE_ALL, KEEP, VACANT } from "../rows/account-claims.ts";
import { fromJson } from "../rows/json.ts";
import type { Context, Sync } from "./context.ts";

const REF = "tenant = ? AND channel = ? AND account = ?";

export function accountClaims({
  statements,
}: Context): Sync<Pick<AccountStore, "claim" | "keep" | "release" | "report" | "holder" | "vacant" | "freeAll">> {
  const claim = statements.of<{ generation: number }>(CLAIM);
  const keep = statements.of<AccountRef>(KEEP);
  const vacant = statements.of<AccountRef>(VACANT);
  const freeAll = statements.of(FREE_ALL);
  const release = statements.of(
    `UPDATE account_generations SET owner = NULL, lease_until = NULL, status = NULL WHERE ${REF} AND owner = ?`,
  );
  const report = statements.of(`UPDATE account_generations SET status = ? WHERE ${REF} AND owner = ?`);
  const holder = statements.of<{ owner: string; status: string | null }>(
    `SELECT owner, status FROM account_generations WHERE ${REF} AND owner IS NOT NULL AND lease_until > ?`,
  );
  return {
    claim: ({ account, channel, tenant }, { leaseMs, now, owner }) =>
      claim.get(tenant, channel, account, owner, now + leaseMs, now)?.generation,

    release({ account, channel, tenant }, owner) {
      release.run(tenant, channel, account, owner);
    },

    report({ account, channel, tenant }, owner, status) {
      report.run(JSON.stringify(status), tenant, channel, account, owner);
    },

    holder({ account, channel, tenant }, now): AccountHolder | undefined {
      const row = holder.get(tenant, channel, account, now);
      return row && { owner: row.owner, ...(row.status !== null && { status: fromJson<Json>(row.status) }) };
    },

    keep: ({ leaseMs, now, owner }) => keep.all(now + leaseMs, owner),
    vacant: (now) => vacant.all(now),

    freeAll(except) {
      freeAll.run(except);
    },
  };
}
