import { Type } from "@switchboard/domain/schema";
import { Count, Text, Time } from "../schema.ts";

/** What became of a message for an agent. */
export const runState = {
  runId: Text,
  /** `ok`: it has ended. `timeout` with `summary: "aborted"`: it was stopped. */
  status: Type.Enum(["started", "in_flight", "ok", "timeout"]),
  /** The message's `__openclaw.seq`: known when its run has ended, so only a repetition is told. */
  messageSeq: Type.Optional(Count),
  /** An answer that was being written was stopped for it. */
  interruptedActiveRun: Type.Optional(Type.Boolean()),
  summary: Type.Optional(Type.String()),
  stopReason: Type.Optional(Type.String()),
  endedAt: Type.Optional(Time),
};
