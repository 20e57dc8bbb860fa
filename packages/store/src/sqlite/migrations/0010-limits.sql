-- Limits that operators gave to tenants, and what was said once of a limit on a day.
CREATE TABLE tenant_limits (
  tenant TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (tenant)
) STRICT, WITHOUT ROWID;
CREATE TABLE usage_notices (
  tenant TEXT NOT NULL,
  day INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (tenant, day, name)
) STRICT, WITHOUT ROWID;
