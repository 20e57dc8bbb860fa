-- More ways to sign in than a password.
-- What a browser was asked to prove: it may answer once, and soon. What only that browser has is kept as a hash.
CREATE TABLE challenges (
  hash text NOT NULL PRIMARY KEY,
  kind text NOT NULL,
  -- JSON.
  value text NOT NULL,
  until integer NOT NULL
);
CREATE INDEX challenges_until ON challenges (until);
CREATE TABLE passkeys (
  id text NOT NULL PRIMARY KEY,
  -- The authenticator's own id of it, base64url.
  credential text NOT NULL UNIQUE,
  person text NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
  name text NOT NULL,
  -- COSE, base64url.
  public_key text NOT NULL,
  -- How often the authenticator says it was used; 0 for those that do not count.
  counter integer NOT NULL,
  -- JSON: how the browser reaches it.
  transports text NOT NULL,
  created_at integer NOT NULL,
  last_used_at integer
);
CREATE INDEX passkeys_person ON passkeys (person);
-- Nobody at a provider, and no wallet, is two people here.
CREATE UNIQUE INDEX "account_provider" ON "account" ("providerId", "accountId");
