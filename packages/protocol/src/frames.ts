/** The three frames. Text, one JSON object a message; the gateway speaks first. */
import { type Static, Type } from "@switchboard/domain/schema";
import { Closed, Count, Open, Text } from "./schema.ts";

/** Client to gateway. Unknown keys are ignored. */
export const RequestFrame = Open({
  type: Type.Literal("req"),
  /** The client's own; comes back with the answer. */
  id: Text,
  method: Text,
  params: Type.Optional(Type.Unknown()),
  traceparent: Type.Optional(Type.String({ maxLength: 128 })),
});
export type RequestFrame = Static<typeof RequestFrame>;

export const ErrorShape = Closed({
  /** One of GATEWAY_ERRORS; clients must expect others. */
  code: Text,
  message: Text,
  /** `details.code` says more exactly what it is. */
  details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  retryable: Type.Optional(Type.Boolean()),
  retryAfterMs: Type.Optional(Count),
});
export type ErrorShape = Static<typeof ErrorShape>;

/** Gateway to client: the answer to one request. `agent` answers twice under one id. */
export const ResponseFrame = Closed({
  type: Type.Literal("res"),
  id: Text,
  ok: Type.Boolean(),
  payload: Type.Optional(Type.Unknown()),
  error: Type.Optional(ErrorShape),
});
export type ResponseFrame = Static<typeof ResponseFrame>;

/** Grow with every change of what they count; tell whether a snapshot is older than an event. */
export const StateVersion = Closed({ presence: Count, health: Count });
export type StateVersion = Static<typeof StateVersion>;

/**
 * Gateway to client. `seq` counts what was meant for this connection, dropped events included: a gap means that
 * something was missed. Nothing is sent again. Absent on what goes to one client only.
 */
export const EventFrame = Closed({
  type: Type.Literal("event"),
  event: Text,
  payload: Type.Optional(Type.Unknown()),
  seq: Type.Optional(Count),
  stateVersion: Type.Optional(StateVersion),
});
export type EventFrame = Static<typeof EventFrame>;
