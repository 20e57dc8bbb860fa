-- Counts the changes of an account, so that one that rests on an older state is refused, and nodes see what is new to them.
ALTER TABLE accounts ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
