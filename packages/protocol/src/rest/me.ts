/** Who asks, as the gateway sees it. */
import { Type } from "@switchboard/domain/schema";
import { API_SCOPES } from "../api-scopes.ts";
import { Closed, Text } from "../schema.ts";
import { route } from "./route.ts";

export const meRoutes = {
  "me.get": route({
    method: "GET",
    path: "/me",
    summary: "Who you are, for which tenant you act, and what you may do.",
    scope: null,
    answer: Closed({
      kind: Type.Enum(["person", "key", "operator"]),
      id: Text,
      tenant: Text,
      role: Type.Enum(["owner", "admin", "member", "viewer"]),
      scopes: Type.Array(Type.Enum([...API_SCOPES])),
    }),
  }),
};
