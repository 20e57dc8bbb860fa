/** The part of the configuration about how long things are kept. */
import { Type } from "@switchboard/domain/schema";
import { strict } from "./section.ts";

export const RetentionConfig = Type.Object(
  {
    messagesDays: Type.Integer({ minimum: 1, default: 14, description: "Settled updates, turns and deliveries." }),
    transcriptsDays: Type.Integer({
      minimum: 1,
      default: 365,
      description: "What was said, with its files; then a session with its preferences, when nothing of it is left.",
    }),
    auditDays: Type.Integer({ minimum: 1, default: 365 }),
    usageDays: Type.Integer({ minimum: 62, default: 800, description: "Records and counters of what was used." }),
  },
  { ...strict, default: {} },
);
