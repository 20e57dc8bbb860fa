/** What was used: sums, every run, and counters by day. */
import { usageMethods } from "../methods/usage.ts";
import { Closed, pageFields } from "../schema.ts";
import { usageBy, usageSpan } from "../shapes/usage.ts";
import { route } from "./route.ts";

/** Adding up what many runs used is work for the store that all tenants share. */
const read = { method: "GET", scope: "usage:read", limited: "reports" } as const;

export const usageRoutes = {
  "usage.report": route({
    ...read,
    path: "/usage",
    summary: "What was used, added up by day, account, agent, session or model.",
    query: Closed({ ...usageSpan, ...usageBy }),
    answer: usageMethods["usage.report"].result,
  }),
  "usage.records": route({
    ...read,
    path: "/usage/records",
    summary: "Every run that ended, the oldest first.",
    query: Closed({ ...usageSpan, ...pageFields }),
    answer: usageMethods["usage.records"].result,
  }),
  "usage.days": route({
    ...read,
    path: "/usage/days",
    summary: "Messages, files, runs and tokens, counted day by day.",
    query: Closed(usageSpan),
    answer: usageMethods["usage.days"].result,
  }),
};
