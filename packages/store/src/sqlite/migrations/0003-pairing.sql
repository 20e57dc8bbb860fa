-- People who wrote to an account that does not know them, and wait to be let in: one row a person. Rows outlive their
-- hour for a while, so that somebody who comes with an old code can be told so.
CREATE TABLE pairing_requests (
  tenant TEXT NOT NULL,
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  sender TEXT NOT NULL,
  id TEXT NOT NULL,
  code TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  label TEXT,
  username TEXT,
  target TEXT NOT NULL,
  PRIMARY KEY (tenant, channel, account, sender)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX pairing_requests_code ON pairing_requests (tenant, channel, code);
CREATE INDEX pairing_requests_expiry ON pairing_requests (expires_at);
