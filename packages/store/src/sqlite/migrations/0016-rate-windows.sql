-- How often a tenant asked for something within the window that runs.
CREATE TABLE rate_windows (
  tenant TEXT NOT NULL,
  name TEXT NOT NULL,
  count INTEGER NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX rate_windows_until ON rate_windows (until);
