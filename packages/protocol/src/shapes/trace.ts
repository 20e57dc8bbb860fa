/** The steps of a message. */
import { type Static, Type } from "@switchboard/domain/schema";
import { Closed, Text, Time } from "../schema.ts";

export const TraceStep = Closed({
  at: Time,
  /** A state or a verb in the past, e.g. `received`, `queued`, `sending`, `waiting-for-rate-limit`. */
  step: Text,
  /** The id of the inbox event, turn or delivery it happened to. */
  subject: Text,
  detail: Type.Optional(Type.Unknown()),
});
export type TraceStep = Static<typeof TraceStep>;

/** A step as it happens, with everything it belongs to. */
export const LiveStep = Closed({
  at: Time,
  step: Text,
  subject: Text,
  event: Type.Optional(Text),
  turn: Type.Optional(Text),
  delivery: Type.Optional(Text),
  session: Type.Optional(Text),
  channel: Type.Optional(Text),
  accountId: Type.Optional(Text),
  detail: Type.Optional(Type.Unknown()),
});
export type LiveStep = Static<typeof LiveStep>;
