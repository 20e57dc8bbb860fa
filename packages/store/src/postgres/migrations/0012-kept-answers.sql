-- Answers to requests that may be repeated, sealed. Without an answer: a request that is under way until then.
CREATE TABLE kept_answers (
  tenant text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  fingerprint text COLLATE "C" NOT NULL,
  owner text COLLATE "C" NOT NULL,
  until BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  answer text COLLATE "C",
  PRIMARY KEY (tenant, key)
);
CREATE INDEX kept_answers_expire ON kept_answers (expires_at);
CREATE INDEX kept_answers_of_tenant ON kept_answers (tenant, expires_at);

ALTER TABLE kept_answers ENABLE ROW LEVEL SECURITY;
ALTER TABLE kept_answers FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON kept_answers TO {app} USING (tenant = current_setting('app.tenant_id', true))
  WITH CHECK (tenant = current_setting('app.tenant_id', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON kept_answers TO {app};
-- What ended is deleted for all tenants.
CREATE POLICY every_tenant ON kept_answers FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON kept_answers FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (expires_at), DELETE ON kept_answers TO {engine};
