-- The registrations of tenants, for whoever reads the database: of each tenant and channel the one account whose name is
-- made of the tenant's. A credential is sealed for its account; the key's id stands in it.
CREATE UNIQUE INDEX channel_registrations_one ON accounts (tenant, channel) WHERE account = 'tenant-' || tenant;
CREATE VIEW channel_registrations AS
  SELECT tenant AS billing_account_id, channel, account AS account_id, enabled = 1 AS active,
    sealed AS encrypted_credential,
    CASE WHEN sealed LIKE 'v2.%' THEN substr(sealed, 4, instr(substr(sealed, 4), '.') - 1) END AS encryption_key_id,
    created_at, updated_at
  FROM accounts WHERE account = 'tenant-' || tenant;
