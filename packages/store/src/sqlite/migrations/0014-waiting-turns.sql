-- A turn whose agent is connected to no process, or takes no more: until when it waits for it.

ALTER TABLE turns ADD COLUMN waits_until INTEGER;
CREATE INDEX turns_waiting ON turns (tenant, agent) WHERE waits_until IS NOT NULL AND state = 'queued';
