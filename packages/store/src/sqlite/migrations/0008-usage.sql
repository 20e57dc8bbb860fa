-- One row for every run of an agent that ended, and for every try that failed after it had used something.
CREATE TABLE usage_records (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  turn TEXT NOT NULL,
  at INTEGER NOT NULL,
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  session TEXT NOT NULL,
  agent TEXT NOT NULL,
  outcome TEXT NOT NULL,
  tries INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  provider TEXT,
  model TEXT,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cached_tokens INTEGER,
  reasoning_tokens INTEGER,
  -- Billionths of the configuration's currency.
  cost_nanos INTEGER
) STRICT;
CREATE INDEX usage_records_time ON usage_records (tenant, at, seq);

-- What was counted on a day (UTC, days since 1970), in the transactions of what it counts.
CREATE TABLE usage_days (
  tenant TEXT NOT NULL,
  day INTEGER NOT NULL,
  messages_in INTEGER NOT NULL,
  messages_out INTEGER NOT NULL,
  media_in INTEGER NOT NULL,
  media_out INTEGER NOT NULL,
  runs INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  PRIMARY KEY (tenant, day)
) STRICT, WITHOUT ROWID;
