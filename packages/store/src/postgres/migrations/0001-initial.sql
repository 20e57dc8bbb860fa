-- Rows are the truth. The tenant leads every key. Texts are compared byte by byte: that is fast, and no system update
-- changes the order of an index.

-- Numbers of leases, given to the nodes in blocks.
CREATE SEQUENCE epochs AS bigint INCREMENT BY 10000 START WITH 1;

-- Written and read back by the probe, one row a node.
CREATE TABLE probes (
  node text COLLATE "C" NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
);

-- An install that is being moved here, or was: until that has ended nobody works here.
CREATE TABLE moves (
  source BIGINT NOT NULL PRIMARY KEY,
  finished boolean NOT NULL
);

-- One row for a lane that has pending work or is leased.
CREATE TABLE lanes (
  tenant text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  -- How many rows are pending, by priority; the one in work counts until it is settled.
  critical INTEGER NOT NULL,
  high INTEGER NOT NULL,
  normal INTEGER NOT NULL,
  low INTEGER NOT NULL,
  -- Of the first pending row; not kept up to date while the lane is leased.
  ready_at BIGINT NOT NULL,
  scheduled INTEGER NOT NULL,
  since BIGINT NOT NULL,
  -- The most urgent of the pending ones.
  priority INTEGER NOT NULL,
  -- No pending row expires before this. May be too early, never too late.
  expires_at BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  owner text COLLATE "C",
  lease_until BIGINT,
  PRIMARY KEY (tenant, kind, lane)
);
CREATE INDEX lanes_free ON lanes (tenant, kind, scheduled, priority, ready_at)
  WHERE owner IS NULL AND kind <> 'delivery';
CREATE INDEX lanes_free_delivery ON lanes (tenant, channel, account, scheduled, priority, ready_at)
  WHERE owner IS NULL AND kind = 'delivery';
CREATE INDEX lanes_ready ON lanes (tenant, kind, channel, account, ready_at) WHERE owner IS NULL;
CREATE INDEX lanes_due ON lanes (ready_at) WHERE owner IS NULL;

CREATE TABLE inbox (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  fingerprint text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  priority INTEGER NOT NULL,
  state text COLLATE "C" NOT NULL,
  attempts INTEGER NOT NULL,
  received_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  settled_at BIGINT,
  kind text COLLATE "C",
  turn text COLLATE "C",
  session text COLLATE "C",
  reason text COLLATE "C",
  preview text COLLATE "C",
  error text COLLATE "C",
  payload text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX inbox_id ON inbox (tenant, id);
-- Decides what is new and what a duplicate.
CREATE UNIQUE INDEX inbox_key ON inbox (tenant, channel, account, key);
CREATE INDEX inbox_pending ON inbox (tenant, lane) WHERE state = 'new';

CREATE TABLE sessions (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  -- The lane of its turns: the key it was made with, also after the conversation moved.
  lane text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  agent text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  conversation text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  last_active_at BIGINT NOT NULL,
  entries INTEGER NOT NULL,
  last_entry INTEGER NOT NULL,
  title text COLLATE "C",
  preview text COLLATE "C",
  target text COLLATE "C" NOT NULL,
  agent_state text COLLATE "C"
);
CREATE UNIQUE INDEX sessions_key ON sessions (tenant, key);
CREATE INDEX sessions_place ON sessions (tenant, channel, account, conversation);

CREATE TABLE preferences (
  tenant text COLLATE "C" NOT NULL,
  session text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, session, name)
);

CREATE TABLE transcript (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  session BIGINT NOT NULL,
  entry BIGINT NOT NULL,
  session_id text COLLATE "C" NOT NULL,
  turn text COLLATE "C",
  role text COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  sender text COLLATE "C",
  message_id text COLLATE "C",
  -- Attachments, thinking and whatever else an entry has, as JSON.
  rest text COLLATE "C",
  text text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX transcript_entry ON transcript (tenant, session, entry);

CREATE TABLE turns (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  session BIGINT NOT NULL,
  lane text COLLATE "C" NOT NULL,
  session_id text COLLATE "C" NOT NULL,
  agent text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  priority INTEGER NOT NULL,
  state text COLLATE "C" NOT NULL,
  attempts INTEGER NOT NULL,
  starts INTEGER NOT NULL,
  inputs INTEGER NOT NULL,
  -- How many of the inputs are in the transcript already.
  transcribed INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  started_at BIGINT,
  finished_at BIGINT,
  -- Somebody asked for its end while it ran.
  stop_requested INTEGER NOT NULL,
  -- The delivery that shows the answer while it is written.
  draft BIGINT,
  run text COLLATE "C",
  reply text COLLATE "C",
  overrides text COLLATE "C",
  usage text COLLATE "C",
  error text COLLATE "C"
);
CREATE UNIQUE INDEX turns_id ON turns (tenant, id);
CREATE INDEX turns_pending ON turns (tenant, lane) WHERE state IN ('queued', 'running');
-- Runs that a caller named.
CREATE INDEX turns_run ON turns (tenant, run) WHERE run IS NOT NULL;

CREATE TABLE turn_inputs (
  tenant text COLLATE "C" NOT NULL,
  turn BIGINT NOT NULL,
  number INTEGER NOT NULL,
  event text COLLATE "C",
  message_id text COLLATE "C",
  body text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, turn, number)
);

