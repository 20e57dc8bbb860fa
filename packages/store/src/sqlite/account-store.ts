/** The AccountStore port. */
import type { Account, AccountOutline, AccountStore, Grant } from "@switchboard/core/ports";
import type { AccountId, ChannelId, Json, SelfIdentity, TenantId } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain/errors";
import { fromJson, type Mutable } from "../rows/json.ts";
import { accountClaims } from "./account-claims.ts";
import type { Context, Sync } from "./context.ts";
import type { Statement, Statements } from "./sql.ts";

interface AccountRow {
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

export function accountStore(context: Context): Sync<AccountStore> {
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
  const all = statements.of<AccountRow>("SELECT * FROM accounts");
  const setEnabled = statements.of<AccountRow>(
    `UPDATE accounts SET enabled = ?, updated_at = ?, revision = revision + 1 WHERE ${REF} RETURNING *`,
  );
  const outlines = statements.of<AccountOutline>(
    "SELECT tenant, channel, account, created_at AS createdAt, revision FROM accounts",
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
     ON CONFLICT DO UPDATE SET generation = generation + 1 RETURNING generation`,
  );
  const memory = statements.of<{ value: string }>(
    `SELECT value FROM account_memory WHERE ${REF} AND key = ? AND (expires_at IS NULL OR expires_at > ?)`,
  );
  const remember = statements.insertInto(
    "account_memory",
    [...REF_COLUMNS, "key", "value", "expires_at"],
    "ON CONFLICT DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
  );
  const forgetExpired = statements.of("DELETE FROM account_memory WHERE expires_at <= ?");
  const forgetOne = statements.of(`DELETE FROM account_memory WHERE ${REF} AND key = ?`);
  const grants = statements.of<GrantRow>(`SELECT * FROM grants WHERE ${REF} ORDER BY authority, subject`);
  const grant = grantInsert(statements);
  const revoke = statements.of(`DELETE FROM grants WHERE ${REF} AND authority = ? AND subject = ?`);

  return {
    ...claims,

    put({ account, channel, config, enabled, sealed, settings, source, tenant }, now, { known, most } = {}) {
      const before = get.get(tenant, channel, account);
      if (known !== undefined && known !== (before?.revision ?? 0)) {
        throw new SwitchboardError(
          "REQ_004",
          `The account ${channel}:${account} was changed by somebody else just now.`,
        );
      }
      if (most !== undefined && !before) {
        const own = countOwn.get(tenant);
        if ((own?.count ?? 0) >= most) throw new SwitchboardError("SEC_010", `The tenant may have ${most} accounts.`);
      }
      const [first, second] = [JSON.stringify(config), JSON.stringify(settings)];
      const said = [source, enabled ? 1 : 0, first, second, sealed ?? null, now, now];
      return put.get(tenant, channel, account, ...said)?.revision ?? 1;
    },

    setEnabled({ account, channel, tenant }, enabled, now) {
      const row = setEnabled.get(enabled ? 1 : 0, now, tenant, channel, account);
      return row && toAccount(row);
    },

    get({ account, channel, tenant }) {
      const row = get.get(tenant, channel, account);
      return row && toAccount(row);
    },

    list: (tenant) => ofTenant.all(tenant).map(toAccount),
    all: () => all.all().map(toAccount),
    outlines: () => outlines.all(),

    remove({ account, channel, tenant }) {
      forget.run(tenant, channel, account);
      revokeAll.run(tenant, channel, account);
      dismissAll.run(tenant, channel, account);
      forgetDecisions.run(tenant, channel, account);
      return remove.run(tenant, channel, account) > 0;
    },

    logOut({ account, channel, tenant }, now) {
      const before = get.get(tenant, channel, account);
      if (!before) return false;
      logOut.run(now, tenant, channel, account);
      const forgotten = forget.run(tenant, channel, account);
      return before.sealed !== null || before.self !== null || forgotten > 0;
    },

    setSelf({ account, channel, tenant }, self) {
      if (setSelf.run(JSON.stringify(self), tenant, channel, account) > 0) return;
      throw new SwitchboardError("CFG_003", `There is no account ${channel}:${account}.`);
    },

    nextGeneration: ({ account, channel, tenant }) => nextGeneration.get(tenant, channel, account)?.generation ?? 1,

    memoryGet: ({ account, channel, tenant }, key, now) => memory.get(tenant, channel, account, key, now)?.value,

    memorySet({ account, channel, tenant }, key, value, expiresAt) {
      remember.run(tenant, channel, account, key, value, expiresAt ?? null);
    },

    memoryRemove({ account, channel, tenant }, key) {
      forgetOne.run(tenant, channel, account, key);
    },

    memorySwap({ account, channel, tenant }, changes, now) {
      const ref = [tenant, channel, account] as const;
      if (changes.some(({ from, key }) => memory.get(...ref, key, now)?.value !== from)) return false;
      for (const { expiresAt, key, to } of changes) {
        if (to === undefined) forgetOne.run(...ref, key);
        else remember.run(...ref, key, to, expiresAt ?? null);
      }
      return true;
    },

    memoryPrune: (now) => forgetExpired.run(now),

    grants: ({ account, channel, tenant }) => grants.all(tenant, channel, account).map(toGrant),

    grant(tenant, { account, authority, channel, grantedAt, grantedBy, subject }) {
      grant.run(tenant, channel, account, authority, subject, grantedAt, grantedBy);
    },

    revoke: ({ account, channel, tenant }, authority, subject) =>
      revoke.run(tenant, channel, account, authority, subject) > 0,
  };
}

/** Of tenant, channel, account, authority, subject, when and by whom. */
export function grantInsert(statements: Statements): Statement<never> {
  return statements.insertInto(
    "grants",
    [...REF_COLUMNS, "authority", "subject", "granted_at", "granted_by"],
    "ON CONFLICT DO UPDATE SET granted_at = excluded.granted_at, granted_by = excluded.granted_by",
  );
}

function toAccount(row: AccountRow): Account {
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
