-- A version of a tenant's device documents never comes again, not even after a document was removed.

CREATE TABLE device_versions (
  tenant TEXT NOT NULL PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO device_versions (tenant, last) SELECT tenant, max(version) FROM devices GROUP BY tenant;
