/** The part of the configuration about the database, where it is not a file in the state directory. */
import { Type } from "@switchboard/domain/schema";
import { strict } from "./section.ts";

export const DatabaseConfig = Type.Object(
  {
    url: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'A PostgreSQL database, e.g. { "env": "DATABASE_URL" }; without it one in the state directory is used. The variable DATABASE_URL goes before it.',
      }),
    ),
    ownerUrl: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          "As whom its tables are made and changed, when the one above may not. The variable DATABASE_OWNER_URL goes before it.",
      }),
    ),
    connections: Type.Integer({
      minimum: 1,
      default: 8,
      description:
        "How many connections one node does its work with. At most seven more listen, take the lead and look after sign-ins: count them in for `max_connections`.",
    }),
  },
  { ...strict, default: {} },
);
