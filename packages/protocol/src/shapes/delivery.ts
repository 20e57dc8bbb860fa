/** Outbound messages, their attempts, and what waits for a person. */
import { type Static, Type } from "@switchboard/domain/schema";
import { Closed, Count, Text, Time } from "../schema.ts";
import { ErrorRecord } from "./error-record.ts";

export const DeliveryState = Type.Enum([
  "scheduled",
  "queued",
  "sending",
  "unknown",
  "sent",
  "delivered",
  "read",
  "dead",
  "expired",
  "cancelled",
  "superseded",
]);
export type DeliveryState = Static<typeof DeliveryState>;

export const DeliveryKind = Type.Enum(["answer", "notice", "direct", "draft"]);
export const DeliveryPriority = Type.Enum(["critical", "high", "normal", "low"]);

const deliveryFields = {
  id: Text,
  channel: Text,
  accountId: Text,
  state: DeliveryState,
  kind: DeliveryKind,
  priority: DeliveryPriority,
  /** The conversation it goes to, and what it says in short. */
  conversation: Text,
  thread: Type.Optional(Text),
  preview: Type.String(),
  session: Type.Optional(Text),
  turn: Type.Optional(Text),
  /** Attempts that failed for good reason. */
  attempts: Count,
  createdAt: Time,
  dueAt: Type.Optional(Time),
  expiresAt: Time,
  sentAt: Type.Optional(Time),
  deliveredAt: Type.Optional(Time),
  readAt: Type.Optional(Time),
  messageIds: Type.Array(Type.String()),
  /** It was sent again after an attempt whose fate nobody knew, with a visible note. */
  markedDuplicate: Type.Optional(Type.Boolean()),
  error: Type.Optional(ErrorRecord),
};

export const DeliveryRow = Closed(deliveryFields);
export type DeliveryRow = Static<typeof DeliveryRow>;

export const AttemptRow = Closed({
  /** 1-based. */
  number: Type.Integer({ minimum: 1 }),
  state: Type.Enum(["sending", "sent", "failed", "unknown"]),
  startedAt: Time,
  finishedAt: Type.Optional(Time),
  messageIds: Type.Optional(Type.Array(Type.String())),
  error: Type.Optional(ErrorRecord),
});
export type AttemptRow = Static<typeof AttemptRow>;

/** `payload` is the channel's own form of the message, as it was stored. */
export const DeliveryDetail = Closed({
  ...deliveryFields,
  payload: Type.Unknown(),
  tries: Type.Array(AttemptRow),
});
export type DeliveryDetail = Static<typeof DeliveryDetail>;

/** What could not be done: take in an event, run a turn, send a delivery. */
export const DeadLetterKind = Type.Enum(["inbox", "turn", "delivery"]);
export const DeadLetterResolution = Type.Enum(["replayed", "discarded"]);

const deadLetterFields = {
  id: Text,
  kind: DeadLetterKind,
  /** The id of the inbox event, turn or delivery. */
  subject: Text,
  channel: Text,
  accountId: Text,
  error: ErrorRecord,
  createdAt: Time,
  preview: Type.Optional(Type.String()),
  resolution: Type.Optional(DeadLetterResolution),
  resolvedAt: Type.Optional(Time),
};

export const DeadLetterRow = Closed(deadLetterFields);
export type DeadLetterRow = Static<typeof DeadLetterRow>;

/** `payload`: what could not be processed or sent, whole. */
export const DeadLetterDetail = Closed({ ...deadLetterFields, payload: Type.Optional(Type.Unknown()) });
export type DeadLetterDetail = Static<typeof DeadLetterDetail>;
