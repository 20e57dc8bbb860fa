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
  /** W3C trace context, for whoever follows a request through several programs. */
  traceparent: Type.Optional(Type.String({ maxLength: 128 })),
});
export type RequestFrame = Static<typeof RequestFrame>;

/** What went wrong, and whether trying again helps. */
export const ErrorShape = Closed({
  /** One of GATEWAY_ERRORS; clients must expect others. */
  code: Text,
  /** For people; may change. */
  message: Text,
  /** `details.code` says more exactly what it is. */
  details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  /** The same request may succeed later. */
  retryable: Type.Optional(Type.Boolean()),
  /** No sooner than this. */
  retryAfterMs: Type.Optional(Count),
});
export type ErrorShape = Static<typeof ErrorShape>;

/** Gateway to client: the answer to one request. `agent` answers twice under one id. */
export const ResponseFrame = Closed({
  type: Type.Literal("res"),
  /** The request's. */
  id: Text,
  ok: Type.Boolean(),
  /** The method's result, when `ok`. */
  payload: Type.Optional(Type.Unknown()),
  /** Why not, when not `ok`. */
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
  /** From 1, one more for each event. */
  seq: Type.Optional(Count),
  /** With `presence` and `health`. */
  stateVersion: Type.Optional(StateVersion),
});
export type EventFrame = Static<typeof EventFrame>;
