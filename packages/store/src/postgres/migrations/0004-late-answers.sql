-- A turn whose agent answers later: by when, under which token, and what it answered.

ALTER TABLE turns ADD COLUMN awaits BIGINT;
ALTER TABLE turns ADD COLUMN awaits_token text COLLATE "C";
ALTER TABLE turns ADD COLUMN late_answer text COLLATE "C";
