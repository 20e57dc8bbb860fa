-- Limits that operators gave to tenants, and what was said once of a limit on a day.
CREATE TABLE tenant_limits (
  tenant text COLLATE "C" NOT NULL,
  body text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant)
);
CREATE TABLE usage_notices (
  tenant text COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,
  name text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, day, name)
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['tenant_limits', 'usage_notices']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY one_tenant ON %I TO {app} USING (tenant = current_setting(''app.tenant_id'', true))
         WITH CHECK (tenant = current_setting(''app.tenant_id'', true))',
      name
    );
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO {app}', name);
  END LOOP;
END $$;
CREATE POLICY every_tenant ON usage_notices FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON usage_notices FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (tenant, day), DELETE ON usage_notices TO {engine};
