-- Answers to requests that may be repeated, sealed. Without an answer: a request that is under way until then.
CREATE TABLE kept_answers (
  tenant TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  owner TEXT NOT NULL,
  until INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  answer TEXT,
  PRIMARY KEY (tenant, key)
) STRICT;
CREATE INDEX kept_answers_expire ON kept_answers (expires_at);
CREATE INDEX kept_answers_of_tenant ON kept_answers (tenant, expires_at);
