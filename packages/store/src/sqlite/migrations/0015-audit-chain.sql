-- Every row of the audit log is chained to the one before it of its tenant; see core's `ports/store/audit-chain.ts`.
-- `audit_text` and `audit_hash` are functions that the program brings along.
CREATE TABLE audit_chained (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  position INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  outcome TEXT NOT NULL,
  detail TEXT,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE TEMP TABLE audit_numbered AS
  SELECT seq, tenant, row_number() OVER (PARTITION BY tenant ORDER BY seq) AS position, at, audit_text(actor) AS actor,
    audit_text(action) AS action, audit_text(subject) AS subject, outcome, detail
  FROM audit;
CREATE INDEX temp.audit_numbered_position ON audit_numbered (tenant, position);
INSERT INTO audit_chained (seq, tenant, position, at, actor, action, subject, outcome, detail, previous, hash)
  WITH RECURSIVE chain AS (
    SELECT item.*, printf('%064d', 0) AS previous,
      audit_hash(tenant, position, at, actor, action, subject, outcome, detail, printf('%064d', 0)) AS hash
    FROM audit_numbered AS item WHERE position = 1
    UNION ALL
    SELECT item.*, chain.hash AS previous, audit_hash(item.tenant, item.position, item.at, item.actor, item.action,
      item.subject, item.outcome, item.detail, chain.hash) AS hash
    FROM chain JOIN audit_numbered AS item ON item.tenant = chain.tenant AND item.position = chain.position + 1
  )
  SELECT seq, tenant, position, at, actor, action, subject, outcome, detail, previous, hash FROM chain ORDER BY seq;
DROP TABLE audit_numbered;
DROP TABLE audit;
ALTER TABLE audit_chained RENAME TO audit;
CREATE UNIQUE INDEX audit_position ON audit (tenant, position);

-- Where each tenant's chain stands.
CREATE TABLE audit_chains (
  tenant TEXT NOT NULL,
  position INTEGER NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (tenant)
) STRICT, WITHOUT ROWID;
INSERT INTO audit_chains SELECT tenant, position, hash FROM audit
  WHERE position = (SELECT max(position) FROM audit AS newer WHERE newer.tenant = audit.tenant);

-- Heads that were signed. The newest that is `pruned` is what is left of the rows up to it.
CREATE TABLE audit_seals (
  tenant TEXT NOT NULL,
  position INTEGER NOT NULL,
  hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  mac TEXT NOT NULL,
  pruned INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, position)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit
WHEN NOT EXISTS (SELECT 1 FROM audit_seals
  WHERE tenant = OLD.tenant AND position >= OLD.position AND pruned = 1)
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_chains_forward BEFORE UPDATE ON audit_chains
WHEN NEW.tenant <> OLD.tenant OR NEW.position <> OLD.position + 1
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_chains_kept BEFORE DELETE ON audit_chains BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_seals_unchanged BEFORE UPDATE ON audit_seals
WHEN OLD.pruned = 1 OR NEW.tenant <> OLD.tenant OR NEW.position <> OLD.position OR NEW.hash <> OLD.hash
  OR NEW.at <> OLD.at OR NEW.mac <> OLD.mac
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_seals_kept BEFORE DELETE ON audit_seals
WHEN NOT EXISTS (SELECT 1 FROM audit_seals
  WHERE tenant = OLD.tenant AND position > OLD.position AND pruned = 1)
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
