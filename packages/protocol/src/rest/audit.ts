/** Who did what in the tenant. */
import { Type } from "@switchboard/domain/schema";
import { auditLogMethods, exportFields, verifyFields } from "../methods/audit-log.ts";
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
    answer: PageOf(auditLogMethods["auditLog.list"].result.properties.entries.items),
  }),
  "audit.export": route({
    method: "GET",
    path: "/audit/export",
    summary:
      "The rows of the audit log as they are chained, the oldest first. Go on with `after` until there is no `next`.",
    scope: "audit:read",
    query: Closed(exportFields),
    answer: auditLogMethods["auditLog.export"].result,
  }),
  "audit.verify": route({
    method: "GET",
    path: "/audit/verify",
    summary: "Whether every row of the audit log is what was written.",
    scope: "audit:read",
    query: Closed(verifyFields),
    answer: auditLogMethods["auditLog.verify"].result,
  }),
};
