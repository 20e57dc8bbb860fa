/** Ours: tenants and their people, for whoever runs the gateway. Not advertised: clients of a tenant have no use for it. */
import { Type } from "@switchboard/domain/schema";
import { API_SCOPES } from "../api-scopes.ts";
import { Closed, Count, Id, Open, Text, Time } from "../schema.ts";
import { method, OWN } from "./method.ts";

const base = { scope: "operator.admin", role: "operator", since: OWN, hidden: true } as const;
const Tenant = Closed({
  id: Id,
  name: Text,
  createdAt: Time,
  suspendedAt: Type.Optional(Time),
  members: Count,
});
const Name = Type.String({ minLength: 1, maxLength: 80 });
const Email = Type.String({ minLength: 3, maxLength: 254, pattern: "^[^@\\s]+@[^@\\s]+$" });

export const tenantMethods = {
  "tenants.list": method({ ...base, params: Open({}), result: Closed({ tenants: Type.Array(Tenant) }) }),
  /** With an owner the answer holds the link that lets this person in, once. */
  "tenants.create": method({
    ...base,
    params: Open({ name: Name, owner: Type.Optional(Email) }),
    result: Closed({ id: Id, name: Text, link: Type.Optional(Text) }),
    controlPlane: true,
  }),
  /** Its people and keys are refused, its accounts are stopped. */
  "tenants.suspend": method({
    ...base,
    params: Open({ id: Id }),
    result: Closed({ id: Id, stopped: Count }),
    controlPlane: true,
  }),
  /** Starts the accounts again that the suspension stopped. */
  "tenants.resume": method({
    ...base,
    params: Open({ id: Id }),
    result: Closed({ id: Id, started: Count }),
    controlPlane: true,
  }),
  /**
   * Disconnects its accounts, wipes its sessions and the keys of its secrets, then forgets its members and API keys. What
   * people wrote, deliveries, usage and the audit log stay until retention ends.
   */
  "tenants.remove": method({
    ...base,
    params: Open({ id: Id }),
    result: Closed({ id: Id, accounts: Count, sessions: Count }),
    controlPlane: true,
  }),
  /**
   * A key for a program that acts for this tenant, made by whoever runs the gateway: nobody has to sign in for it. Without
   * scopes it has all but those about members, keys and the tenant. Its secret is in this answer only.
   */
  "tenants.createKey": method({
    ...base,
    params: Open({
      id: Id,
      name: Name,
      scopes: Type.Optional(Type.Array(Type.Enum([...API_SCOPES]), { minItems: 1 })),
      expiresAt: Type.Optional(Time),
    }),
    result: Closed({
      id: Id,
      tenant: Id,
      name: Text,
      scopes: Type.Array(Text),
      expiresAt: Type.Optional(Time),
      secret: Text,
    }),
    controlPlane: true,
  }),
  /** A link that lets somebody choose a new password, once; it holds for an hour. */
  "people.resetLink": method({
    ...base,
    params: Open({ email: Email }),
    result: Closed({ link: Text }),
    controlPlane: true,
  }),
};
