-- Which node runs an account, until when, and how it said the account is.
ALTER TABLE account_generations ADD COLUMN owner text COLLATE "C";
ALTER TABLE account_generations ADD COLUMN lease_until BIGINT;
ALTER TABLE account_generations ADD COLUMN status text COLLATE "C";
CREATE INDEX account_generations_owner ON account_generations (owner) WHERE owner IS NOT NULL;

-- A node extends all it has at once, and looks for what nobody has; what an account is said to be it does not read.
CREATE POLICY every_tenant ON account_generations FOR SELECT TO {engine} USING (current_user = {engine name});
CREATE POLICY owners ON account_generations FOR UPDATE TO {engine} USING (current_user = {engine name});
GRANT SELECT (tenant, channel, account, owner, lease_until), UPDATE (owner, lease_until) ON account_generations TO {engine};
