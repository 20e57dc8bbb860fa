-- One row for every run of an agent that ended, and for every try that failed after it had used something.
CREATE TABLE usage_records (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  turn text COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  channel text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  session text COLLATE "C" NOT NULL,
  agent text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  tries BIGINT NOT NULL,
  duration_ms BIGINT NOT NULL,
  provider text COLLATE "C",
  model text COLLATE "C",
  input_tokens BIGINT,
  output_tokens BIGINT,
  cached_tokens BIGINT,
  reasoning_tokens BIGINT,
  -- Billionths of the configuration's currency.
  cost_nanos BIGINT
);
CREATE INDEX usage_records_time ON usage_records (tenant, at, seq);

-- What was counted on a day (UTC, days since 1970), in the transactions of what it counts.
CREATE TABLE usage_days (
  tenant text COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,
  messages_in BIGINT NOT NULL,
  messages_out BIGINT NOT NULL,
  media_in BIGINT NOT NULL,
  media_out BIGINT NOT NULL,
  runs BIGINT NOT NULL,
  input_tokens BIGINT NOT NULL,
  output_tokens BIGINT NOT NULL,
  PRIMARY KEY (tenant, day)
);

CREATE INDEX usage_records_age ON usage_records USING brin (at) WITH (autosummarize = on);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['usage_records', 'usage_days']
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
CREATE POLICY every_tenant ON usage_records FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON usage_records FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (seq, tenant, at), DELETE ON usage_records TO {engine};
CREATE POLICY every_tenant ON usage_days FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON usage_days FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (tenant, day), DELETE ON usage_days TO {engine};
