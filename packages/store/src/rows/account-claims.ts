/** Statements about who has an account that both databases understand. */

/** Of tenant, channel, account, owner, until when and now. */
export const CLAIM = `INSERT INTO account_generations (tenant, channel, account, generation, owner, lease_until)
  SELECT tenant, channel, account, 1, CAST(?4 AS text), CAST(?5 AS bigint) FROM accounts
  WHERE tenant = ?1 AND channel = ?2 AND account = ?3 AND enabled = 1
  ON CONFLICT (tenant, channel, account) DO UPDATE
    SET generation = account_generations.generation + 1, owner = excluded.owner, lease_until = excluded.lease_until, status = NULL
    WHERE account_generations.owner IS NULL OR account_generations.owner = excluded.owner
      OR account_generations.lease_until <= CAST(?6 AS bigint)
  RETURNING generation`;

/** Of until when and owner. */
export const KEEP = "UPDATE account_generations SET lease_until = ? WHERE owner = ? RETURNING tenant, channel, account";

/** Of now. */
export const VACANT = `SELECT accounts.tenant, accounts.channel, accounts.account FROM accounts
  LEFT JOIN account_generations AS held ON held.tenant = accounts.tenant AND held.channel = accounts.channel
    AND held.account = accounts.account AND held.owner IS NOT NULL AND held.lease_until > ?
  WHERE accounts.enabled = 1 AND held.tenant IS NULL`;

/** Of the owner that keeps what it has. */
export const FREE_ALL = "UPDATE account_generations SET owner = NULL, lease_until = NULL WHERE owner <> ?";