CREATE TABLE deliveries (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  conversation text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  -- Its place in the lane before insertion order: 0, or negative by due time for promoted ones.
  place BIGINT NOT NULL,
  kind text COLLATE "C" NOT NULL,
  priority INTEGER NOT NULL,
  state text COLLATE "C" NOT NULL,
  attempts INTEGER NOT NULL,
  last_attempt INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  -- When what it answers came in.
  caused_at BIGINT,
  scheduled_at BIGINT,
  settled_at BIGINT,
  sent_at BIGINT,
  delivered_at BIGINT,
  read_at BIGINT,
  marked_duplicate INTEGER NOT NULL,
  -- A person brought it back, and nothing was sent since.
  replayed INTEGER NOT NULL,
  session text COLLATE "C",
  turn text COLLATE "C",
  event text COLLATE "C",
  edits text COLLATE "C",
  message_ids text COLLATE "C",
  error text COLLATE "C",
  target text COLLATE "C" NOT NULL,
  part text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX deliveries_id ON deliveries (tenant, id);
CREATE INDEX deliveries_pending ON deliveries (tenant, lane, place)
  WHERE state IN ('queued', 'sending', 'unknown') AND kind <> 'draft';
CREATE INDEX deliveries_scheduled ON deliveries (due_at) WHERE state = 'scheduled';
CREATE INDEX deliveries_unknown ON deliveries (tenant) WHERE state = 'unknown';
CREATE INDEX deliveries_turn ON deliveries (tenant, turn) WHERE turn IS NOT NULL;
CREATE INDEX deliveries_event ON deliveries (tenant, event) WHERE event IS NOT NULL;

CREATE TABLE attempts (
  tenant text COLLATE "C" NOT NULL,
  delivery BIGINT NOT NULL,
  number INTEGER NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT,
  state text COLLATE "C" NOT NULL,
  message_ids text COLLATE "C",
  error text COLLATE "C",
  PRIMARY KEY (tenant, delivery, number)
);

-- Which of our deliveries a platform message is; outlives the delivery.
CREATE TABLE sent_messages (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  conversation text COLLATE "C" NOT NULL,
  message_id text COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  delivery text COLLATE "C" NOT NULL,
  session text COLLATE "C",
  turn text COLLATE "C"
);
CREATE UNIQUE INDEX sent_messages_key ON sent_messages (tenant, channel, account, conversation, message_id);

-- Receipts that came before their send was recorded.
CREATE TABLE early_receipts (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  conversation text COLLATE "C" NOT NULL,
  message_id text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  reason text COLLATE "C"
);
CREATE INDEX early_receipts_key ON early_receipts (tenant, channel, account, conversation, message_id);

CREATE TABLE control_values (
  tenant text COLLATE "C" NOT NULL,
  token text COLLATE "C" NOT NULL,
  delivery BIGINT NOT NULL,
  value text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, token)
);
CREATE INDEX control_values_delivery ON control_values (delivery);

