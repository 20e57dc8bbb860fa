-- What chat commands decided on requests, by the event that brought the command: an event that is worked on again after
-- a crash finds what it did. Kept as long as the event is of use.
CREATE TABLE pairing_decisions (
  tenant TEXT NOT NULL,
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  event TEXT NOT NULL,
  request TEXT NOT NULL,
  body TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, channel, account, event, request)
) STRICT, WITHOUT ROWID;
CREATE INDEX pairing_decisions_expiry ON pairing_decisions (expires_at);
