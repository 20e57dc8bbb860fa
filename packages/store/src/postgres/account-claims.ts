/** Which node has an account: a lease in the row that counts its starts. */
import type { AccountHolder, AccountStore } from "@switchboard/core/ports";
import type { Json } from "@switchboard/domain";
import { CLAIM } from "../rows/account-claims.ts";
import { fromJson } from "../rows/json.ts";
import type { Context } from "./context.ts";

const REF = "tenant = ? AND channel = ? AND account = ?";

export function accountClaims({ statements }: Context): Pick<AccountStore, "claim" | "release" | "report" | "holder"> {
  const claim = statements.of<{ generation: number }>(CLAIM);
  const release = statements.of(
    `UPDATE account_generations SET owner = NULL, lease_until = NULL, status = NULL WHERE ${REF} AND owner = ?`,
  );
  const report = statements.of(`UPDATE account_generations SET status = ? WHERE ${REF} AND owner = ?`);
  const holder = statements.of<{ owner: string; status: string | null }>(
    `SELECT owner, status FROM account_generations WHERE ${REF} AND owner IS NOT NULL AND lease_until > ?`,
  );
  return {
    claim: async ({ account, channel, tenant }, { leaseMs, now, owner }) =>
      (await claim.get(tenant, channel, account, owner, now + leaseMs, now))?.generation,

    async release({ account, channel, tenant }, owner) {
      await release.run(tenant, channel, account, owner);
    },

    async report({ account, channel, tenant }, owner, status) {
      await report.run(JSON.stringify(status), tenant, channel, account, owner);
    },

    async holder({ account, channel, tenant }, now): Promise<AccountHolder | undefined> {
      const row = await holder.get(tenant, channel, account, now);
      return row && { owner: row.owner, ...(row.status !== null && { status: fromJson<Json>(row.status) }) };
    },
  };
}
