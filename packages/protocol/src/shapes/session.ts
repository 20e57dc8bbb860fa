/** A session's row in lists. */
import { type Static, Type } from "@switchboard/domain/schema";
import { Closed, Count, Id, Text, Time } from "../schema.ts";

/** `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]` */
export const SessionKey = Id;

/** Open: later fields may come. */
export const SessionRow = Type.Object({
  key: Text,
  sessionId: Type.Optional(Type.String()),
  kind: Type.Enum(["direct", "group", "global", "unknown"]),
  chatType: Type.Optional(Type.Enum(["direct", "group", "channel"])),
  displayName: Type.Optional(Type.String()),
  /** What an operator calls it. */
  label: Type.Optional(Type.String()),
  lastMessagePreview: Type.Optional(Type.String()),
  channel: Type.Optional(Type.String()),
  accountId: Type.Optional(Text),
  agentId: Type.Optional(Text),
  updatedAt: Type.Union([Time, Type.Null()]),
  lastActivityAt: Type.Optional(Time),
  createdAt: Type.Optional(Time),
  hasActiveRun: Type.Optional(Type.Boolean()),
  activeRunIds: Type.Optional(Type.Array(Text)),
  /** What is in force; the levels only where somebody chose them. */
  model: Type.Optional(Type.String()),
  modelProvider: Type.Optional(Type.String()),
  thinkingLevel: Type.Optional(Type.String()),
  verbosity: Type.Optional(Type.String()),
  reasoningLevel: Type.Optional(Type.String()),
  /** Entries of the transcript. */
  entries: Type.Optional(Count),
});
export type SessionRow = Static<typeof SessionRow>;

/** What was chosen for a session. */
export const SessionEntry = Type.Object({
  sessionId: Text,
  updatedAt: Time,
  label: Type.Optional(Type.String()),
  model: Type.Optional(Type.String()),
  thinkingLevel: Type.Optional(Type.String()),
  verbosity: Type.Optional(Type.String()),
  reasoningLevel: Type.Optional(Type.String()),
});
export type SessionEntry = Static<typeof SessionEntry>;

export const TranscriptEntry = Closed({
  seq: Count,
  sessionId: Text,
  turn: Type.Optional(Text),
  role: Type.Enum(["user", "assistant", "note", "notice"]),
  /** Markdown. */
  text: Type.String(),
  at: Time,
  sender: Type.Optional(Type.String()),
  attachments: Type.Optional(Type.Array(Type.Unknown())),
  thinking: Type.Optional(Type.String()),
  partial: Type.Optional(Type.Boolean()),
  extra: Type.Optional(Type.Unknown()),
});
export type TranscriptEntry = Static<typeof TranscriptEntry>;
