/** Keys of programs. */
import { Type } from "@switchboard/domain/schema";
import { API_SCOPES } from "../api-scopes.ts";
import { Closed, Id, Text, Time } from "../schema.ts";
import { route } from "./route.ts";

const Scope = Type.Enum([...API_SCOPES]);
const Key = Closed({
  id: Id,
  name: Text,
  /** How the key begins. */
  prefix: Text,
  scopes: Type.Array(Scope),
  /** Id of the person who made it; absent: the operator. */
  madeBy: Type.Optional(Id),
  createdAt: Time,
  expiresAt: Type.Optional(Time),
  lastUsedAt: Type.Optional(Time),
});

export const keyRoutes = {
  "keys.list": route({
    method: "GET",
    path: "/keys",
    summary: "The keys of your tenant, without what makes them keys.",
    scope: "keys:read",
    answer: Closed({ keys: Type.Array(Key) }),
    errors: ["REQ_002"],
  }),
  "keys.create": route({
    method: "POST",
    path: "/keys",
    summary:
      "Makes a key with some of your scopes; without any named, with all but those about members, keys and the tenant. It is shown this once, and loses what you lose.",
    scope: "keys:write",
    body: Closed({
      name: Type.String({ minLength: 1, maxLength: 80 }),
      scopes: Type.Optional(Type.Array(Scope, { minItems: 1 })),
      expiresAt: Type.Optional(Time),
    }),
    status: 201,
    answer: Closed({ key: Key, secret: Text }),
    errors: ["REQ_002"],
  }),
  "keys.revoke": route({
    method: "DELETE",
    path: "/keys/{id}",
    summary: "Revokes a key. The next request with it is refused.",
    scope: "keys:write",
    params: Closed({ id: Id }),
    answer: Closed({ ok: Type.Literal(true) }),
    errors: ["REQ_002"],
  }),
};
