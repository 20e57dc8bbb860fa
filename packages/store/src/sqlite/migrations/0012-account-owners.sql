-- Which node runs an account, until when, and how it said the account is.
ALTER TABLE account_generations ADD COLUMN owner TEXT;
ALTER TABLE account_generations ADD COLUMN lease_until INTEGER;
ALTER TABLE account_generations ADD COLUMN status TEXT;
CREATE INDEX account_generations_owner ON account_generations (owner) WHERE owner IS NOT NULL;
