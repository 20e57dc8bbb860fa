/** An error of the one table, as rows and results carry it. */
import { type Static, Type } from "@switchboard/domain/schema";
import { Closed, Count, Text } from "../schema.ts";

export const ErrorRecord = Closed({
  code: Text,
  message: Type.String(),
  retryable: Type.Boolean(),
  delivered: Type.Optional(Type.Enum(["no", "unknown"])),
  scope: Type.Optional(Type.Enum(["message", "conversation", "account"])),
  retryAfterMs: Type.Optional(Count),
  details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type ErrorRecord = Static<typeof ErrorRecord>;
