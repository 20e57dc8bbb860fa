-- The tenants' own keys, wrapped by a master key that is kept elsewhere. Without its rows nothing of a tenant that was
-- sealed can be opened.
CREATE TABLE vault_keys (
  tenant text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  -- 'seal' or 'derive'.
  purpose text COLLATE "C" NOT NULL,
  generation BIGINT NOT NULL,
  -- Ids of the master key that wraps it now, and of the one in whose time it was made.
  master text COLLATE "C" NOT NULL,
  made_under text COLLATE "C" NOT NULL,
  wrapped text COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, purpose, generation)
);
ALTER TABLE vault_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON vault_keys TO {app} USING (tenant = current_setting('app.tenant_id', true))
  WITH CHECK (tenant = current_setting('app.tenant_id', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON vault_keys TO {app};

-- Start-up reads every tenant's; they are wrapped.
CREATE POLICY every_tenant ON vault_keys FOR SELECT TO {engine} USING (current_user = {engine name});
GRANT SELECT ON vault_keys TO {engine};
