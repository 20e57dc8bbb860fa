/** Ours: deliveries, dead letters, transcripts and traces, as CLI and console show them. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, cursorField, Id, Open, pageFields, Text } from "../schema.ts";
import {
  DeadLetterDetail,
  DeadLetterKind,
  DeadLetterRow,
  DeliveryDetail,
  DeliveryRow,
  DeliveryState,
} from "../shapes/delivery.ts";
import { SessionKey, SessionRow, TranscriptEntry } from "../shapes/session.ts";
import { TraceStep } from "../shapes/trace.ts";
import { method, OWN } from "./method.ts";

const read = { scope: "operator.read", role: "operator", since: OWN } as const;
const write = { scope: "operator.write", role: "operator", since: OWN } as const;

/** One message by any of its ids, one session, or everything. */
const TraceTopic = Open({ id: Type.Optional(Id), session: Type.Optional(SessionKey) });

export const ownMessageMethods = {
  /** Newest first. */
  "deliveries.list": method({
    params: Open({
      ...pageFields,
      channel: Type.Optional(Id),
      accountId: Type.Optional(Id),
      states: Type.Optional(Type.Array(DeliveryState, { maxItems: 16 })),
      session: Type.Optional(SessionKey),
      turn: Type.Optional(Id),
    }),
    result: Closed({ deliveries: Type.Array(DeliveryRow), ...cursorField }),
    ...read,
  }),
  /** One delivery with its payload and every attempt. */
  "deliveries.get": method({
    params: Open({ id: Id }),
    result: Closed({ delivery: DeliveryDetail }),
    ...read,
  }),

  /** Newest first; unresolved ones unless `resolved`. */
  "deadLetters.list": method({
    params: Open({
      ...pageFields,
      kind: Type.Optional(DeadLetterKind),
      resolved: Type.Optional(Type.Boolean()),
    }),
    result: Closed({ deadLetters: Type.Array(DeadLetterRow), ...cursorField }),
    ...read,
  }),
  /** One dead letter with what could not be processed or sent. */
  "deadLetters.get": method({
    params: Open({ id: Id }),
    result: Closed({ deadLetter: DeadLetterDetail }),
    ...read,
  }),
  /** Puts it back to work with its attempts at zero. False when it was resolved already. */
  "deadLetters.replay": method({
    params: Open({ id: Id }),
    result: Closed({ id: Text, replayed: Type.Boolean() }),
    ...write,
  }),
  /** Resolves it without doing anything. False when it was resolved already. */
  "deadLetters.discard": method({
    params: Open({ id: Id }),
    result: Closed({ id: Text, discarded: Type.Boolean() }),
    ...write,
  }),

  /** A session with its newest transcript entries, oldest first. `before`: only entries with a smaller `seq`. */
  "sessions.transcript": method({
    params: Open({
      key: SessionKey,
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: "Default 50." })),
      before: Type.Optional(Count),
    }),
    result: Closed({
      session: SessionRow,
      entries: Type.Array(TranscriptEntry),
      preferences: Type.Record(Type.String(), Type.String()),
      hasMore: Type.Boolean(),
    }),
    ...read,
    orScope: "operator.sessions.read",
  }),

  /** Where a message is and why: by the id of its inbox event, turn or delivery. Oldest step first. */
  "trace.get": method({
    params: Open({ id: Id }),
    result: Closed({
      id: Text,
      /** One line: where it is now. */
      summary: Type.String(),
      /** What came in, or else what goes out, in short. */
      preview: Type.Optional(Type.String()),
      events: Type.Array(Text),
      turn: Type.Optional(Text),
      deliveries: Type.Array(Text),
      steps: Type.Array(TraceStep),
    }),
    ...read,
  }),
  /** From now on `trace` events come: for one message, one session, or, with neither, for everything. */
  "trace.subscribe": method({ params: TraceTopic, result: Closed({ subscribed: Type.Literal(true) }), ...read }),
  /** Ends what `trace.subscribe` with the same parameters began. */
  "trace.unsubscribe": method({ params: TraceTopic, result: Closed({ subscribed: Type.Literal(false) }), ...read }),
};
