/** Tenants, for the back end of whoever runs the gateway: its operator, or a key of the default tenant. */
import { Type } from "@switchboard/domain/schema";
import { API_SCOPES } from "../api-scopes.ts";
import { Closed, Count, Id, Text, Time } from "../schema.ts";
import { route } from "./route.ts";

const Name = Type.String({ minLength: 1, maxLength: 80 });
const Email = Type.String({ minLength: 3, maxLength: 254, pattern: "^[^@\\s]+@[^@\\s]+$" });
const Scope = Type.Enum([...API_SCOPES]);
const ById = Closed({ id: Id });

export const tenantRoutes = {
  "tenants.list": route({
    method: "GET",
    path: "/tenants",
    summary: "Every tenant, the oldest first. For whoever runs the gateway, as are all routes of tenants.",
    scope: "tenant:write",
    answer: Closed({
      tenants: Type.Array(
        Closed({ id: Id, name: Text, createdAt: Time, suspendedAt: Type.Optional(Time), members: Count }),
      ),
    }),
    errors: ["REQ_002"],
  }),
  "tenants.create": route({
    method: "POST",
    path: "/tenants",
    summary: "Makes a tenant. With an owner's address the answer holds the link that lets this person in, once.",
    scope: "tenant:write",
    body: Closed({ name: Name, owner: Type.Optional(Email) }),
    status: 201,
    answer: Closed({ id: Id, name: Text, link: Type.Optional(Text) }),
    errors: ["REQ_002"],
  }),
  "tenants.createKey": route({
    method: "POST",
    path: "/tenants/{id}/keys",
    summary:
      "Makes a key that acts for a tenant, without anybody signing in. Without scopes it has all but those about members, keys and the tenant. It is shown this once.",
    scope: "tenant:write",
    params: ById,
    body: Closed({
      name: Name,
      scopes: Type.Optional(Type.Array(Scope, { minItems: 1 })),
      expiresAt: Type.Optional(Time),
    }),
    status: 201,
    answer: Closed({
      id: Id,
      tenant: Id,
      name: Text,
      scopes: Type.Array(Scope),
      expiresAt: Type.Optional(Time),
      secret: Text,
    }),
    errors: ["REQ_002"],
  }),
  "tenants.suspend": route({
    method: "POST",
    path: "/tenants/{id}/suspend",
    summary: "Stops a tenant's accounts and refuses its people and keys, until it is resumed.",
    scope: "tenant:write",
    params: ById,
    answer: Closed({ id: Id, stopped: Count }),
    errors: ["REQ_002", "REQ_004"],
  }),
  "tenants.resume": route({
    method: "POST",
    path: "/tenants/{id}/resume",
    summary: "Starts the accounts again that the suspension stopped.",
    scope: "tenant:write",
    params: ById,
    answer: Closed({ id: Id, started: Count }),
    errors: ["REQ_002"],
  }),
  "tenants.remove": route({
    method: "DELETE",
    path: "/tenants/{id}",
    summary:
      "Disconnects a tenant's accounts, wipes its sessions and the keys of its secrets, and forgets its members and API keys. Messages, usage and the audit log stay until retention ends.",
    scope: "tenant:write",
    params: ById,
    answer: Closed({ id: Id, accounts: Count, sessions: Count }),
    errors: ["REQ_002", "REQ_004"],
  }),
};
