/** The part of the configuration about running agents. */
import { Type } from "@switchboard/domain/schema";
import { Milliseconds, strict } from "./section.ts";

export const TurnsConfig = Type.Object(
  {
    concurrency: Type.Integer({
      minimum: 1,
      default: 64,
      description: "How many turns a process runs at a time. Where there are several tenants, one has at most half.",
    }),
    maxAttempts: Type.Integer({ minimum: 1, default: 3 }),
    leaseMs: Milliseconds(300_000, "A process that stopped answering loses its work after this long."),
    drainMs: Milliseconds(10_000, "How long running turns may go on after a stop was asked for."),
  },
  { ...strict, default: {} },
);
