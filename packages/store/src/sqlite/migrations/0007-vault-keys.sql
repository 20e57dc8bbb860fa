-- The tenants' own keys, wrapped by a master key that is kept elsewhere. Without its rows nothing of a tenant that was
-- sealed can be opened.
CREATE TABLE vault_keys (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  -- 'seal' or 'derive'.
  purpose TEXT NOT NULL,
  generation INTEGER NOT NULL,
  -- Ids of the master key that wraps it now, and of the one in whose time it was made.
  master TEXT NOT NULL,
  made_under TEXT NOT NULL,
  wrapped TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, purpose, generation)
) STRICT, WITHOUT ROWID;
