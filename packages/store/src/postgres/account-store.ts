/** The AccountStore port. */
import type { Account, AccountStore, Grant } from "@switchboard/core/ports";
import type { AccountId, ChannelId, Json, SelfIdentity, TenantId } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain/errors";
import { fromJson, type Mutable } from "../rows/json.ts";
import { accountClaims } from "./account-claims.ts";
import type { Context } from "./context.ts";
import type { Statement, Statements } from "./sql.ts";

export interface AccountRow {
  readonly tenant: TenantId;
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly source: Account["source"];
  readonly enabled: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly config: string;
  readonly settings: string;
  readonly sealed: string | null;
  readonly self: string | null;
  readonly revision: number;
}

/** What goes over all tenants, see `EngineView`. */
export type AcrossTenants = "all" | "outlines" | "keep" | "vacant" | "freeAll" | "memoryPrune";

interface GrantRow {
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly authority: Grant["authority"];
  readonly subject: string;
  readonly granted_at: number;
  readonly granted_by: string;
}

const REF = "tenant = ? AND channel = ? AND account = ?";
const REF_COLUMNS = ["tenant", "channel", "account"];

export function accountStore(context: Context): Omit<AccountStore, AcrossTenants> {
  const { statements } = context;
  const put = statements.of<{ revision: number }>(
    `INSERT INTO accounts (tenant, channel, account, source, enabled, config, settings, sealed, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (tenant, channel, account) DO UPDATE SET source = excluded.source, enabled = excluded.enabled,
       config = excluded.config, settings = excluded.settings, sealed = excluded.sealed, updated_at = excluded.updated_at,
       revision = accounts.revision + 1
     RETURNING revision`,
  );
  const get = statements.of<AccountRow>(`SELECT * FROM accounts WHERE ${REF}`);
  const countOwn = statements.of<{ count: number }>(
    "SELECT count(*) AS count FROM accounts WHERE tenant = ? AND source = 'store'",
  );
  const ofTenant = statements.of<AccountRow>("SELECT * FROM accounts WHERE tenant = ?");
  const setEnabled = statements.of<AccountRow>(
    `UPDATE accounts SET enabled = ?, updated_at = ?, revision = revision + 1 WHERE ${REF} RETURNING *`,
  );
  const claims = accountClaims(context);
  const remove = statements.of(`DELETE FROM accounts WHERE ${REF}`);
  const forget = statements.of(`DELETE FROM account_memory WHERE ${REF}`);
  const logOut = statements.of(
    `UPDATE accounts SET enabled = 0, sealed = NULL, self = NULL, updated_at = ?, revision = revision + 1 WHERE ${REF}
     AND (sealed IS NOT NULL OR self IS NOT NULL OR enabled = 1)`,
  );
  const revokeAll = statements.of(`DELETE FROM grants WHERE ${REF}`);
  const dismissAll = statements.of(`DELETE FROM pairing_requests WHERE ${REF}`);
  const forgetDecisions = statements.of(`DELETE FROM pairing_decisions WHERE ${REF}`);
  const setSelf = statements.of(`UPDATE accounts SET self = ? WHERE ${REF}`);
  const nextGeneration = statements.of<{ generation: number }>(
    `INSERT INTO account_generations (tenant, channel, account, generation) VALUES (?, ?, ?, 1)
     ON CONFLICT (tenant, channel, account) DO UPDATE SET generation = account_generations.generation + 1 RETURNING generation`,
  );
  const memory = statements.of<{ value: string }>(
    `SELECT value FROM account_memory WHERE ${REF} AND key = ? AND (expires_at IS NULL OR expires_at > ?)`,
  );
  const remember = statements.insertInto(
    "account_memory",
    [...REF_COLUMNS, "key", "value", "expires_at"],
    "ON CONFLICT (tenant, channel, account, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
  );
  const forgetOne = statements.of(`DELETE FROM account_memory WHERE ${REF} AND key = ?`);
  const grants = statements.of<GrantRow>(`SELECT * FROM grants WHERE ${REF} ORDER BY authority, subject`);
  const grant = grantInsert(statements);
  const revoke = statements.of(`DELETE FROM grants WHERE ${REF} AND authority = ? AND subject = ?`);

  return {
    ...claims,

    async put({ account, channel, config, enabled, sealed, settings, source, tenant }, now, { known, most } = {}) {
      const before = await get.get(tenant, channel, account);
      if (known !== undefined && known !== (before?.revision ?? 0)) {
        throw new SwitchboardError(
          "REQ_004",
          `The account ${channel}:${account} was changed by somebody else just now.`,
        );
      }
      if (most !== undefined && !before) {
        const own = await countOwn.get(tenant);
        if ((own?.count ?? 0) >= most) throw new SwitchboardError("SEC_010", `The tenant may have ${most} accounts.`);
      }
      const [first, second] = [JSON.stringify(config), JSON.stringify(settings)];
      const said = [source, enabled ? 1 : 0, first, second, sealed ?? null, now, now];
      return (await put.get(tenant, channel, account, ...said))?.revision ?? 1;
    },

    async setEnabled({ account, channel, tenant }, enabled, now) {
      const row = await setEnabled.get(enabled ? 1 : 0, now, tenant, channel, account);
      return row && toAccount(row);
    },

    async get({ account, channel, tenant }) {
      const row = await get.get(tenant, channel, account);
      return row && toAccount(row);
    },

    list: async (tenant) => (await ofTenant.all(tenant)).map(toAccount),

    async remove({ account, channel, tenant }) {
      forget.send(tenant, channel, account);
      revokeAll.send(tenant, channel, account);
      dismissAll.send(tenant, channel, account);
      forgetDecisions.send(tenant, channel, account);
      return (await remove.run(tenant, channel, account)) > 0;
    },

    async logOut({ account, channel, tenant }, now) {
      const before = await get.get(tenant, channel, account);
      if (!before) return false;
      logOut.send(now, tenant, channel, account);
      const forgotten = await forget.run(tenant, channel, account);
      return before.sealed !== null || before.self !== null || forgotten > 0;
    },

    async setSelf({ account, channel, tenant }, self) {
      if ((await setSelf.run(JSON.stringify(self), tenant, channel, account)) > 0) return;
      throw new SwitchboardError("CFG_003", `There is no account ${channel}:${account}.`);
    },

    nextGeneration: async ({ account, channel, tenant }) =>
      (await nextGeneration.get(tenant, channel, account))?.generation ?? 1,

    memoryGet: async ({ account, channel, tenant }, key, now) =>
      (await memory.get(tenant, channel, account, key, now))?.value,

    async memorySet({ account, channel, tenant }, key, value, expiresAt) {
      remember.send(tenant, channel, account, key, value, expiresAt ?? null);
    },

    async memoryRemove({ account, channel, tenant }, key) {
      forgetOne.send(tenant, channel, account, key);
    },

    async memorySwap({ account, channel, tenant }, changes, now) {
      const ref = [tenant, channel, account] as const;
      for (const { from, key } of changes) if ((await memory.get(...ref, key, now))?.value !== from) return false;
      for (const { expiresAt, key, to } of changes) {
        if (to === undefined) forgetOne.send(...ref, key);
        else remember.send(...ref, key, to, expiresAt ?? null);
      }
      return true;
    },

    grants: async ({ account, channel, tenant }) => (await grants.all(tenant, channel, account)).map(toGrant),

    async grant(tenant, { account, authority, channel, grantedAt, grantedBy, subject }) {
      grant.send(tenant, channel, account, authority, subject, grantedAt, grantedBy);
    },

    revoke: async ({ account, channel, tenant }, authority, subject) =>
      (await revoke.run(tenant, channel, account, authority, subject)) > 0,
  };
}

/** Of tenant, channel, account, authority, subject, when and by whom. */
export function grantInsert(statements: Statements): Statement<never> {
  return statements.insertInto(
    "grants",
    [...REF_COLUMNS, "authority", "subject", "granted_at", "granted_by"],
    "ON CONFLICT (tenant, channel, account, authority, subject) DO UPDATE SET granted_at = excluded.granted_at, granted_by = excluded.granted_by",
  );
}

export function toAccount(row: AccountRow): Account {
  const account: Mutable<Account> = {
    tenant: row.tenant,
    channel: row.channel,
    account: row.account,
    source: row.source,
    enabled: row.enabled !== 0,
    config: fromJson<Json>(row.config),
    settings: fromJson<Json>(row.settings),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    revision: row.revision,
  };
  if (row.sealed !== null) account.sealed = row.sealed;
  if (row.self !== null) account.self = fromJson<SelfIdentity>(row.self);
  return account;
}

function toGrant(row: GrantRow): Grant {
  const { account, authority, channel, subject } = row;
  return { channel, account, authority, subject, grantedAt: row.granted_at, grantedBy: row.granted_by };
}
