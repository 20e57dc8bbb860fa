/** Who did what in the tenant. */
import { Type } from "@switchboard/domain/schema";
import { ownUpkeepMethods } from "../methods/own-upkeep.ts";
import { Closed, Id } from "../schema.ts";
import { route } from "./route.ts";
import { PageOf, pageQuery } from "./shapes.ts";

export const auditRoutes = {
  "audit.list": route({
    method: "GET",
    path: "/audit",
    summary: "The tenant's audit log, the newest first.",
    scope: "audit:read",
    query: Closed({ ...pageQuery, action: Type.Optional(Id) }),
    answer: PageOf(ownUpkeepMethods["auditLog.list"].result.properties.entries.items),
  }),
};
