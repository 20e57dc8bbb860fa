-- Every row of the audit log is chained to the one before it of its tenant; see core's `ports/store/audit-chain.ts`.
ALTER TABLE audit
  ADD COLUMN position BIGINT,
  ADD COLUMN previous text COLLATE "C",
  ADD COLUMN hash text COLLATE "C";

CREATE FUNCTION pg_temp.audit_field(value text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT convert_to(octet_length(convert_to(coalesce(value, ''), 'UTF8')) || ':' || coalesce(value, '') || E'\n', 'UTF8')
$$;
CREATE FUNCTION pg_temp.audit_hash(
  tenant text, place bigint, at bigint, actor text, action text, subject text, outcome text, detail text, previous text
) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(
    pg_temp.audit_field('switchboard.audit.v1') || pg_temp.audit_field(tenant) || pg_temp.audit_field(place::text)
      || pg_temp.audit_field(at::text) || pg_temp.audit_field(actor) || pg_temp.audit_field(action)
      || pg_temp.audit_field(subject) || pg_temp.audit_field(outcome) || pg_temp.audit_field(detail)
      || pg_temp.audit_field(previous)
  ), 'hex')
$$;

-- The owner of the tables is bound by the policies, too; only for this it is not.
ALTER TABLE audit NO FORCE ROW LEVEL SECURITY;
CREATE TEMP TABLE audit_numbered ON COMMIT DROP AS
  SELECT seq, tenant, row_number() OVER (PARTITION BY tenant ORDER BY seq) AS position, at, actor, action, subject,
    outcome, detail
  FROM audit;
CREATE INDEX ON audit_numbered (tenant, position);
ANALYZE audit_numbered;
WITH RECURSIVE chain AS (
  SELECT seq, tenant, position, repeat('0', 64) COLLATE "C" AS previous,
    pg_temp.audit_hash(tenant, position, at, actor, action, subject, outcome, detail, repeat('0', 64)) COLLATE "C" AS hash
  FROM audit_numbered WHERE position = 1
  UNION ALL
  SELECT item.seq, item.tenant, item.position, chain.hash AS previous,
    pg_temp.audit_hash(item.tenant, item.position, item.at, item.actor, item.action, item.subject, item.outcome,
      item.detail, chain.hash) COLLATE "C" AS hash
  FROM chain JOIN audit_numbered AS item ON item.tenant = chain.tenant AND item.position = chain.position + 1
)
UPDATE audit SET position = chain.position, previous = chain.previous, hash = chain.hash
FROM chain WHERE chain.seq = audit.seq;
DROP FUNCTION pg_temp.audit_hash(text, bigint, bigint, text, text, text, text, text, text);
DROP FUNCTION pg_temp.audit_field(text);
ALTER TABLE audit
  ALTER COLUMN position SET NOT NULL,
  ALTER COLUMN previous SET NOT NULL,
  ALTER COLUMN hash SET NOT NULL;
CREATE UNIQUE INDEX audit_position ON audit (tenant, position);

-- Where each tenant's chain stands.
CREATE TABLE audit_chains (
  tenant text COLLATE "C" NOT NULL,
  position BIGINT NOT NULL,
  hash text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant)
);
INSERT INTO audit_chains SELECT DISTINCT ON (tenant) tenant, position, hash FROM audit ORDER BY tenant, position DESC;
ALTER TABLE audit FORCE ROW LEVEL SECURITY;

-- Heads that were signed. The newest that is `pruned` is what is left of the rows up to it.
CREATE TABLE audit_seals (
  tenant text COLLATE "C" NOT NULL,
  position BIGINT NOT NULL,
  hash text COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  mac text COLLATE "C" NOT NULL,
  pruned BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, position)
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['audit_chains', 'audit_seals']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY one_tenant ON %I TO {app} USING (tenant = current_setting(''app.tenant_id'', true))
         WITH CHECK (tenant = current_setting(''app.tenant_id'', true))',
      name
    );
    EXECUTE format('GRANT SELECT, INSERT ON %I TO {app}', name);
  END LOOP;
END $$;
-- Rows are only added; the head of a chain moves on.
REVOKE UPDATE, DELETE ON audit FROM {app};
GRANT UPDATE (position, hash) ON audit_chains TO {app};
-- Heads are sealed for all tenants, and what seals cover is deleted by age.
GRANT SELECT (position) ON audit TO {engine};
CREATE POLICY every_tenant ON audit_chains FOR SELECT TO {engine} USING (current_user = {engine name});
GRANT SELECT ON audit_chains TO {engine};
CREATE POLICY every_tenant ON audit_seals FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON audit_seals FOR DELETE TO {engine} USING (current_user = {engine name});
CREATE POLICY pruned ON audit_seals FOR UPDATE TO {engine} USING (current_user = {engine name});
GRANT SELECT (tenant, position, at, pruned), UPDATE (pruned), DELETE ON audit_seals TO {engine};

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION keep_audit_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM switchboard.audit_seals
    WHERE tenant = OLD.tenant AND position >= OLD.position AND pruned = 1)
  THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION keep_audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM switchboard.audit_seals
    WHERE tenant = OLD.tenant AND position > OLD.position AND pruned = 1)
  THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_kept BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION keep_audit_row();
CREATE TRIGGER audit_chains_forward BEFORE UPDATE ON audit_chains FOR EACH ROW
  WHEN (NEW.tenant <> OLD.tenant OR NEW.position <= OLD.position) EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_chains_kept BEFORE DELETE ON audit_chains FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_chains_emptied BEFORE TRUNCATE ON audit_chains
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_seals_unchanged BEFORE UPDATE ON audit_seals FOR EACH ROW
  WHEN (OLD.pruned = 1 OR NEW.tenant <> OLD.tenant OR NEW.position <> OLD.position OR NEW.hash <> OLD.hash
    OR NEW.at <> OLD.at OR NEW.mac <> OLD.mac)
  EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_seals_kept BEFORE DELETE ON audit_seals FOR EACH ROW EXECUTE FUNCTION keep_audit_seal();
CREATE TRIGGER audit_seals_emptied BEFORE TRUNCATE ON audit_seals
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
