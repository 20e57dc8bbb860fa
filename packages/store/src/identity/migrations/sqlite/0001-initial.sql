-- People and their ways to sign in. These tables and their names are the sign-in library's (better-auth); a test asks it
-- whether anything is missing.
CREATE TABLE "user" (
  "id" text NOT NULL PRIMARY KEY,
  "name" text NOT NULL,
  "email" text NOT NULL UNIQUE,
  "emailVerified" integer NOT NULL,
  "image" text,
  "createdAt" date NOT NULL,
  "updatedAt" date NOT NULL
);
CREATE TABLE "session" (
  "id" text NOT NULL PRIMARY KEY,
  "expiresAt" date NOT NULL,
  "token" text NOT NULL UNIQUE,
  "createdAt" date NOT NULL,
  "updatedAt" date NOT NULL,
  "ipAddress" text,
  "userAgent" text,
  "userId" text NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
  -- Which of the person's tenants this session works for.
  "tenant" text
);
CREATE INDEX "session_userId_idx" ON "session" ("userId");
CREATE TABLE "account" (
  "id" text NOT NULL PRIMARY KEY,
  "accountId" text NOT NULL,
  "providerId" text NOT NULL,
  "userId" text NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" date,
  "refreshTokenExpiresAt" date,
  "scope" text,
  "password" text,
  "createdAt" date NOT NULL,
  "updatedAt" date NOT NULL
);
CREATE INDEX "account_userId_idx" ON "account" ("userId");
CREATE TABLE "verification" (
  "id" text NOT NULL PRIMARY KEY,
  "identifier" text NOT NULL,
  "value" text NOT NULL,
  "expiresAt" date NOT NULL,
  "createdAt" date NOT NULL,
  "updatedAt" date NOT NULL
);
CREATE INDEX "verification_identifier_idx" ON "verification" ("identifier");

-- Ours. Times are milliseconds since 1970.
CREATE TABLE tenants (
  id text NOT NULL PRIMARY KEY,
  name text NOT NULL,
  created_at integer NOT NULL,
  suspended_at integer,
  -- JSON: the accounts that the suspension stopped, to be started again by resuming.
  stopped text NOT NULL DEFAULT '[]'
);
CREATE TABLE members (
  tenant text NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  person text NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
  created_at integer NOT NULL,
  PRIMARY KEY (tenant, person)
);
CREATE INDEX members_person ON members (person);
-- The link's secret is not kept, only its SHA-256.
CREATE TABLE invitations (
  id text NOT NULL PRIMARY KEY,
  tenant text NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
  hash text NOT NULL UNIQUE,
  -- Who invites, as in the audit log; the invitation ends with that person's right to make it.
  inviter text,
  created_at integer NOT NULL,
  expires_at integer NOT NULL,
  accepted_at integer
);
CREATE INDEX invitations_tenant ON invitations (tenant);
CREATE TABLE keys (
  id text NOT NULL PRIMARY KEY,
  tenant text NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  name text NOT NULL,
  -- How it begins, for people to find it.
  prefix text NOT NULL,
  hash text NOT NULL UNIQUE,
  -- The person whose authority it has; none: the operator's.
  maker text REFERENCES "user" ("id") ON DELETE CASCADE,
  scopes text NOT NULL,
  created_at integer NOT NULL,
  expires_at integer,
  last_used_at integer,
  revoked_at integer
);
CREATE INDEX keys_tenant ON keys (tenant);
-- How often something was tried, for all nodes together. What is named is hashed.
CREATE TABLE tries (
  name text NOT NULL PRIMARY KEY,
  count integer NOT NULL,
  until integer NOT NULL
);
CREATE INDEX tries_until ON tries (until);
CREATE TABLE facts (name text NOT NULL PRIMARY KEY, value text NOT NULL);
INSERT INTO tenants (id, name, created_at) VALUES ('default', 'Default', 0);