CREATE TABLE idempotency (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  fingerprint text COLLATE "C",
  deliveries text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX idempotency_key ON idempotency (tenant, key);

CREATE TABLE dead_letters (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  resolution text COLLATE "C",
  resolved_at BIGINT,
  preview text COLLATE "C",
  error text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX dead_letters_id ON dead_letters (tenant, id);
CREATE INDEX dead_letters_open ON dead_letters (tenant, subject) WHERE resolution IS NULL;

CREATE TABLE accounts (
  tenant text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  enabled INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  config text COLLATE "C" NOT NULL,
  settings text COLLATE "C" NOT NULL,
  sealed text COLLATE "C",
  self text COLLATE "C",
  PRIMARY KEY (tenant, channel, account)
);

-- Apart from the account: a number is never given out again, also when the account was removed and added anew.
CREATE TABLE account_generations (
  tenant text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  generation BIGINT NOT NULL,
  PRIMARY KEY (tenant, channel, account)
);

CREATE TABLE account_memory (
  tenant text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  -- Absent: it stays as long as the account.
  expires_at BIGINT,
  PRIMARY KEY (tenant, channel, account, key)
);

CREATE TABLE grants (
  tenant text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  authority text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  granted_at BIGINT NOT NULL,
  granted_by text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, channel, account, authority, subject)
);

CREATE TABLE audit (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  actor text COLLATE "C" NOT NULL,
  action text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  detail text COLLATE "C"
);

CREATE TABLE trace_notes (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  step text COLLATE "C" NOT NULL,
  detail text COLLATE "C"
);
CREATE INDEX trace_notes_subject ON trace_notes (tenant, subject);

CREATE INDEX account_memory_expiry ON account_memory (expires_at) WHERE expires_at IS NOT NULL;

-- A version of a tenant's device documents never comes again, not even after a document was removed.
CREATE TABLE device_versions (
  tenant text COLLATE "C" NOT NULL PRIMARY KEY,
  last BIGINT NOT NULL
);

-- Paired devices, those that wait for approval, and setup codes: small documents with a version each.
CREATE TABLE devices (
  tenant text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  body text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, kind, id)
);

-- People who wrote to an account that does not know them, and wait to be let in: one row a person. Rows outlive their
-- hour for a while, so that somebody who comes with an old code can be told so.
CREATE TABLE pairing_requests (
  tenant text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  sender text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  label text COLLATE "C",
  username text COLLATE "C",
  target text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, channel, account, sender)
);
CREATE UNIQUE INDEX pairing_requests_code ON pairing_requests (tenant, channel, code);
CREATE INDEX pairing_requests_expiry ON pairing_requests (expires_at);

-- What chat commands decided on requests, by the event that brought the command: an event that is worked on again after
-- a crash finds what it did. Kept as long as the event is of use.
CREATE TABLE pairing_decisions (
  tenant text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  event text COLLATE "C" NOT NULL,
  request text COLLATE "C" NOT NULL,
  body text COLLATE "C" NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, channel, account, event, request)
);
CREATE INDEX pairing_decisions_expiry ON pairing_decisions (expires_at);

-- Lists of one tenant, newest first.
CREATE INDEX inbox_newest ON inbox (tenant, seq);
CREATE INDEX turns_newest ON turns (tenant, seq);
CREATE INDEX deliveries_newest ON deliveries (tenant, seq);
CREATE INDEX dead_letters_newest ON dead_letters (tenant, seq);
CREATE INDEX audit_newest ON audit (tenant, seq);
CREATE INDEX turns_session ON turns (tenant, session);
CREATE INDEX sessions_active ON sessions (tenant, last_active_at, seq);
CREATE INDEX attempts_delivery ON attempts (delivery);
CREATE INDEX lanes_owner ON lanes (owner, lease_until) WHERE owner IS NOT NULL;
CREATE INDEX lanes_expiry ON lanes (expires_at) WHERE kind = 'delivery';
CREATE INDEX idempotency_age ON idempotency (at);
-- Rows lie in the order of their age: such an index is a few pages, and tells cleaning up where to look.
CREATE INDEX inbox_age ON inbox USING brin (received_at) WITH (autosummarize = on);
CREATE INDEX turns_age ON turns USING brin (created_at) WITH (autosummarize = on);
CREATE INDEX deliveries_age ON deliveries USING brin (created_at) WITH (autosummarize = on);
CREATE INDEX trace_notes_age ON trace_notes USING brin (at) WITH (autosummarize = on);
CREATE INDEX early_receipts_age ON early_receipts USING brin (at) WITH (autosummarize = on);
CREATE INDEX transcript_age ON transcript USING brin (at) WITH (autosummarize = on);
CREATE INDEX sent_messages_age ON sent_messages USING brin (at) WITH (autosummarize = on);
CREATE INDEX audit_age ON audit USING brin (at) WITH (autosummarize = on);

