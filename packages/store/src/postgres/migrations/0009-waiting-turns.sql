-- A turn whose agent is connected to no process, or takes no more: until when it waits for it.

ALTER TABLE turns ADD COLUMN waits_until BIGINT;
CREATE INDEX turns_waiting ON turns (tenant, agent, seq) WHERE waits_until IS NOT NULL AND state = 'queued';
