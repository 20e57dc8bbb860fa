/** What a caller of the REST API may hold. `read` sees, `write` changes, `run` answers as an agent. */
export const API_SCOPES = [
  "channels:read",
  "channels:write",
  "messages:read",
  "messages:write",
  "sessions:read",
  "sessions:write",
  "agents:run",
  "devices:read",
  "devices:write",
  "usage:read",
  "audit:read",
  "members:read",
  "members:write",
  "keys:read",
  "keys:write",
  "tenant:write",
] as const;
export type ApiScope = (typeof API_SCOPES)[number];
