-- The registrations of tenants, for whoever reads the database: of each tenant and channel the one account whose name is
-- made of the tenant's. A credential is sealed for its account; the key's id stands in it. Whoever asks sees what the
-- policies of the accounts let them see.
CREATE UNIQUE INDEX channel_registrations_one ON accounts (tenant, channel) WHERE account = 'tenant-' || tenant;
CREATE VIEW channel_registrations WITH (security_invoker = true) AS
  SELECT tenant AS billing_account_id, channel, account AS account_id, enabled = 1 AS active,
    sealed AS encrypted_credential,
    CASE WHEN sealed LIKE 'v2.%' THEN split_part(sealed, '.', 2) END AS encryption_key_id,
    created_at, updated_at
  FROM accounts WHERE account = 'tenant-' || tenant;
GRANT SELECT ON channel_registrations TO {app};
