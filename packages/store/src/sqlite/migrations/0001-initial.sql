-- Rows are the truth. The tenant leads every key. Wide columns come last, so that scanning a table does not read them.

-- Counters that outlive everything: `epochs` is the first number no lease has reserved.
CREATE TABLE meta (
  name TEXT NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta (name, value) VALUES ('epochs', 1);

-- One row for a lane that has pending work or is leased.
CREATE TABLE lanes (
  tenant TEXT NOT NULL,
  kind TEXT NOT NULL,
  lane TEXT NOT NULL,
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  -- How many rows are pending, by priority; the one in work counts until it is settled.
  critical INTEGER NOT NULL,
  high INTEGER NOT NULL,
  normal INTEGER NOT NULL,
  low INTEGER NOT NULL,
  -- Of the first pending row; not kept up to date while the lane is leased.
  ready_at INTEGER NOT NULL,
  scheduled INTEGER NOT NULL,
  since INTEGER NOT NULL,
  -- The most urgent of the pending ones.
  priority INTEGER NOT NULL,
  -- No pending row expires before this. May be too early, never too late.
  expires_at INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  owner TEXT,
  lease_until INTEGER,
  PRIMARY KEY (tenant, kind, lane)
) STRICT, WITHOUT ROWID;
CREATE INDEX lanes_free ON lanes (tenant, kind, scheduled, priority, ready_at)
  WHERE owner IS NULL AND kind <> 'delivery';
CREATE INDEX lanes_free_delivery ON lanes (tenant, channel, account, scheduled, priority, ready_at)
  WHERE owner IS NULL AND kind = 'delivery';
CREATE INDEX lanes_ready ON lanes (tenant, kind, channel, account, ready_at) WHERE owner IS NULL;
CREATE INDEX lanes_due ON lanes (ready_at) WHERE owner IS NULL;

CREATE TABLE inbox (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  lane TEXT NOT NULL,
  priority INTEGER NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  settled_at INTEGER,
  kind TEXT,
  turn TEXT,
  session TEXT,
  reason TEXT,
  preview TEXT,
  error TEXT,
  payload TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX inbox_id ON inbox (tenant, id);
-- Decides what is new and what a duplicate.
CREATE UNIQUE INDEX inbox_key ON inbox (tenant, channel, account, key);
CREATE INDEX inbox_pending ON inbox (tenant, lane) WHERE state = 'new';

CREATE TABLE sessions (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  key TEXT NOT NULL,
  -- The lane of its turns: the key it was made with, also after the conversation moved.
  lane TEXT NOT NULL,
  id TEXT NOT NULL,
  agent TEXT NOT NULL,
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  conversation TEXT NOT NULL,
  kind TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_active_at INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  last_entry INTEGER NOT NULL,
  title TEXT,
  preview TEXT,
  target TEXT NOT NULL,
  agent_state TEXT
) STRICT;
CREATE UNIQUE INDEX sessions_key ON sessions (tenant, key);
CREATE INDEX sessions_place ON sessions (tenant, channel, account, conversation);

CREATE TABLE preferences (
  tenant TEXT NOT NULL,
  session TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (tenant, session, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE transcript (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  session INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  session_id TEXT NOT NULL,
  turn TEXT,
  role TEXT NOT NULL,
  at INTEGER NOT NULL,
  sender TEXT,
  message_id TEXT,
  -- Attachments, thinking and whatever else an entry has, as JSON.
  rest TEXT,
  text TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX transcript_entry ON transcript (tenant, session, entry);

CREATE TABLE turns (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  session INTEGER NOT NULL,
  lane TEXT NOT NULL,
  session_id TEXT NOT NULL,
  agent TEXT NOT NULL,
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  priority INTEGER NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  starts INTEGER NOT NULL,
  inputs INTEGER NOT NULL,
  -- How many of the inputs are in the transcript already.
  transcribed INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  -- Somebody asked for its end while it ran.
  stop_requested INTEGER NOT NULL,
  -- The delivery that shows the answer while it is written.
  draft INTEGER,
  run TEXT,
  reply TEXT,
  overrides TEXT,
  usage TEXT,
  error TEXT
) STRICT;
CREATE UNIQUE INDEX turns_id ON turns (tenant, id);
CREATE INDEX turns_pending ON turns (tenant, lane) WHERE state IN ('queued', 'running');
-- Runs that a caller named.
CREATE INDEX turns_run ON turns (tenant, run) WHERE run IS NOT NULL;

CREATE TABLE turn_inputs (
  tenant TEXT NOT NULL,
  turn INTEGER NOT NULL,
  number INTEGER NOT NULL,
  event TEXT,
  message_id TEXT,
  body TEXT NOT NULL,
  PRIMARY KEY (tenant, turn, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  conversation TEXT NOT NULL,
  lane TEXT NOT NULL,
  -- Its place in the lane before insertion order: 0, or negative by due time for promoted ones.
  place INTEGER NOT NULL,
  kind TEXT NOT NULL,
  priority INTEGER NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  last_attempt INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  -- When what it answers came in.
  caused_at INTEGER,
  scheduled_at INTEGER,
  settled_at INTEGER,
  sent_at INTEGER,
  delivered_at INTEGER,
  read_at INTEGER,
  marked_duplicate INTEGER NOT NULL,
  -- A person brought it back, and nothing was sent since.
  replayed INTEGER NOT NULL,
  session TEXT,
  turn TEXT,
  event TEXT,
  edits TEXT,
  message_ids TEXT,
  error TEXT,
  target TEXT NOT NULL,
  part TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX deliveries_id ON deliveries (tenant, id);
CREATE INDEX deliveries_pending ON deliveries (tenant, lane, place)
  WHERE state IN ('queued', 'sending', 'unknown') AND kind <> 'draft';
CREATE INDEX deliveries_scheduled ON deliveries (due_at) WHERE state = 'scheduled';
CREATE INDEX deliveries_unknown ON deliveries (tenant) WHERE state = 'unknown';
CREATE INDEX deliveries_turn ON deliveries (tenant, turn) WHERE turn IS NOT NULL;
CREATE INDEX deliveries_event ON deliveries (tenant, event) WHERE event IS NOT NULL;

CREATE TABLE attempts (
  tenant TEXT NOT NULL,
  delivery INTEGER NOT NULL,
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  state TEXT NOT NULL,
  message_ids TEXT,
  error TEXT,
  PRIMARY KEY (tenant, delivery, number)
) STRICT, WITHOUT ROWID;

-- Which of our deliveries a platform message is; outlives the delivery.
CREATE TABLE sent_messages (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  conversation TEXT NOT NULL,
  message_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  delivery TEXT NOT NULL,
  session TEXT,
  turn TEXT
) STRICT;
CREATE UNIQUE INDEX sent_messages_key ON sent_messages (tenant, channel, account, conversation, message_id);

-- Receipts that came before their send was recorded.
CREATE TABLE early_receipts (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  conversation TEXT NOT NULL,
  message_id TEXT NOT NULL,
  status TEXT NOT NULL,
  at INTEGER NOT NULL,
  reason TEXT
) STRICT;
CREATE INDEX early_receipts_key ON early_receipts (tenant, channel, account, conversation, message_id);

CREATE TABLE control_values (
  tenant TEXT NOT NULL,
  token TEXT NOT NULL,
  delivery INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (tenant, token)
) STRICT, WITHOUT ROWID;
CREATE INDEX control_values_delivery ON control_values (delivery);

CREATE TABLE idempotency (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL,
  fingerprint TEXT,
  deliveries TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX idempotency_key ON idempotency (tenant, key);

CREATE TABLE dead_letters (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  resolution TEXT,
  resolved_at INTEGER,
  preview TEXT,
  error TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX dead_letters_id ON dead_letters (tenant, id);
CREATE INDEX dead_letters_open ON dead_letters (tenant, subject) WHERE resolution IS NULL;

CREATE TABLE accounts (
  tenant TEXT NOT NULL,
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  source TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  config TEXT NOT NULL,
  settings TEXT NOT NULL,
  sealed TEXT,
  self TEXT,
  PRIMARY KEY (tenant, channel, account)
) STRICT, WITHOUT ROWID;

-- Apart from the account: a number is never given out again, also when the account was removed and added anew.
CREATE TABLE account_generations (
  tenant TEXT NOT NULL,
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  generation INTEGER NOT NULL,
  PRIMARY KEY (tenant, channel, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE account_memory (
  tenant TEXT NOT NULL,
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (tenant, channel, account, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE grants (
  tenant TEXT NOT NULL,
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  authority TEXT NOT NULL,
  subject TEXT NOT NULL,
  granted_at INTEGER NOT NULL,
  granted_by TEXT NOT NULL,
  PRIMARY KEY (tenant, channel, account, authority, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  outcome TEXT NOT NULL,
  detail TEXT
) STRICT;

CREATE TABLE trace_notes (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  subject TEXT NOT NULL,
  at INTEGER NOT NULL,
  step TEXT NOT NULL,
  detail TEXT
) STRICT;
CREATE INDEX trace_notes_subject ON trace_notes (tenant, subject);
