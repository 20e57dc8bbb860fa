import { Type } from "@switchboard/domain/schema";
import { Count, Text, Time } from "../schema.ts";

/** What became of a message for an agent. */
export const runState = {
  runId: Text,
  /** `ok`: it has ended. `timeout` with `summary: "aborted"`: it was stopped. */
  status: Type.Enum(["started", "in_flight", "ok", "timeout"]),
  messageSeq: Type.Optional(Count),
  interruptedActiveRun: Type.Optional(Type.Boolean()),
  summary: Type.Optional(Type.String()),
  stopReason: Type.Optional(Type.String()),
  endedAt: Type.Optional(Time),
};
