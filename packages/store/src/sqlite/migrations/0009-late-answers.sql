-- A turn whose agent answers later: by when, under which token, and what it answered.

ALTER TABLE turns ADD COLUMN awaits INTEGER;
ALTER TABLE turns ADD COLUMN awaits_token TEXT;
ALTER TABLE turns ADD COLUMN late_answer TEXT;