-- Who may see what. The roles own nothing and may not go past the policies; FORCE binds the owner, too.
--
-- {app} works for one tenant at a time: the one that the transaction named.
-- {engine} looks after all of them: what is due, what ran out, what is over. It never reads what people said or
-- who they are, changes no row of a tenant but a count, and deletes by age only. Its policies ask for its name, so that
-- they do not come down to whoever is a member of it.
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN
    SELECT table_name FROM information_schema.columns WHERE table_schema = 'switchboard' AND column_name = 'tenant'
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY one_tenant ON %I TO {app} USING (tenant = current_setting(''app.tenant_id'', true))
         WITH CHECK (tenant = current_setting(''app.tenant_id'', true))',
      name
    );
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO {app}', name);
  END LOOP;
END $$;
GRANT USAGE ON SCHEMA switchboard TO {app}, {engine};
GRANT SELECT ON migrations, moves TO {app}, {engine};
GRANT USAGE ON SEQUENCE epochs TO {app};
GRANT SELECT, INSERT, UPDATE ON probes TO {engine};

-- Start-up reads every account (its secrets are sealed) and every device.
CREATE POLICY every_tenant ON accounts FOR SELECT TO {engine} USING (current_user = {engine name});
GRANT SELECT ON accounts TO {engine};
CREATE POLICY every_tenant ON devices FOR SELECT TO {engine} USING (current_user = {engine name});
GRANT SELECT ON devices TO {engine};

-- The sweeper asks whose work is due.
CREATE POLICY every_tenant ON lanes FOR SELECT TO {engine} USING (current_user = {engine name});
GRANT SELECT ON lanes TO {engine};

-- What is over is deleted by age; of the rows only what says so is read.
CREATE POLICY every_tenant ON inbox FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON inbox FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (seq, tenant, id, state, received_at, settled_at), DELETE ON inbox TO {engine};
CREATE POLICY every_tenant ON turns FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON turns FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (seq, tenant, id, session, state, created_at, finished_at), DELETE ON turns TO {engine};
CREATE POLICY every_tenant ON turn_inputs FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON turn_inputs FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (tenant, turn), DELETE ON turn_inputs TO {engine};
CREATE POLICY every_tenant ON deliveries FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON deliveries FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (seq, tenant, id, kind, state, created_at, due_at, settled_at), DELETE ON deliveries TO {engine};
CREATE POLICY every_tenant ON attempts FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON attempts FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (tenant, delivery), DELETE ON attempts TO {engine};
CREATE POLICY every_tenant ON control_values FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON control_values FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (tenant, delivery), DELETE ON control_values TO {engine};
CREATE POLICY every_tenant ON dead_letters FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON dead_letters FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (seq, tenant, kind, subject, created_at, resolution, resolved_at), DELETE ON dead_letters TO {engine};
CREATE POLICY every_tenant ON trace_notes FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON trace_notes FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (seq, tenant, at), DELETE ON trace_notes TO {engine};
CREATE POLICY every_tenant ON early_receipts FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON early_receipts FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (seq, tenant, at), DELETE ON early_receipts TO {engine};
CREATE POLICY every_tenant ON sent_messages FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON sent_messages FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (seq, tenant, at), DELETE ON sent_messages TO {engine};
CREATE POLICY every_tenant ON audit FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON audit FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (seq, tenant, at), DELETE ON audit TO {engine};
CREATE POLICY every_tenant ON idempotency FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON idempotency FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (seq, tenant, at), DELETE ON idempotency TO {engine};
CREATE POLICY every_tenant ON transcript FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON transcript FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (seq, tenant, session, at), DELETE ON transcript TO {engine};
CREATE POLICY every_tenant ON account_memory FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON account_memory FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (tenant, expires_at), DELETE ON account_memory TO {engine};
CREATE POLICY every_tenant ON pairing_requests FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON pairing_requests FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (tenant, expires_at), DELETE ON pairing_requests TO {engine};
CREATE POLICY every_tenant ON pairing_decisions FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY by_age ON pairing_decisions FOR DELETE TO {engine} USING (current_user = {engine name});
GRANT SELECT (tenant, expires_at), DELETE ON pairing_decisions TO {engine};
-- A session counts its entries; one of which nothing is left is deleted as its tenant.
CREATE POLICY every_tenant ON sessions FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY entries ON sessions FOR UPDATE TO {engine} USING (current_user = {engine name});
GRANT SELECT (seq, tenant, last_active_at, entries), UPDATE (entries) ON sessions TO {engine};
