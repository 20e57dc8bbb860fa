-- How often a tenant asked for something within the window that runs.
CREATE TABLE rate_windows (
  tenant text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  count BIGINT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (tenant, name)
);
CREATE INDEX rate_windows_until ON rate_windows (until);

ALTER TABLE rate_windows ENABLE ROW LEVEL SECURITY;
ALTER TABLE rate_windows FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON rate_windows TO {app} USING (tenant = current_setting('app.tenant_id', true))
  WITH CHECK (tenant = current_setting('app.tenant_id', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_windows TO {app};
-- What ended is deleted for all tenants.
CREATE POLICY every_tenant ON rate_windows FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON rate_windows FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (until), DELETE ON rate_windows TO {engine};
